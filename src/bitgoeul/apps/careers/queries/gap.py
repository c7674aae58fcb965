"""Skills that open vacancies ask for, beside skills that modules teach."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.apps.careers.enums import VacancyState
from bitgoeul.apps.careers.models import Vacancy
from bitgoeul.apps.careers.queries.skill_words import lexicon
from bitgoeul.apps.credentials.models import Skill
from bitgoeul.apps.programmes.enums import CohortState
from bitgoeul.apps.programmes.models import Cohort, Module

GAP_HEADER = (
    gettext_lazy("Skill"),
    gettext_lazy("NCS class"),
    gettext_lazy("Standing"),
    gettext_lazy("Vacancies that ask for it"),
    gettext_lazy("Seats of these"),
    gettext_lazy("Named by the employer"),
    gettext_lazy("Modules that teach it"),
    gettext_lazy("Hours of these"),
)


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A skill that a vacancy asks for; `named` by its employer, or found in its text."""

    vacancy: Vacancy
    named: bool


@dataclass(frozen=True, kw_only=True)
class GapLine:
    """A skill with the vacancies that ask for it and the modules that teach it."""

    key: str
    skill: Skill | None
    demands: tuple[Demand, ...]
    modules: tuple[Module, ...]

    @property
    def name(self) -> str:
        """The skill's name; a key that is in no list stays a key."""
        return self.skill.name if self.skill else self.key

    @property
    def standing(self) -> str:
        """`missing` (asked for, not taught), `unasked` (taught, not asked for) or `both`."""
        if not self.modules:
            return "missing"
        return "both" if self.demands else "unasked"

    @property
    def seats(self) -> int:
        """Seats of the vacancies that ask for it."""
        return sum(each.vacancy.seats for each in self.demands)

    @property
    def hours(self) -> int:
        """Hours of the modules that teach it; a module of several skills counts for each."""
        return sum(module.hours for module in self.modules)

    @property
    def named(self) -> int:
        """How many employers named it themselves."""
        return sum(each.named for each in self.demands)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Demand against curriculum, and how much there was to compare."""

    lines: tuple[GapLine, ...]
    vacancies: int
    silent: int
    """Vacancies that name no skill of the list, neither by choice nor in their text."""
    modules: int

    def of(self, standing: str) -> list[GapLine]:
        """Return the lines of a standing."""
        return [line for line in self.lines if line.standing == standing]

    @property
    def missing(self) -> list[GapLine]:
        """Asked for and not taught."""
        return self.of("missing")

    @property
    def both(self) -> list[GapLine]:
        """Asked for and taught."""
        return self.of("both")

    @property
    def unasked(self) -> list[GapLine]:
        """Taught and not asked for."""
        return self.of("unasked")


def gap_between(vacancies: Q, cohorts: Sequence[Cohort]) -> Gap:
    """Hold the open vacancies that the filter lets through against the modules of cohorts."""
    skills = {skill.key: skill for skill in Skill.objects.order_by("key")}
    by_code: dict[str, list[str]] = defaultdict(list)
    for skill in skills.values():
        if skill.ncs_code:
            by_code[skill.ncs_code].append(skill.key)
    open_ones = list(
        Vacancy.objects.filter(vacancies, state=VacancyState.OPEN)
        .distinct()
        .select_related("organisation")
        .order_by("organisation__name_ko", "number")
    )
    demands = demands_of(open_ones, skills)
    modules = list(
        Module.objects.filter(cohort__in=cohorts)
        .select_related("cohort__programme", "track")
        .order_by("cohort_id", "order", "key")
    )
    taught: dict[str, list[Module]] = defaultdict(list)
    for module in modules:
        # Several skills may share an NCS code: a module that names it teaches each of them.
        named = (key for each in module.skills for key in by_code.get(each, [each]))
        for key in dict.fromkeys(named):
            taught[key].append(module)
    lines = [
        GapLine(
            key=key, skill=skills.get(key), demands=tuple(demands.get(key, ())),
            modules=tuple(taught.get(key, ())),
        )
        for key in {*demands, *taught}
    ]  # fmt: skip
    speaking = {each.vacancy.pk for found in demands.values() for each in found}
    return Gap(
        lines=tuple(sorted(lines, key=lambda line: (-len(line.demands), -line.hours, line.key))),
        vacancies=len(open_ones),
        silent=len(open_ones) - len(speaking),
        modules=len(modules),
    )


def demands_of(
    vacancies: Iterable[Vacancy], skills: Mapping[str, Skill]
) -> Mapping[str, list[Demand]]:
    """Return which vacancies ask for each skill: what their employer chose, else what they say."""
    words = lexicon(skills.values())
    found: dict[str, list[Demand]] = defaultdict(list)
    for vacancy in vacancies:
        chosen = [key for key in vacancy.skills if key in skills]
        text = f"{vacancy.title_ko}\n{vacancy.title_en}\n{vacancy.description}"
        for key in chosen or words.find(text):
            found[key].append(Demand(vacancy=vacancy, named=bool(chosen)))
    return found


def cohorts_compared(visible: Q, *, programme: str = "") -> list[Cohort]:
    """Return the cohorts that are planned or run; where there is none, the newest that ended."""
    rows = Cohort.objects.filter(visible).distinct().select_related("programme")
    if programme:
        rows = rows.filter(programme__uuid=programme)
    found = list(rows.order_by("programme__name_ko", "-number"))
    coming = [row for row in found if row.state != CohortState.ENDED]
    return coming or found[:1]


def gap_rows(gap: Gap) -> Iterator[list[Any]]:
    """Yield a row per skill, for a spreadsheet."""
    names = {
        "missing": _("asked for, not taught"),
        "both": _("asked for and taught"),
        "unasked": _("taught, not asked for"),
    }
    for line in gap.lines:
        yield [
            line.name,
            line.skill.ncs_class if line.skill else "",
            names[line.standing],
            len(line.demands),
            line.seats,
            line.named,
            len(line.modules),
            line.hours,
        ]
