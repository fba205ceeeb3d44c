# Further figures of factor models for the tests; reads the functions of 04_cfa.R. Models of complete answers are fitted by
# lavaan's scoring (optim.method = "GN"), which goes on until no estimate changes by 1e-11; its default stops earlier.
source("scripts/common.R")
lines <- readLines("scripts/04_cfa.R")
lines <- gsub('; bhr <- rd("bhr2000")', "", gsub("bl <- names(bhr)[2:12]; ", "", lines, fixed = TRUE), fixed = TRUE)
eval(parse(text = lines[seq_len(grep("^R <- list", lines) - 1)]))
exact <- function(model, data, dname, ...) {
  case <- rep1(model, data, dname, ..., optim.method = "GN", optim.gn.tol.x = 1e-11, optim.gn.iter.max = 5000L)
  case$options <- list(...)
  case
}
cross <- "a =~ A1 + A2 + A3 + A4 + A5\nn =~ N1 + N2 + N3 + N4 + N5 + A1\nN1 ~~ N2"
lacks <- function(...) modindices(cfa(...), sort. = TRUE, maximum.number = 10)[, c("lhs", "op", "rhs", "mi", "epc", "sepc.all")]
R <- list(
  hs_marker = exact(hsm, hs, "HolzingerSwineford1939"),
  hs_mlr_means = exact(hsm, hs, "HolzingerSwineford1939", estimator = "MLR", meanstructure = TRUE),
  hs_heywood = exact("f =~ x1 + x2 + x7 + x9", hs, "HolzingerSwineford1939", std.lv = TRUE),
  bfi_wishart = exact(m1(n5), bfi, "bfi", std.lv = TRUE, likelihood = "wishart"),
  lq2002_cluster = exact(m1(ll), lq, "lq2002", std.lv = TRUE, cluster = "COMPID", estimator = "MLR"),
  bfi_fiml_mlr = rep1(m1(n5), bfi, "bfi", std.lv = TRUE, missing = "ml", estimator = "MLR"),
  bfi_fiml_cross = rep1(cross, bfi, "bfi", missing = "ml"),
  hs_marker_modindices = lacks(hsm, hs, optim.method = "GN", optim.gn.tol.x = 1e-11, optim.gn.iter.max = 5000L),
  bfi_fiml_cross_modindices = lacks(cross, bfi, missing = "ml"))
save_oracle("04_cfa_further", R, data = c("HolzingerSwineford1939", "bfi", "lq2002"), pkgs = "lavaan", notes = "complete answers by lavaan's scoring, exact to 1e-8")
