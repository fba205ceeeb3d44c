# Reads every file of the format matrix with R's packages and says as JSON what it found: Rscript read.R FOLDER ANSWER.
# A number is a text of 17 digits, a day or moment an ISO text, a missing value null; `tags` has Stata's tagged ones.
suppressPackageStartupMessages(library(jsonlite))
arguments <- commandArgs(TRUE)
folder <- arguments[1]
has <- function(name) requireNamespace(name, quietly = TRUE)

named_by <- function(words, keys) if (length(words) == 0) NULL else as.list(setNames(enc2utf8(words), keys))

text_of <- function(x) {
  if (is.factor(x)) return(as.character(x))
  if (is.character(x)) return(enc2utf8(as.vector(x)))
  if (inherits(x, "POSIXct")) return(format(x, "%Y-%m-%dT%H:%M:%S", tz = "UTC"))
  if (inherits(x, "Date")) return(format(x))
  if (inherits(x, "hms") || inherits(x, "difftime")) x <- as.numeric(x, units = "secs")
  v <- as.vector(unclass(x))
  if (is.logical(v)) return(ifelse(is.na(v), NA_character_, as.character(v)))
  ifelse(is.na(v), NA_character_, sprintf("%.17g", as.numeric(v)))
}
column <- function(x, ...) {
  label <- attr(x, "label", exact = TRUE)
  list(class = class(x)[1], label = if (is.null(label)) NA_character_ else enc2utf8(label), cells = I(text_of(x)), ...)
}
whole <- function(data, each) list(names = I(names(data)), columns = setNames(lapply(seq_along(data), function(at) each(data[[at]], at)), names(data)))

of_haven <- function(data) whole(data, function(x, at) {
  labels <- attr(x, "labels", exact = TRUE)
  tags <- if (is.double(x)) haven::na_tag(x) else rep(NA_character_, length(x))
  codes <- if (is.null(labels)) character() else ifelse(is.na(labels), paste0(".", haven::na_tag(labels)), sprintf("%.17g", labels))
  column(x, tags = I(as.character(tags)), values = named_by(names(labels), codes))
})

readers <- list(
  haven = list(package = "haven", ending = "sav", read = function(path) of_haven(haven::read_sav(path, user_na = TRUE))),
  `haven ` = list(package = "haven", ending = "dta", read = function(path) of_haven(haven::read_dta(path))),
  readstata13 = list(package = "readstata13", ending = "dta", read = function(path) {
    data <- readstata13::read.dta13(path, convert.factors = FALSE, missing.type = TRUE, replace.strl = TRUE, encoding = "UTF-8")
    labels <- attr(data, "var.labels")
    missing <- attr(data, "missing")
    tables <- attr(data, "label.table")
    named <- attr(data, "val.labels")
    whole(data, function(x, at) {
      tags <- rep(NA_character_, length(x))
      if (is.numeric(x) && length(missing) >= at) { m <- missing[[at]]; tags <- ifelse(is.na(x) & m > 0, letters[pmax(m, 1)], NA_character_) }
      table <- tables[[named[at]]]
      attr(x, "label") <- labels[at]
      column(x, tags = I(tags), values = named_by(names(table), table))
    })
  }),
  read.csv = list(package = "base", ending = "csv", read = function(path) {
    data <- read.csv(path, colClasses = "character", na.strings = character(), check.names = FALSE, encoding = "UTF-8")
    whole(data, function(x, at) column(x))
  }),
  readxl = list(package = "readxl", ending = "xlsx", read = function(path) {
    sheet <- function(name) whole(suppressMessages(readxl::read_xlsx(path, name, col_types = "list", na = character(), trim_ws = FALSE)),
      function(x, at) list(cells = I(vapply(x, function(cell) if (length(cell) == 0) NA_character_ else text_of(cell), ""))))
    c(sheet("data"), list(labelled = sheet("labelled")))
  }),
  `the script in R` = list(package = "base", ending = "R", read = function(path) {
    found <- new.env()
    sys.source(path, found, chdir = TRUE)
    whole(found$d, function(x, at) {
      name <- names(found$d)[at]
      codes <- attr(x, "codes", exact = TRUE)
      said <- found$gaps[[name]]
      cells <- if (is.factor(x)) text_of(unname(codes[match(as.character(x), names(codes))])) else text_of(x)
      list(class = class(x)[1], label = attr(x, "label", exact = TRUE), cells = I(cells),
        reasons = I(if (is.null(said)) rep(NA_character_, length(x)) else as.character(said)),
        values = named_by(names(codes), if (is.null(codes)) NULL else sprintf("%.17g", codes)))
    })
  })
)

answer <- list()
for (name in names(readers)) {
  reader <- readers[[name]]
  if (!has(reader$package)) next
  files <- list.files(folder, pattern = paste0("\\.", reader$ending, "$"), full.names = TRUE)
  for (path in files) {
    found <- tryCatch(reader$read(path), error = function(e) list(error = conditionMessage(e)))
    key <- paste(trimws(name), sub("\\.[^.]*$", "", basename(path)), reader$ending, sep = "|")
    answer[[key]] <- found
  }
}
writeLines(toJSON(answer, auto_unbox = TRUE, na = "null", null = "null"), arguments[2], useBytes = TRUE)
