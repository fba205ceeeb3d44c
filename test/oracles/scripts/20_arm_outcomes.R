source("scripts/common.R")
suppressPackageStartupMessages({library(lme4); library(lmerTest)})
s <- rd("sim_trial")
d <- rbind(data.frame(s[, c("school", "cluster", "treat")], wave = "pre", score = s$score_pre), data.frame(s[, c("school", "cluster", "treat")], wave = "post", score = s$score_post))
d <- d[!is.na(d$score), ]
d$cell <- factor(paste(d$treat, d$wave))
ctl <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12))
m <- lmerTest::lmer(score ~ 0 + cell + (1 | cluster / school), d, control = ctl)
b <- names(fixef(m))
est <- function(w) { l <- setNames(rep(0, length(b)), b); l[paste0("cell", names(w))] <- w; r <- contest1D(m, l, confint = TRUE); list(value = r$Estimate, lower = r$lower, upper = r$upper, df = r$df) }
n <- table(d$cell)
R <- list(n = nl(c(n)), schools = nl(tapply(d$school, d$cell, function(x) length(unique(x)))), clusters = nl(tapply(d$cluster, d$cell, function(x) length(unique(x)))),
  means = setNames(lapply(levels(d$cell), function(c) est(setNames(1, c))), levels(d$cell)),
  change_treated = est(c("1 post" = 1, "1 pre" = -1)), change_comparison = est(c("0 post" = 1, "0 pre" = -1)),
  difference_pre = est(c("1 pre" = 1, "0 pre" = -1)), difference_post = est(c("1 post" = 1, "0 post" = -1)),
  net = est(c("1 post" = 1, "1 pre" = -1, "0 post" = -1, "0 pre" = 1)))
save_oracle("20_arm_outcomes", R, data = "sim_trial", pkgs = c("lme4", "lmerTest"), notes = "scores before and after as two rows of a person; random intercepts of clusters and of schools in clusters, restricted likelihood")
