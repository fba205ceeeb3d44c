# Further figures of measurement invariance for the tests: robust tests; reads the functions of 05_invariance.R.
source("scripts/common.R")
lines <- readLines("scripts/05_invariance.R")
eval(parse(text = lines[seq_len(grep("^R <- list", lines) - 1)]))
R <- list(bfi_neuro_by_gender_mlr = inv(m1(paste0("N", 1:5)), bfi, "gender", "bfi", estimator = "MLR"),
  bfi_neuro_by_gender_stdlv = inv(m1(paste0("N", 1:5)), bfi, "gender", "bfi", std.lv = TRUE))
save_oracle("05_invariance_further", R, data = "bfi", pkgs = "lavaan")
