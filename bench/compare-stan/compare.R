# The rstan side of the comparison.
#   Rscript compare.R compile WORK [NAME ...]   compiles WORK/programs/NAME.stan (default all) that are not in WORK/models yet, by content, with the CPU seconds it took
#   Rscript compare.R measure WORK NAME         values, gradients and CPU microseconds at WORK/points/NAME.tsv, into WORK/rstan/NAME.tsv
arguments <- commandArgs(TRUE); action <- arguments[1]; work <- arguments[2]; names <- arguments[-(1:2)]
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
suppressMessages(library(rstan)); rstan_options(auto_write = FALSE)
if (!nzchar(system.file("include", package = "BH"))) rstan_options(boost_lib = "/usr/include") # Debian's BH holds no headers, libboost-dev has them
for (folder in c("models", "rstan")) dir.create(file.path(work, folder), showWarnings = FALSE, recursive = TRUE)
if (length(names) == 0) names <- sub("\\.stan$", "", list.files(file.path(work, "programs"), "\\.stan$"))
text <- function(name) paste(readLines(file.path(work, "programs", paste0(name, ".stan"))), collapse = "\n")
flags <- paste(system2("R", c("CMD", "config", "CXX14FLAGS"), stdout = TRUE), collapse = " ")
hash <- function(code) { f <- tempfile(); on.exit(unlink(f)); writeLines(c(code, flags, as.character(packageVersion("rstan"))), f); unname(tools::md5sum(f)) }
model_file <- function(name) file.path(work, "models", paste0(hash(text(name)), ".rds"))
# CPU seconds of this process and of the compilers it waited for.
cpu <- function() sum(proc.time()[c("user.self", "sys.self", "user.child", "sys.child")])

compile <- function(name) {
  file <- model_file(name); refused <- file.path(work, "rstan", paste0(name, ".refused"))
  if (file.exists(file)) return(invisible())
  start <- cpu()
  messages <- character()
  result <- tryCatch({ messages <- capture.output(code <- stanc(model_code = text(name), model_name = name), type = "message")
    model <- stan_model(stanc_ret = code); saveRDS(list(model = model, seconds = cpu() - start), file); NULL }, error = function(e) conditionMessage(e))
  if (is.null(result)) unlink(refused) else writeLines(paste(trimws(c(strsplit(result, "\n")[[1]][1], messages)), collapse = " "), refused)
  cat(name, if (is.null(result)) cpu() - start else paste("refused:", substr(gsub("\n", " ", result), 1, 150)), "\n")
}

loop <- function() {
  source <- paste(readLines(file.path(dirname(script), "gradient.hpp")), collapse = "\n"); file <- file.path(work, "models", paste0("loop-", hash(source), ".rds"))
  if (!file.exists(file)) {
    body <- "Rcpp::XPtr<stan::model::model_base> m(model); return time_gradient(*m, Rcpp::as<Eigen::MatrixXd>(points), Rcpp::as<double>(seconds), Rcpp::as<int>(batches));"
    saveRDS(rstan:::cxxfunctionplus(signature(model = "externalptr", points = "matrix", seconds = "numeric", batches = "integer"), body,
      includes = paste("#include <RcppEigen.h>", source, sep = "\n"), plugin = "rstan", save_dso = TRUE), file)
  }
  rstan:::grab_cxxfun(readRDS(file))
}

measure <- function(name) {
  file <- model_file(name); points <- file.path(work, "points", paste0(name, ".tsv"))
  if (!file.exists(file) || !file.exists(points)) return(invisible())
  saved <- readRDS(file); data <- new.env(); sys.source(file.path(work, "data", paste0(name, ".R")), data)
  module <- saved$model@mk_cppmodule(saved$model)
  holder <- new(module, rstan:::data_preprocess(as.list(data)), 1L)
  x <- t(as.matrix(read.table(points, sep = "\t"))); dimnames(x) <- NULL
  result <- loop()(holder$model_ptr(), x, 1, 25L)
  line <- function(key, values) paste(c(key, sprintf("%.17g", values)), collapse = "\t")
  columns <- unlist(lapply(seq_len(ncol(x)) - 1, function(k) c(line(paste0("value", k), result$value[k + 1]), line(paste0("gradient", k), result$gradient[, k + 1]))))
  writeLines(c(columns, line("compile", saved$seconds), line("micro", result$micro[1]), line("typical", result$micro[13])), file.path(work, "rstan", paste0(name, ".tsv")))
}

for (name in names) switch(action, compile = compile(name), measure = measure(name), stop("compile or measure?"))
