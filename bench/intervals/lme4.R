# The intervals of lme4, lmerTest and pbkrtest on the data sets that the coverage program has written, and a comparison with ours:
#   Rscript lme4.R FOLDER CASE FIRST LAST
# Prints for each parameter and kind: coverage of R's and of our intervals on these data sets, and the largest difference of the limits in units of the interval's width.
suppressMessages({ library(lme4); library(lmerTest); library(pbkrtest) })
a <- commandArgs(TRUE); folder <- a[1]; case <- a[2]; first <- as.integer(a[3]); last <- as.integer(a[4])
formulas <- list(a = y ~ x + (1 | g), b = y ~ x + (x | g), c = y ~ x + (1 | g), d = y ~ x + (1 | g) + (1 | h))
truth <- list(
  a = c("(Intercept)" = 1, x = .5, "sd_(Intercept)|g" = .8, sigma = 1),
  b = c("(Intercept)" = 1, x = .5, "sd_(Intercept)|g" = .8, "cor_x.(Intercept)|g" = -.3, "sd_x|g" = .5, sigma = 1),
  c = c("(Intercept)" = -.3, x = .6, "sd_(Intercept)|g" = .8),
  d = c("(Intercept)" = 1, x = .5, "sd_(Intercept)|g" = .6, "sd_(Intercept)|h" = .4, sigma = 1))[[case]]
wide <- read.csv(file.path(folder, paste0("data-", case, ".csv")))
result <- NULL
add <- function(i, kind, m) result <<- rbind(result, data.frame(dataset = i, parameter = rownames(m), kind = kind, lower = m[, 1], upper = m[, 2]))
interval <- function(b, se, q) { m <- cbind(b - q * se, b + q * se); rownames(m) <- names(b); m }
for (i in first:last) {
  d <- data.frame(wide[intersect(names(wide), c("g", "h", "x"))], y = wide[[paste0("y", i)]])
  fit <- suppressMessages(suppressWarnings(if (case == "c") glmer(formulas[[case]], d, binomial) else lmerTest::lmer(formulas[[case]], d)))
  b <- fixef(fit); se <- sqrt(diag(as.matrix(vcov(fit))))
  add(i, "Wald", interval(b, se, qnorm(.975)))
  if (case != "c") {
    add(i, "Satterthwaite", interval(b, se, qt(.975, coef(summary(fit))[, "df"])))
    v <- vcovAdj(fit); kr <- sapply(seq_along(b), function(j) { l <- rep(0, length(b)); l[j] <- 1; Lb_ddf(l, vcov(fit), v) })
    add(i, "Kenward-Roger", interval(b, sqrt(diag(as.matrix(v))), qt(.975, kr)))
  }
  p <- tryCatch(suppressMessages(suppressWarnings(confint(fit, method = "profile", oldNames = FALSE, quiet = TRUE))), error = function(e) NULL)
  if (!is.null(p)) add(i, "profile", p)
}
ours <- read.csv(file.path(folder, paste0("ours-", case, ".csv")))
both <- merge(result, ours, by = c("dataset", "parameter", "kind"), suffixes = c(".r", ".ours"))
for (key in unique(paste(both$parameter, both$kind, sep = " | "))) {
  s <- both[paste(both$parameter, both$kind, sep = " | ") == key, ]
  t <- truth[[s$parameter[1]]]; w <- s$upper.ours - s$lower.ours
  covers <- function(l, u) 100 * mean(l <= t & t <= u, na.rm = TRUE)
  d <- pmax(abs(s$lower.r - s$lower.ours), abs(s$upper.r - s$upper.ours)) / w
  cat(sprintf("%s | %s | R %.1f | ours %.1f | %d data sets | R undefined %d | difference median %.1e, largest %.1e\n", case, key, covers(s$lower.r, s$upper.r),
    covers(s$lower.ours, s$upper.ours), nrow(s), sum(is.na(s$lower.r) | is.na(s$upper.r)), median(d, na.rm = TRUE), max(d, na.rm = TRUE)))
}
