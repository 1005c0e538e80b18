// The MRP model of the comparison, as a careful user writes it: binomial cells, QR-free centred predictors, non-centred group effects.
data {
  int<lower=1> C;
  int<lower=0> yes[C];
  int<lower=1> trials[C];
  int<lower=1> K;
  matrix[C, K] x;             // columns less their means over the respondents
  vector<lower=0>[K] prior_sd;
  int<lower=1> state[C];
  int<lower=1> eth[C];
  int<lower=1> educ[C];
  int<lower=1> age[C];
  int<lower=1> male_eth[C];
  int<lower=1> educ_age[C];
  int<lower=1> educ_eth[C];
}
parameters {
  real intercept;
  vector[K] b;
  vector<lower=0>[7] sd_group;
  vector[max(state)] z_state;
  vector[max(eth)] z_eth;
  vector[max(educ)] z_educ;
  vector[max(age)] z_age;
  vector[max(male_eth)] z_male_eth;
  vector[max(educ_age)] z_educ_age;
  vector[max(educ_eth)] z_educ_eth;
}
transformed parameters {
  vector[max(state)] r_state = sd_group[1] * z_state;
  vector[max(eth)] r_eth = sd_group[2] * z_eth;
  vector[max(educ)] r_educ = sd_group[3] * z_educ;
  vector[max(age)] r_age = sd_group[4] * z_age;
  vector[max(male_eth)] r_male_eth = sd_group[5] * z_male_eth;
  vector[max(educ_age)] r_educ_age = sd_group[6] * z_educ_age;
  vector[max(educ_eth)] r_educ_eth = sd_group[7] * z_educ_eth;
}
model {
  vector[C] eta = intercept + x * b + r_state[state] + r_eth[eth] + r_educ[educ] + r_age[age] + r_male_eth[male_eth] + r_educ_age[educ_age] + r_educ_eth[educ_eth];
  intercept ~ normal(0, 2.5);
  b ~ normal(0, prior_sd);
  sd_group ~ exponential(2);
  z_state ~ std_normal();
  z_eth ~ std_normal();
  z_educ ~ std_normal();
  z_age ~ std_normal();
  z_male_eth ~ std_normal();
  z_educ_age ~ std_normal();
  z_educ_eth ~ std_normal();
  yes ~ binomial_logit(trials, eta);
}
