# Joint tests of several coefficients with cluster-robust errors (clubSandwich's Wald_test), with and without weights.
source("scripts/common.R")
suppressPackageStartupMessages(library(clubSandwich))
sim <- rd("sim_trial")
ma <- merge(rd("MathAchieve"), rd("MathAchSchool")[, c("School", "Sector")], by = "School")
one <- function(formula, data, cl, dname, joint, w = NULL, type = "CR2") {
  mf <- data[complete.cases(data[, c(all.vars(formula), cl, w)]), ]
  mf$.w <- if (is.null(w)) 1 else mf[[w]]
  m <- if (is.null(w)) lm(formula, mf) else lm(formula, mf, weights = .w)
  V <- vcovCR(m, cluster = mf[[cl]], type = type)
  t <- Wald_test(m, constraints = constrain_zero(joint, reg_ex = FALSE), vcov = V, test = "All")
  out <- list(data = dname, formula = paste(deparse(formula, width.cutoff = 500), collapse = ""), cluster = cl, weights = w)
  out[[type]] <- list(wald_joint = list(terms = joint, tests = as.data.frame(t)))
  out
}
few <- sim[sim$cluster %in% sprintf("C%02d", 1:8), ]
R <- list(
  two = one(score_post ~ treat + score_pre, sim, "cluster", "sim_trial", c("treat", "score_pre")),
  of_one = one(score_post ~ treat + score_pre, sim, "cluster", "sim_trial", "treat"),
  factor = one(score_post ~ treat + factor(pair), sim, "cluster", "sim_trial", c("factor(pair)2", "factor(pair)3", "factor(pair)4")),
  stata = one(score_post ~ treat + female + years, sim, "cluster", "sim_trial", c("treat", "female", "years"), type = "CR1S"),
  jackknife = one(score_post ~ treat + female + years, sim, "school", "sim_trial", c("female", "years"), type = "CR3"),
  weighted = one(score_post ~ treat + score_pre, sim, "cluster", "sim_trial", c("treat", "score_pre"), w = "fsm"),
  few = c(one(score_post ~ treat + score_pre, few, "cluster", "sim_trial", c("treat", "score_pre")), derived = "clusters C01..C08 only"),
  sector = one(MathAch ~ SES + Sector, ma, "School", c("MathAchieve", "MathAchSchool"), c("SES", "SectorPublic")))
save_oracle("09_cluster_robust_joint", R, data = c("sim_trial", "MathAchieve", "MathAchSchool"), pkgs = "clubSandwich",
  notes = "HTZ is the test of Tipton and Pustejovsky (2015); delta is the factor of F")
