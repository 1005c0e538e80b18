// A binary outcome with a first-order random walk over ordered levels, written by hand.
data {
  int<lower=1> N;
  int<lower=2> J;
  int<lower=0, upper=1> y[N];
  vector[N] x;
  int<lower=1, upper=J> level[N];
}
parameters {
  real a;
  real b;
  vector[J - 1] free;
  real<lower=0> sigma;
}
transformed parameters {
  vector[J] u;
  u[1:(J - 1)] = free;
  u[J] = -sum(free);
}
model {
  a + b * mean(x) ~ normal(0.3, 1.5);
  b ~ normal(0, 1);
  sigma ~ exponential(1.2);
  u[2:J] - u[1:(J - 1)] ~ normal(0, sigma);
  y ~ bernoulli_logit(a + b * x + u[level]);
}
