# Reads marts by RPostgreSQL: Rscript read_marts.R HOST PORT USER PASSWORD FOLDER, with lines NAME<tab>QUERY on standard input.
# Writes FOLDER/NAME.csv without headings, and \N for what is not there.

library(DBI)
library(RPostgreSQL)

arguments <- commandArgs(trailingOnly = TRUE)
server <- dbConnect(
  PostgreSQL(), host = arguments[1], port = as.integer(arguments[2]), user = arguments[3], password = arguments[4],
  dbname = "sarai"
)
invisible(dbExecute(server, "set client_encoding = 'UTF8'"))
cat(as.character(packageVersion("RPostgreSQL")), "\n")
for (line in readLines(file("stdin"))) {
  parts <- strsplit(line, "\t")[[1]]
  rows <- dbGetQuery(server, parts[2])
  for (name in names(rows)) {
    if (is.character(rows[[name]])) Encoding(rows[[name]]) <- "UTF-8"
    if (is.double(rows[[name]]) && !inherits(rows[[name]], c("Date", "POSIXt"))) {
      rows[[name]] <- ifelse(is.na(rows[[name]]), NA, sprintf("%.17g", rows[[name]]))
    }
  }
  write.table(
    rows, file.path(arguments[5], paste0(parts[1], ".csv")), sep = ",", na = "\\N", qmethod = "double",
    row.names = FALSE, col.names = FALSE, fileEncoding = "UTF-8"
  )
}
invisible(dbDisconnect(server))
