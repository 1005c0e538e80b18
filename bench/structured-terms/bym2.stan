// A count with mixed spatial effects (Riebler et al. 2016) on a graph of three components, the last of one area, written by hand.
data {
  int<lower=1> N;
  int<lower=2> J;
  int<lower=1> E;
  int<lower=1> J1;                 // areas of the first component, which come first
  int<lower=1> J2;                 // areas of the second component
  int<lower=0> y[N];
  vector[N] x;
  int<lower=1, upper=J> area[N];
  int<lower=1, upper=J> from[E];
  int<lower=1, upper=J> to[E];
  vector<lower=0>[2] scale;        // geometric means of the standard deviations of the two components
}
parameters {
  real a;
  real b;
  vector[J] theta;
  vector[J1 - 1] free1;
  vector[J2 - 1] free2;
  real island;
  real<lower=0> sigma;
  real<lower=0, upper=1> mixing;
}
transformed parameters {
  vector[J] phi;
  vector[J] spatial;
  vector[J] r;
  phi[1:(J1 - 1)] = free1;
  phi[J1] = -sum(free1);
  phi[(J1 + 1):(J1 + J2 - 1)] = free2;
  phi[J1 + J2] = -sum(free2);
  phi[J] = island;
  spatial[1:J1] = phi[1:J1] / scale[1];
  spatial[(J1 + 1):(J1 + J2)] = phi[(J1 + 1):(J1 + J2)] / scale[2];
  spatial[J] = island;
  spatial *= sigma * sqrt(mixing);
  r = sigma * sqrt(1 - mixing) * theta + spatial;
}
model {
  a + b * mean(x) ~ normal(0.3, 1.5);
  b ~ normal(0, 1);
  sigma ~ exponential(1.2);
  mixing ~ beta(1.5, 0.8);
  theta ~ normal(0, 1);
  island ~ normal(0, 1);
  target += -0.5 * dot_self(phi[from] - phi[to]);
  y ~ poisson_log(a + b * x + r[area]);
}
