# Factor models of people in clusters, with and without gaps, and Wishart's likelihood in several groups: by lavaan's scoring,
# which goes on to 1e-11; with clusters or equal intercepts, where scoring can end too early, by its default search, told to go
# on to 1e-15.
source("scripts/common.R")
suppressPackageStartupMessages(library(lavaan))
hs <- rd("HolzingerSwineford1939"); lq <- rd("lq2002"); sim <- rd("sim_trial")
ll <- paste("f =~", paste(names(lq)[3:13], collapse = " + "))
pre <- "f =~ pre1 + pre2 + pre3 + pre4 + pre5 + pre6"
hsm <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
key <- c("fmin", "logl", "unrestricted.logl", "chisq", "df", "pvalue", "baseline.chisq", "cfi", "tli", "rmsea", "srmr", "chisq.scaled", "chisq.scaling.factor", "baseline.chisq.scaled",
  "cfi.scaled", "tli.scaled", "rmsea.scaled", "cfi.robust", "tli.robust", "rmsea.robust")
case <- function(model, data, dname, ...) {
  a <- list(...)
  scoring <- list(optim.method = "GN", optim.gn.tol.x = 1e-11, optim.gn.iter.max = 5000L)
  exact <- if (is.null(a$cluster) && length(a$group.equal) < 2) scoring else list(control = list(rel.tol = 1e-15, x.tol = 1e-12, iter.max = 10000, eval.max = 20000), em.h1.tol = 1e-12, em.h1.iter.max = 20000L, optim.force.converged = TRUE)
  fit <- suppressWarnings(do.call("cfa", c(list(model, data), a, exact)))
  fm <- fitMeasures(fit)
  pe <- parameterEstimates(fit, remove.nonfree = TRUE)
  pe <- pe[, intersect(c("lhs", "op", "rhs", "group", "est", "se"), names(pe))]
  list(data = dname, model = model, options = a, n = lavInspect(fit, "ntotal"), fit = nl(unclass(fm[intersect(key, names(fm))])), parameters = pe)
}
R <- list(
  cluster_ml = case(ll, lq, "lq2002", std.lv = TRUE, cluster = "COMPID"),
  cluster_gaps_mlr = case(pre, sim, "sim_trial", std.lv = TRUE, cluster = "cluster", missing = "ml", estimator = "MLR"),
  cluster_gaps_ml = case(pre, sim, "sim_trial", std.lv = TRUE, cluster = "cluster", missing = "ml"),
  cluster_gaps_groups_mlr = case(pre, sim, "sim_trial", std.lv = TRUE, cluster = "cluster", group = "phase", missing = "ml", estimator = "MLR"),
  cluster_groups_ml = case(pre, sim, "sim_trial", std.lv = TRUE, cluster = "cluster", group = "phase"),
  wishart_groups = case(hsm, hs, "HolzingerSwineford1939", group = "school", likelihood = "wishart"),
  wishart_groups_loadings = case(hsm, hs, "HolzingerSwineford1939", group = "school", likelihood = "wishart", group.equal = "loadings"),
  wishart_groups_means = case(hsm, hs, "HolzingerSwineford1939", group = "school", likelihood = "wishart", group.equal = c("loadings", "intercepts")),
  wishart_groups_mlr = case(hsm, hs, "HolzingerSwineford1939", group = "school", likelihood = "wishart", estimator = "MLR"))
f <- cfa(hsm, hs, group = "school", likelihood = "wishart", group.equal = "loadings", optim.method = "GN", optim.gn.tol.x = 1e-11, optim.gn.iter.max = 5000L)
R$wishart_groups_loadings_modindices <- modindices(f, sort. = TRUE, maximum.number = 10, op = "~~")[, c("lhs", "op", "rhs", "group", "mi", "epc")]
save_oracle("04_cfa_clusters", R, data = c("HolzingerSwineford1939", "lq2002", "sim_trial"), pkgs = "lavaan")
