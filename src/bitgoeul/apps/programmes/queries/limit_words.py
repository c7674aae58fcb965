"""Where somebody stands, in words and as rows of a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bitgoeul.apps.programmes.queries.limits import Limit, Standing
from bitgoeul.core import formats

LIMIT_HEADER = (
    gettext_lazy("Application number"),
    gettext_lazy("Full name"),
    gettext_lazy("Track"),
    gettext_lazy("Missed of the course"),
    gettext_lazy("May still be missed of the course"),
    gettext_lazy("Unit period"),
    gettext_lazy("Missed of the unit period"),
    gettext_lazy("May still be missed of the unit period"),
    gettext_lazy("May still be missed up to the pass line"),
    gettext_lazy("Late, early or out"),
    gettext_lazy("Days missed in a row"),
    gettext_lazy("Why somebody should talk to them"),
    gettext_lazy("Named by the model"),
)


def reasons_said(found: Standing | None) -> list[str]:
    """Say each reason with its figures."""
    return [_SAID[reason](found) for reason in found.reasons] if found else []


def _consecutive(found: Standing) -> str:
    text = ngettext(
        "%(days)s day missed in a row", "%(days)s days missed in a row", found.consecutive
    )
    return text % {"days": found.consecutive}


def _course(found: Standing) -> str:
    return _of(_("Course"), found.course)


def _unit(found: Standing) -> str:
    return _of(_("Unit period %(number)s") % {"number": found.unit_number}, found.unit)


def _pass_line(found: Standing) -> str:
    what = _("Hours up to the pass line")
    if found.counted_in == "days":
        what = _("Days up to the pass line")
    return _of(what, found.pass_line)


def _of(what: str, limit: Limit) -> str:
    if limit.left is not None and limit.left < 0:
        text = _("%(what)s: %(missed)s missed, %(most)s were allowed")
    else:
        text = _("%(what)s: %(missed)s missed of %(most)s that may be")
    facts = {"what": what, "missed": formats.number(limit.missed)}
    return text % {**facts, "most": formats.number(limit.most)}


def _work(found: Standing) -> str:
    text = ngettext(
        "%(due)s task is due and nothing was handed in",
        "%(due)s tasks are due and nothing was handed in",
        found.work_due,
    )
    return text % {"due": found.work_due}


_SAID = {
    "consecutive": _consecutive,
    "course": _course,
    "unit": _unit,
    "pass_line": _pass_line,
    "nothing_handed_in": _work,
}


def limit_rows(
    found: Iterable[Standing], named: Mapping[int, Sequence[str]]
) -> Iterator[list[Any]]:
    """Yield a row per person; `named` says what weighs against those whom the model names."""
    for one in found:
        row = one.enrolment
        yield [
            row.application.number if row.application else "",
            row.person.full_name,
            row.track.name,
            one.course.missed,
            one.course.left,
            one.unit_number,
            one.unit.missed,
            one.unit.left,
            one.pass_line.left,
            one.events,
            one.consecutive,
            "; ".join(reasons_said(one)),
            "; ".join(named.get(row.pk, ())),
        ]
