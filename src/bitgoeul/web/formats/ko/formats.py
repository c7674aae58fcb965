"""Korean formats: Django's own read "3:13 오후", people write "오후 3:13"."""

DATE_FORMAT = "Y. n. j."
TIME_FORMAT = "A g:i"
DATETIME_FORMAT = "Y. n. j. A g:i"
YEAR_MONTH_FORMAT = "Y년 n월"
MONTH_DAY_FORMAT = "n월 j일"
SHORT_DATE_FORMAT = "Y. n. j."
SHORT_DATETIME_FORMAT = "Y. n. j. A g:i"
THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
NUMBER_GROUPING = 3
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y. %m. %d.", "%Y.%m.%d.", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d"]
