# Log densities of the programs that `terrace fit --stan-code` prints, at random points, by rstan; for the tests that compare the formula models' own.
# Rscript densities.R TERRACE DATA-FOLDER OUT.json [NAME ...]      TERRACE: the command, as in "dotnet …/Terrace.Cli.dll"
suppressMessages({library(rstan); library(jsonlite)})
args <- commandArgs(TRUE)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
lines <- grep("^[^#]", readLines(file.path(here, "cases.txt")), value = TRUE)
split <- lapply(strsplit(gsub("\\|", "\001", lines, fixed = TRUE), "|", fixed = TRUE), function(p) trimws(gsub("\001", "|", p, fixed = TRUE)))
out <- if (file.exists(args[3])) read_json(args[3], simplifyVector = FALSE) else list()
for (case in split) {
  name <- case[1]
  if (!is.null(out[[name]]) || length(args) > 3 && !(name %in% args[-(1:3)])) next
  options <- if (length(case) > 6 && nzchar(case[7])) strsplit(case[7], ";", fixed = TRUE)[[1]] else character()
  extra <- unlist(lapply(options, function(o) c(paste0("--", sub("=.*", "", o)), sub("^[^=]*=", "", o))))
  data <- tempfile(fileext = ".json")
  folder <- Find(function(folder) file.exists(file.path(folder, paste0(case[3], ".csv.gz"))), c(args[2], file.path(here, "..", "..", "examples", "data")))
  command <- c("fit", case[2], "--data", file.path(folder, paste0(case[3], ".csv.gz")), "--family", case[4], if (!(case[4] %in% "categorical")) c("--link", case[5]), "--priors", case[6], extra, "--engine", "nuts", "--stan-code", "--stan-data", data, "--stan-syntax", "2.21")
  code <- system2("sh", c("-c", shQuote(paste(args[1], paste(shQuote(command), collapse = " ")))), stdout = TRUE)
  cat(name, "")
  fit <- tryCatch(suppressMessages(suppressWarnings(sampling(stan_model(model_code = paste(code, collapse = "\n")), data = read_json(data, simplifyVector = TRUE), chains = 0, refresh = 0))), error = function(e) { cat("FAILED", conditionMessage(e), "\n"); NULL })
  if (is.null(fit)) next
  set.seed(3)
  points <- lapply(1:4, function(i) {
    upars <- round(rnorm(get_num_upars(fit), 0, 0.5), 4)
    values <- constrain_pars(fit, upars)
    values <- values[!(names(values) %in% c("eta", "mu")) & !grepl("^eta_", names(values))]
    c(list(logDensity = log_prob(fit, upars, adjust_transform = TRUE)), lapply(values, function(v) if (is.matrix(v)) lapply(seq_len(nrow(v)), function(r) I(v[r, ])) else if (length(dim(v)) == 1) I(as.numeric(v)) else v))
  })
  out[[name]] <- list(formula = case[2], data = case[3], family = case[4], link = case[5], priors = case[6], options = I(options), points = points)
  cat("done\n")
  write_json(out, args[3], auto_unbox = TRUE, digits = 17)
}
