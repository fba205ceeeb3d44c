# haven writing the table that our file holds: started by exports.ts as `Rscript exports.R <file.sav or file.dta>`. Prints the
# processor seconds of writing alone, in a second run after one for nothing; nothing when haven is not there.
if (!requireNamespace("haven", quietly = TRUE)) quit(status = 0)
path <- commandArgs(trailingOnly = TRUE)[1]
into <- tempfile()
if (grepl("sav$", path)) {
  data <- haven::read_sav(path, user_na = TRUE)
  write <- function() haven::write_sav(data, into)
} else {
  data <- haven::read_dta(path)
  write <- function() haven::write_dta(data, into, version = 14)
}
invisible(write())
invisible(gc())
spent <- system.time(write())
cat(spent[["user.self"]] + spent[["sys.self"]])
unlink(into)
