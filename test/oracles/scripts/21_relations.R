source("scripts/common.R")
suppressPackageStartupMessages({library(lme4); library(lmerTest); library(clubSandwich)})
s <- rd("sim_trial")
s <- s[s$treat == 1, ]
m <- function(x) tapply(x, s$school, mean, na.rm = TRUE)
first <- function(x) tapply(x, s$school, function(v) v[1])
d <- data.frame(cluster = as.vector(first(s$cluster)), index = as.vector(m(s$uptake)), before = as.vector(m(s$score_pre)), after = as.vector(m(s$score_post)), fsm = as.vector(first(s$fsm)))
d$change <- d$after - d$before
d$x <- 10 * d$index
d <- d[!is.na(d$change) & !is.na(d$x), ]
d$more <- as.numeric(d$fsm > median(d$fsm))
d$less <- 1 - d$more
cr <- function(f, term) { fit <- lm(f, d); ci <- conf_int(fit, vcov = "CR2", cluster = d$cluster); tt <- coef_test(fit, vcov = "CR2", cluster = d$cluster, test = "Satterthwaite"); i <- which(names(coef(fit)) == term); list(value = ci$beta[i], lower = ci$CI_L[i], upper = ci$CI_U[i], p = tt$p_Satt[i]) }
fit <- lmerTest::lmer(change ~ x + (1 | cluster), d, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12)))
k <- contest1D(fit, c(0, 1), confint = TRUE)
band <- lapply(c(min(d$index), mean(d$index), max(d$index)), function(at) { d$own <- d$x - 10 * at; ci <- conf_int(lm(change ~ own, d), vcov = "CR2", cluster = d$cluster); list(index = at, value = ci$beta[1], lower = ci$CI_L[1], upper = ci$CI_U[1]) })
R <- list(schools = nrow(d), clusters = length(unique(d$cluster)), robust = cr(change ~ x, "x"),
  mixed = list(value = k$Estimate, lower = k$lower, upper = k$upper),
  less = cr(change ~ x * more, "x"), more = cr(change ~ x * less, "x"), difference = cr(change ~ x * more, "x:more"), band = band)
save_oracle("21_relations", R, data = "sim_trial", pkgs = c("lme4", "lmerTest", "clubSandwich"), notes = "means of intervention schools: change of the score by ten points of uptake; CR2 errors and a random intercept by cluster; halves by fsm; band: the line with its interval at the lowest, mean and highest uptake")
