# Log densities of hand-written Stan programs of structured terms at random points, for the tests of the same densities.
# Rscript density.R FILE.json
library(rstan)
library(jsonlite)
set.seed(11)
n <- 60
x <- round(rnorm(n), 3)
points <- 5

level <- c(1:7, sample(1:7, n - 7, TRUE))
y <- rbinom(n, 1, 0.4)
rw1 <- list(N = n, J = 7, y = y, x = x, level = level)

# A grid of 3 x 3, a pair and an island.
from <- c(1, 2, 4, 5, 7, 8, 1, 2, 3, 4, 5, 6, 10)
to <- c(2, 3, 5, 6, 8, 9, 4, 5, 6, 7, 8, 9, 11)
precision <- function(areas) {
  q <- matrix(0, length(areas), length(areas))
  for (e in seq_along(from)) if (from[e] %in% areas) {
    i <- match(from[e], areas); j <- match(to[e], areas)
    q[i, i] <- q[i, i] + 1; q[j, j] <- q[j, j] + 1; q[i, j] <- q[i, j] - 1; q[j, i] <- q[j, i] - 1
  }
  q
}
scale <- sapply(list(1:9, 10:11), function(areas) exp(mean(log(diag(MASS::ginv(precision(areas)))) / 2)))
area <- c(1:12, sample(1:12, n - 12, TRUE))
count <- rpois(n, 2)
bym2 <- list(N = n, J = 12, E = length(from), J1 = 9, J2 = 2, y = count, x = x, area = area, from = from, to = to, scale = scale)

values <- function(file, data, take) {
  fit <- sampling(stan_model(file), data = data, chains = 0)
  lapply(seq_len(points), function(i) {
    upars <- round(rnorm(get_num_upars(fit), 0, 0.6), 4)
    p <- constrain_pars(fit, upars)
    c(list(logDensity = log_prob(fit, upars, adjust_transform = TRUE)), p[take])
  })
}
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
out <- list(
  rw1 = list(data = rw1[c("y", "x", "level")], points = values(file.path(here, "rw1.stan"), rw1, c("a", "b", "u", "sigma"))),
  bym2 = list(data = c(list(y = count, x = x, area = area), list(from = from, to = to)), points = values(file.path(here, "bym2.stan"), bym2, c("a", "b", "r", "spatial", "sigma", "mixing"))))
write_json(out, commandArgs(TRUE)[1], auto_unbox = TRUE, digits = 17)
