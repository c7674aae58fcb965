"""The words for what the engines refuse; the engines themselves only know codes."""

from __future__ import annotations

from bitgoeul.cli import _, phrase, say
from bitgoeul.engines.errors import EngineError

REASONS = {
    # files
    "unreadable_file": _("The file cannot be read: %(value)s"),
    "bad_encoding": _("The file is neither UTF-8 nor cp949."),
    "not_text": _("This is no text file (%(value)s)."),
    "too_many_columns": _("The table has %(value)s columns; that is too many."),
    "bad_csv": _("This is not valid CSV: %(value)s"),
    "bad_json": _("This is not valid JSON: %(value)s"),
    "bad_toml": _("This is not valid TOML: %(value)s"),
    "empty_file": _("The file is empty."),
    "missing_column": _("The column “%(column)s” is missing."),
    "duplicate_column": _("The column “%(column)s” is there twice."),
    "wrong_cell_count": _("The row has %(value)s cells, the header has %(expected)s."),
    "missing_value": _("The value of “%(column)s” is missing."),
    "control_character": _("The value contains a tab or another control character: %(value)s"),
    "not_an_integer": _("“%(value)s” is not a whole number."),
    "not_a_number": _("“%(value)s” is not a number."),
    "not_finite": _("“%(value)s” is not a finite number."),
    "bad_parquet": _("This is not valid Parquet: %(value)s"),
    "no_parquet": _("Parquet cannot be read here: %(value)s"),
    "bad_column": _("The column “%(column)s” holds lists or records, not values."),
    # markets
    "negative_capacity": _("The capacity %(value)s is below zero."),
    "duplicate_position": _("The position “%(value)s” is listed twice."),
    "unknown_position": _("The position “%(value)s” is not in the list of positions."),
    "bad_rank": _("The rank %(value)s is below 1."),
    "duplicate_rank": _("The applicant gives the rank %(value)s twice."),
    "duplicate_choice": _("The applicant chooses the position “%(value)s” twice."),
    "score_range": _("The score “%(value)s” is too large, too small or too long."),
    "bad_shape": _("The arrays of the market do not fit together."),
    # rules
    "unknown_key": _("The key “%(value)s” is unknown here."),
    "bad_rule_value": _("“%(value)s” cannot be the value of “%(column)s”."),
    "share_or_seats": _("Give either share or seats for %(value)s, not both and not neither."),
    "unsupported_rule": _("The rule “%(value)s” is not supported yet."),
    "unsupported_engine": _("The engine “%(value)s” is not supported yet."),
    "mixed_modes": _("Reserves of different modes meet at the position “%(value)s”."),
    "duplicate_reserve": _("The same reserve is given twice for the position “%(value)s”."),
    "frozen_twice": _("The applicant “%(value)s” is frozen twice."),
    "frozen_not_listed": _("A frozen placement is no choice of the applicants file: %(value)s"),
    "frozen_over_capacity": _("More people are frozen at “%(value)s” than it has seats."),
    "unknown_applicant": _("The applicant “%(value)s” is not in the market."),
    # scoring
    "unknown_metric": _("The metric “%(value)s” is unknown."),
    "duplicate_id": _("The id “%(value)s” is there twice."),
    "unknown_id": _("The id “%(value)s” is not asked for."),
    "missing_id": _("The id “%(value)s” is missing."),
    "out_of_range": _("“%(value)s” cannot be a probability."),
    "missing_parameter": _("The metric “%(value)s” needs a number after an at sign."),
    "bad_parameter": _("“%(value)s” has a number that this metric cannot use."),
    "one_class": _("All rows of the truth have the class “%(value)s”; this metric needs two."),
    "constant_truth": _("All values of the truth are %(value)s; this metric needs different ones."),
    "negative_value": _("“%(value)s” is below zero; this metric has no value for it."),
    "bad_losses": _("These losses do not fit the rows they are compared on (%(value)s)."),
    "undefined": _("The metric is not defined for these predictions (%(value)s)."),
    "bad_list": _("“%(value)s” is no list as this metric reads it."),
    "bad_usage": _("“%(value)s” is no usage."),
}
PLACE = _("%(file)s, line %(line)s: ")
PLACE_WITHOUT_LINE = _("%(file)s: ")
COLUMN = _(" Column: %(column)s.")
EXPECTED = _(" Expected: %(expected)s")


def refusal_text(error: EngineError, *, lang: str) -> str:
    """One sentence with file, line, column, value and what was expected."""
    fields = error.fields()
    text = phrase(REASONS.get(error.code, error.code), lang=lang, fields=fields)
    if error.line:
        text = phrase(PLACE, lang=lang, fields=fields) + text
    elif error.file:
        text = phrase(PLACE_WITHOUT_LINE, lang=lang, fields=fields) + text
    if error.column and error.column not in text:
        text += phrase(COLUMN, lang=lang, fields=fields)
    if error.expected and error.expected not in text:
        text += phrase(EXPECTED, lang=lang, fields=fields)
    return text


def say_refusal(error: EngineError, *, lang: str) -> None:
    """Tell a person why an input was refused."""
    say(refusal_text(error, lang=lang).replace("%", "%%"), lang=lang, fields={})
