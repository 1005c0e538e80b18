# The peers of the comparison: Rscript compare.R ENGINE FILE [CHAINS [ITERATIONS]]; ENGINE is rstan (mrp.stan beside this script), rstanarm, brms or radon-rstanarm.
# Prints CPU seconds of the sampling call (compilation apart), effective sample sizes over all coefficients, effects and standard deviations, and their ratio.
args <- commandArgs(TRUE)
engine <- args[1]; file <- args[2]
chains <- if (length(args) > 2) as.integer(args[3]) else 4L
iterations <- if (length(args) > 3) as.integer(args[4]) else 2000L
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
options(mc.cores = 1)
data <- read.csv(file, stringsAsFactors = TRUE)
cpu <- function() sum(proc.time()[c(1, 2, 4, 5)], na.rm = TRUE)
report <- function(draws, seconds, compile = NA, leapfrogs = NA, divergent = NA) {
  s <- posterior::summarise_draws(draws, "ess_bulk", "rhat")
  s <- s[is.finite(s$ess_bulk), ]
  ess <- as.numeric(s$ess_bulk)
  rhat <- as.numeric(s$rhat)
  cat(sprintf("%s\t%.2f CPU s (compilation %.1f)\tESS min %.0f (%s) median %.0f\tper CPU s min %.3f median %.3f\tleapfrogs %s\tdivergent %s\tR-hat %.4f\n",
    engine, seconds, compile, min(ess), s$variable[which.min(ess)], median(ess), min(ess) / seconds, median(ess) / seconds,
    format(leapfrogs), format(divergent), max(rhat, na.rm = TRUE)))
}
statistics <- function(fit) {
  p <- rstan::get_sampler_params(fit, inc_warmup = TRUE)
  list(leapfrogs = sum(sapply(p, function(m) sum(m[, "n_leapfrog__"]))), divergent = sum(sapply(rstan::get_sampler_params(fit, inc_warmup = FALSE), function(m) sum(m[, "divergent__"]))))
}
if (engine != "radon-rstanarm") data$region <- relevel(data$region, "North Central")
formula <- cbind(yes, trials - yes) ~ male + repvote + region + (1 | state) + (1 | eth) + (1 | educ) + (1 | age) + (1 | male:eth) + (1 | educ:age) + (1 | educ:eth)
if (engine == "rstan") {
  x <- model.matrix(~ male + repvote + region, data)[, -1]
  w <- data$trials / sum(data$trials)
  centre <- colSums(w * x)
  spread <- sqrt(colSums(data$trials * sweep(x, 2, centre)^2) / (sum(data$trials) - 1))
  code <- function(...) as.integer(interaction(..., drop = TRUE))
  input <- list(C = nrow(data), yes = data$yes, trials = data$trials, K = ncol(x), x = sweep(x, 2, centre), prior_sd = 1 / spread,
    state = as.integer(data$state), eth = as.integer(data$eth), educ = as.integer(data$educ), age = as.integer(data$age),
    male_eth = code(data$male, data$eth), educ_age = code(data$educ, data$age), educ_eth = code(data$educ, data$eth))
  start <- cpu(); model <- rstan::stan_model(file.path(here, "mrp.stan")); compile <- cpu() - start
  start <- cpu()
  fit <- rstan::sampling(model, input, chains = chains, iter = iterations, seed = 101, refresh = 0, cores = 1, control = list(adapt_delta = 0.95))
  seconds <- cpu() - start
  s <- statistics(fit)
  draws <- posterior::as_draws_array(as.array(fit, pars = c("intercept", "b", "sd_group", paste0("r_", c("state", "eth", "educ", "age", "male_eth", "educ_age", "educ_eth")))))
  report(draws, seconds, compile, s$leapfrogs, s$divergent)
} else if (engine == "rstanarm") {
  start <- cpu()
  fit <- rstanarm::stan_glmer(formula, binomial(), data, prior = rstanarm::normal(0, 1, autoscale = TRUE), prior_intercept = rstanarm::normal(0, 2.5), prior_covariance = rstanarm::decov(scale = 0.5),
    chains = chains, iter = iterations, seed = 101, refresh = 0, cores = 1, adapt_delta = 0.95)
  report(posterior::as_draws_array(as.array(fit)), cpu() - start, 0)
} else if (engine == "brms") {
  start <- cpu()
  fit <- brms::brm(yes | trials(trials) ~ male + repvote + region + (1 | state) + (1 | eth) + (1 | educ) + (1 | age) + (1 | male:eth) + (1 | educ:age) + (1 | educ:eth), data, family = binomial(),
    prior = c(brms::set_prior("normal(0, 2.5)", class = "Intercept"), brms::set_prior("exponential(2)", class = "sd")), chains = 0)
  compile <- cpu() - start; start <- cpu()
  fit <- update(fit, chains = chains, iter = iterations, seed = 101, refresh = 0, cores = 1, control = list(adapt_delta = 0.95), recompile = FALSE)
  report(posterior::as_draws_array(as.array(fit)), cpu() - start, compile)
} else {
  start <- cpu()
  fit <- rstanarm::stan_glmer(log_radon ~ floor + log_uranium + (1 | county), data = data, family = gaussian(), chains = chains, iter = iterations, seed = 101, refresh = 0, cores = 1)
  report(posterior::as_draws_array(as.array(fit)), cpu() - start, 0)
}
