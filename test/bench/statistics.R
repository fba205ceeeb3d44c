# The same statistics in R on the same rows: started by statistics.ts as `Rscript statistics.R <task> <file.csv>`.
# Prints the processor seconds of the computation alone, without reading; nothing when a package is not there.
arguments <- commandArgs(trailingOnly = TRUE)
task <- arguments[1]
needed <- c(alpha = "psych", "alpha-gaps" = "psych", omega = "psych", "omega-gaps" = "psych", "two-level" = "lme4", "three-level" = "lme4",
            matching = "MatchIt")
if (task %in% names(needed) && !requireNamespace(needed[[task]], quietly = TRUE)) quit(status = 0)
d <- if (requireNamespace("data.table", quietly = TRUE)) {
  as.data.frame(data.table::fread(arguments[2], showProgress = FALSE))
} else read.csv(arguments[2])
if (task %in% c("omega", "omega-gaps")) suppressMessages(requireNamespace("GPArotation", quietly = TRUE))

# There is no package for many groups that is fast: analysis of variance and rwg(j) from sums of groups.
icc <- function(y, g) {
  n <- tabulate(match(g, unique(g)))
  s <- rowsum(y, g, reorder = FALSE)
  between <- sum(s^2 / n) - sum(y)^2 / length(y)
  within <- sum(y^2) - sum(s^2 / n)
  c(between / (length(n) - 1), within / (length(y) - length(n)))
}
rwg <- function(x, g) {
  n <- tabulate(match(g, unique(g)))
  s <- rowsum(as.matrix(x), g, reorder = FALSE)
  q <- rowsum(as.matrix(x)^2, g, reorder = FALSE)
  m <- rowMeans((q - s^2 / n) / (n - 1)) / 2
  ncol(x) * (1 - m) / (ncol(x) * (1 - m) + m)
}
# psych's own functions as they are called by default: no warnings printed, and no diagram drawn, which is not computing.
run <- switch(task,
  alpha = , "alpha-gaps" = function() psych::alpha(d, warnings = FALSE),
  omega = , "omega-gaps" = function() psych::omega(d, plot = FALSE),
  icc = function() icc(d$a, d$group),
  rwg = function() rwg(d[c("a", "b", "c", "d", "e")], d$group),
  "two-level" = function() lme4::lmer(outcome ~ treat + before + (1 | school), d),
  "three-level" = function() lme4::lmer(outcome ~ treat + before + (1 | cluster) + (1 | school), d),
  matching = function() MatchIt::matchit(treat ~ x + y + z, d, method = "nearest"))
times <- c()
while (length(times) < 1 || (length(times) < 7 && sum(times) < 2)) {
  spent <- suppressWarnings(suppressMessages(system.time(run())))
  times <- c(times, spent[["user.self"]] + spent[["sys.self"]])
}
cat(median(times), "\n")
