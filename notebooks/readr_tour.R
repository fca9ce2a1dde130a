# The dataset in R, from the CSV files with readr.
#   Rscript notebooks/readr_tour.R out
library(readr)

arguments <- commandArgs(trailingOnly = TRUE)
out <- if (length(arguments) > 0) arguments[1] else "out"

# Codes are text: 1.2 is no number, 01 is not 1. So columns are text unless they are named here.
types <- cols(.default = col_character(), value = col_double(), value_base = col_double(),
              period_start = col_date(), period_end = col_date(), is_primary = col_logical(),
              page = col_integer(), table = col_integer(), row = col_integer())
rows <- read_csv(file.path(out, "observations.csv"), col_types = types, na = "")
stopifnot(nrow(problems(rows)) == 0)

# Primary rows, figures of the period, no cross-tables; what is doubtful is set apart, not dropped unseen.
figures <- subset(rows, is_primary & measure == "actual" & is.na(breakdown) & !is.na(value))
print(table(figures$status))
sure <- subset(figures, status %in% c("ok", "corrected"))

# One indicator, one column for each agency.
yearly <- subset(sure, grepl("^[0-9]{4}$", period))
longest <- names(sort(table(yearly$indicator_id), decreasing = TRUE))[1]
series <- subset(yearly, indicator_id == longest, select = c(period, agency, value))
series <- series[!duplicated(series[c("period", "agency")]), ]
print(reshape(as.data.frame(series), idvar = "period", timevar = "agency", direction = "wide"))

# The key that joins PAR INDEX, SIPAS and PAPI: two digits, as text, and the year.
sure$province_code <- sub("@.*", "", sure$province_id)
sure$year <- format(sure$period_end, "%Y")
panel <- data.frame(province_code = c("46", "49"), year = c("2022", "2022"), par_index = c(85.1, 84.9))
joined <- merge(sure, panel, all.x = TRUE)
stopifnot(nrow(joined) == nrow(sure))
cat(sprintf("%d figures, %d with a score beside them\n", nrow(joined), sum(!is.na(joined$par_index))))
