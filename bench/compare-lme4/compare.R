# One model of the comparison by lme4 or glmmTMB: Rscript compare.R ENGINE FOLDER NAME
# prints, tab separated: CPU seconds (user + system) of the first fit, the least of the fits, evaluations, log likelihood, CPU seconds of the process up to the end of the first fit.
arguments <- commandArgs(TRUE); engine <- arguments[1]; folder <- arguments[2]; name <- arguments[3]
suppressMessages(library(if (engine == "lme4") "lme4" else "glmmTMB", character.only = TRUE))
read <- function(file) read.csv(gzfile(file.path(folder, file)), stringsAsFactors = TRUE)
f <- function(d, ...) { for (v in c(...)) d[[v]] <- factor(d[[v]]); d }
mrp <- . ~ male + repvote + region + (1 | state) + (1 | eth) + (1 | educ) + (1 | age) + (1 | male:eth) + (1 | educ:age) + (1 | educ:eth)
lmm <- function(formula, d, reml) if (engine == "lme4") lmer(formula, d, REML = reml, control = lmerControl(calc.derivs = FALSE)) else glmmTMB(formula, d, REML = reml)
glmm <- function(formula, d) if (engine == "lme4") glmer(formula, d, family = binomial) else glmmTMB(formula, d, family = binomial)
region <- function(d) { d$region <- relevel(d$region, "North Central"); d }
case <- switch(name,
  sleepstudy = list(f(read("sleepstudy.csv.gz"), "Subject"), function(d) lmm(Reaction ~ 1 + Days + (1 + Days | Subject), d, TRUE)),
  insteval = list(f(read("insteval.csv.gz"), "s", "d", "dept", "service"), function(d) lmm(y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept:service), d, FALSE)),
  large = list(f(read("lmm_large_1000000.csv.gz"), "g1", "g2"), function(d) lmm(y ~ 1 + x + w + (1 + x | g1) + (1 | g2), d, FALSE)),
  contraception = list(f(read("contraception.csv.gz"), "district"), function(d) glmm(use ~ age + I(age^2) + urban + livch + (1 + urban | district), d)),
  verbagg = { d <- f(read("verbagg.csv.gz"), "id"); d$situ <- factor(d$situ, c("other", "self"))
    list(d, function(d) glmm(r2 ~ Anger + Gender + btype + situ + mode + (1 | id) + (1 | item), d)) },
  "mrp-cells" = list(region(read("mrp_cells_60000.csv.gz")), function(d) glmm(update(mrp, cbind(yes, trials - yes) ~ .), d)),
  "mrp-rows" = list(region(read("mrp_survey_60000.csv.gz")), function(d) glmm(update(mrp, y ~ .), d)),
  bootstrap = { d <- f(read("students_1000.csv.gz"), "class"); m0 <- glmm(pass ~ hours + prior + (1 | class), d)
    list(d, function(d) { suppressMessages(bootMer(m0, function(m) c(fixef(m), sqrt(unlist(VarCorr(m)))), nsim = 999, seed = 1)); m0 }) },
  stop("no such model: ", name))
cpu <- function() { t <- proc.time(); sum(t[c("user.self", "sys.self")]) }
start <- cpu(); m <- case[[2]](case[[1]]); whole <- cpu(); first <- whole - start
least <- first; repeats <- if (first > 10) 0 else if (first > 2) 1 else 4
for (i in seq_len(repeats)) { start <- cpu(); case[[2]](case[[1]]); least <- min(least, cpu() - start) }
evaluations <- if (engine == "lme4") m@optinfo$feval else m$fit$evaluations[["function"]]
if (name == "bootstrap") evaluations <- 999
cat(sprintf("%.3f\t%.3f\t%d\t%.4f\t%.2f\n", first, least, as.integer(evaluations[1]), as.numeric(logLik(m)), whole))
