// Times the gradient of a model as rstan's sampler computes it at every leapfrog step (stan::model::gradient of the model's virtual base), without R in the loop.
#include <algorithm>
#include <ctime>
#include <vector>
#include <stan/callbacks/logger.hpp>
#include <stan/model/gradient.hpp>
#include <stan/model/model_base.hpp>

static double cpu_seconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

// Values and gradients at the points (columns), then CPU microseconds of batches of 20 ms or more.
static Rcpp::List time_gradient(stan::model::model_base& model, const Eigen::MatrixXd& points, double seconds, int batches) {
  const int n = points.rows(), k = points.cols();
  stan::callbacks::logger logger;
  std::vector<Eigen::VectorXd> x;
  for (int j = 0; j < k; ++j) x.push_back(points.col(j));
  Eigen::VectorXd gradient(n), values(k);
  Eigen::MatrixXd gradients(n, k);
  for (int j = 0; j < k; ++j) {
    double value = 0;
    stan::model::gradient(model, x[j], value, gradient, logger);
    values[j] = value;
    gradients.col(j) = gradient;
  }
  long calls = 1;
  auto run = [&]() {
    double start = cpu_seconds(), value = 0;
    for (long i = 0; i < calls; ++i)
      for (int j = 0; j < k; ++j) stan::model::gradient(model, x[j], value, gradient, logger);
    return cpu_seconds() - start;
  };
  for (double start = cpu_seconds(); cpu_seconds() - start < seconds;)
    if (run() < 0.02) calls *= 2;
  while (run() < 0.02) calls *= 2;
  std::vector<double> micro;
  for (int b = 0; b < batches; ++b) micro.push_back(run() * 1e6 / (double(calls) * k));
  std::sort(micro.begin(), micro.end());
  return Rcpp::List::create(Rcpp::Named("value") = values, Rcpp::Named("gradient") = gradients, Rcpp::Named("micro") = micro);
}
