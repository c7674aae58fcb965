"""How far everyone is in the remote part of a course: per module, and together by hours."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models import Cohort, Enrolment, Module, RemoteProgress

REMOTE_HEADER = (
    _("Application number"),
    _("Full name"),
    _("Track"),
    _("Module"),
    _("Hours"),
    _("Progress in percent"),
    _("Source"),
    _("As of"),
    _("Remote part together, in percent"),
)


@dataclass(frozen=True, kw_only=True)
class RemoteStanding:
    """One person: the modules of their remote part, with the figure of each or none."""

    enrolment: Enrolment
    parts: tuple[tuple[Module, RemoteProgress | None], ...]

    @property
    def together(self) -> Decimal | None:
        """The modules' progress weighted by hours, or None where nothing is recorded."""
        return together(self.parts)


def together(parts: Iterable[tuple[Module, RemoteProgress | None]]) -> Decimal | None:
    """Return progress weighted by hours in percent, cut (not rounded up) after two places.

    A module without a figure counts as not begun; without any figure there is no progress.
    """
    parts = tuple(parts)
    if all(row is None for _module, row in parts):
        return None
    hours = sum(module.hours for module, _row in parts)
    done = sum(Fraction(row.percent) * module.hours for module, row in parts if row)
    share = Fraction(done) / hours
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def remote_modules_of(cohort: Cohort) -> list[Module]:
    """Return the modules that are taught remotely: those with a figure of anybody."""
    held = Module.objects.filter(cohort=cohort, remote_progress__isnull=False)
    return list(held.order_by("order", "key").distinct())


def remote_standings_of(
    cohort: Cohort, enrolments: Sequence[Enrolment], modules: Sequence[Module] | None = None
) -> dict[int, RemoteStanding]:
    """Return everyone's standing with two statements, whatever their number.

    `modules` saves one of them where `remote_modules_of` was asked already.
    """
    modules = remote_modules_of(cohort) if modules is None else modules
    rows: dict[int, dict[int, RemoteProgress]] = defaultdict(dict)
    found = RemoteProgress.objects.filter(enrolment__cohort=cohort) if modules else ()
    for row in found:
        rows[row.enrolment_id][row.module_id] = row
    return {
        enrolment.pk: RemoteStanding(
            enrolment=enrolment,
            parts=tuple(
                (module, rows[enrolment.pk].get(module.pk))
                for module in modules
                if module.track_id in {None, enrolment.track_id}
            ),
        )
        for enrolment in enrolments
    }


def remote_progress_of(
    cohort: Cohort, enrolments: Sequence[Enrolment]
) -> Mapping[int, Decimal | None]:
    """Return what the completion rule asks of each; nothing is read where no rule asks."""
    if cohort.rule_set.thresholds.remote_progress_at_least is None:
        return {}
    return {pk: one.together for pk, one in remote_standings_of(cohort, enrolments).items()}


def remote_rows(standings: Iterable[RemoteStanding]) -> Iterator[list[object]]:
    """Return the lines of the file: one per person and module."""
    for one in standings:
        enrolment, whole = one.enrolment, one.together
        number = enrolment.application.number if enrolment.application else ""
        for module, row in one.parts:
            figure = (row.percent, row.source, row.as_of) if row else ("", "", "")
            yield [
                number,
                enrolment.person.full_name,
                str(enrolment.track),
                module.title,
                module.hours,
                *figure,
                "" if whole is None else whole,
            ]
