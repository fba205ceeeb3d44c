source("scripts/common.R")
suppressPackageStartupMessages({library(multilevel); library(lavaan); library(psych)})
lq <- rd("lq2002"); bfi <- rd("bfi")
# Omega total of one factor with its delta-method error from the expected information, complete rows.
om <- function(d, items) {
  x <- na.omit(d[, items]); k <- length(items); l <- paste0("l", 1:k); t <- paste0("t", 1:k)
  model <- paste0("f =~ ", paste0(l, "*", items, collapse = " + "), "\n", paste0(items, " ~~ ", t, "*", items, collapse = "\n"),
    "\nomega := (", paste(l, collapse = " + "), ")^2 / ((", paste(l, collapse = " + "), ")^2 + ", paste(t, collapse = " + "), ")")
  f <- cfa(model, x, std.lv = TRUE, optim.method = "GN"); p <- parameterEstimates(f); o <- p[p$lhs == "omega", ]
  lo <- log(o$est / (1 - o$est)); r <- qnorm(.975) * o$se / (o$est * (1 - o$est))
  list(items = items, n = nrow(x), omega = o$est, se = o$se, lower = plogis(lo - r), upper = plogis(lo + r))
}
lead <- sprintf("LEAD%02d", 1:11); score <- rowMeans(lq[, lead]); g <- lq$COMPID
a <- aov(score ~ factor(g)); s <- summary(a)[[1]]; n <- tabulate(factor(g)); N <- sum(n); J <- length(n)
n0 <- (N - sum(n^2) / N) / (J - 1); B <- s[1, "Mean Sq"]; W <- s[2, "Mean Sq"]
rw <- rwg.j(lq[, lead], g, 2); al <- psych::alpha(lq[, lead], check.keys = FALSE)
fe <- function(al, n, k) c(1 - (1 - al) * qf(.975, n - 1, (n - 1) * (k - 1)), 1 - (1 - al) * qf(.025, n - 1, (n - 1) * (k - 1)))
m <- cfa(paste("f =~", paste(lead, collapse = " + ")), cbind(lq[, lead], g = g), missing = "fiml", cluster = "g", estimator = "ML", optim.method = "GN")
fm <- fitMeasures(m)
R <- list(omega = list(lead = om(lq, lead), hostile = om(lq, sprintf("HOSTIL%02d", 1:5)), agreeable = om(bfi, c("A2", "A3", "A4", "A5"))),
  lead = list(items = lead, alpha = al$total$raw_alpha, alpha_interval = fe(al$total$raw_alpha, N, 11), eigenvalues = eigen(cor(lq[, lead]))$values,
    icc1 = (B - W) / (B + (n0 - 1) * W), icc2 = (B - W) / B, rwgj_quartiles = unname(quantile(rw$rwg.j, c(.25, .5, .75), type = 7)), groups = J,
    sizes = list(least = min(n), median = median(n), most = max(n), mean = mean(n)),
    fit = list(chisq = fm[["chisq"]], chisq_scaled = fm[["chisq.scaled"]], df = fm[["df"]], cfi = fm[["cfi"]], tli = fm[["tli"]], rmsea = fm[["rmsea"]], srmr = fm[["srmr"]])))
save_oracle("19_measures", R, data = c("lq2002", "bfi"), pkgs = c("multilevel", "lavaan", "psych"), notes = c("LEAD scores are means of eleven items on 1 to 5; rwg(j) with the rectangular null", "omega := in lavaan, one factor of variance 1, expected information"))
