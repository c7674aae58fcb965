"""The words for what a run, a grading or a notebook came to; everything else here knows codes.

A caller translates the text and fills in its fields: `cell`, `value` or `detail`.
"""

from __future__ import annotations


def _(message: str) -> str:
    """Mark a text for translation."""
    return message


STATES = {
    "done": _("It ran to its end."),
    "error": _("The code ended with an error: %(detail)s"),
    "time": _("It took longer than it may."),
    "memory": _("It used more memory than it may."),
    "output": _("It wrote more than it may."),
    "disk": _("It filled its folder."),
    "crashed": _("It crashed (%(detail)s)."),
    "no_answer": _("It gave no answer that can be read. %(detail)s"),
    "no_sandbox": _("Not run: no sandbox works here. %(detail)s"),
    "parent_gone": _("The sandbox ended before it could run; the attempt does not count."),
    "request_too_large": _("Not run: it is too large with its files. %(detail)s"),
    "platform": _("Our own fault; the attempt does not count. %(detail)s"),
}
NOTEBOOKS = {
    "not_a_notebook": _("This is no notebook: %(value)s"),
    "too_large": _("The notebook is too large (%(value)s bytes)."),
    "too_new_format": _("The notebook has the format %(value)s; 4 is the newest that is read."),
    "too_old_format": _("The notebook has the format %(value)s; save it in format 4 first."),
    "other_language": _("The notebook is written in %(value)s; only Python is graded."),
    "too_new_schema": _(
        "The cell %(cell)s has nbgrader's schema %(value)s; 3 is the newest that is read."
    ),
    "no_checks": _("The notebook holds nothing to grade, in nbgrader's or in otter's manner."),
    "duplicate_grade_id": _("Two cells of the source are called %(cell)s."),
    "blank_grade_id": _("The cell %(cell)s has no valid name."),
    "missing_points": _("The cell %(cell)s has no points."),
    "bad_points": _("The points of %(cell)s cannot be %(value)s."),
    "markdown_cannot_be_graded": _("The text cell %(cell)s is marked as a test."),
    "autotest": _(
        "The cell %(cell)s holds AUTOTEST lines, which become tests by running the source in a "
        "sandbox: none works here. Give the version that nbgrader generated."
    ),
    "autotest_place": _("The AUTOTEST lines in %(cell)s stand outside of a test cell."),
    "autotest_failed": _("The AUTOTEST lines in %(cell)s could not be made into tests: %(value)s"),
    "bad_autotests": _("The file autotests.yml cannot be used: %(value)s"),
    "nested_region": _("In cell %(cell)s a %(value)s region begins inside of another."),
    "open_region": _("In cell %(cell)s a %(value)s region has no beginning or no end."),
    "bad_settings": _("The settings in cell %(cell)s cannot be read: %(value)s"),
}
FAULTS = {
    "copied": _("The cell %(cell)s is there more than once; the last one was taken."),
    "split": _("The cell %(cell)s was split; the last part was taken for it."),
    "deleted": _("The graded cell %(cell)s was deleted; it was put back."),
    "missing": _("The cell %(cell)s is not there."),
    "type_changed": _("The cell %(cell)s was made a %(detail)s cell; that was undone."),
    "tests_changed": _("The tests in %(cell)s were changed; the original ones were used."),
    "locked_changed": _("The locked cell %(cell)s was changed; the original one was used."),
    "metadata_lost": _("The cell %(cell)s had lost its name and was known by its text."),
    "unknown_cell": _("The cell %(cell)s belongs to another notebook."),
    "reordered": _("The cells are in another order than they were, from %(cell)s on."),
    "endless_loop": _("The cell %(cell)s did not come to an end and was stopped."),
    "huge_output": _("The output of cell %(cell)s is huge and was cut."),
    "time": _("The notebook took longer than it may; what came later was not run."),
    "memory": _("The notebook used more memory than it may; what came later was not run."),
    "crashed": _("The notebook crashed (%(detail)s); what came later was not run."),
    "error": _("The notebook ended its own interpreter (%(detail)s); what came later was not run."),
    "forged": _("The submission gave an answer that is none (%(detail)s)."),
}
MESSAGES = {
    "hidden": _("A test failed that is hidden, wholly or in part."),
    "not_reached": _("The test was not reached."),
    "time": _("The test took longer than it may."),
    "gone": _("The submission had ended before the test."),
    "uncountable": _(
        "The test compares objects of the submission's own class; let it compare plain values."
    ),
}
NO_RUN = frozenset({"no_sandbox", "parent_gone", "request_too_large", "platform"})
"""Reasons why nothing ran at all: the attempt must not be charged."""
REASONS = {**STATES, **NOTEBOOKS}
