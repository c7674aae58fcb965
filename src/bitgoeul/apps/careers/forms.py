"""Forms of the room."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import (
    CheckState,
    EmploymentType,
    EvidenceKind,
    ExclusionReason,
    OfferState,
    PlacementKind,
    VacancyState,
)
from bitgoeul.apps.careers.models import (
    Application,
    MatchingRound,
    Profile,
    Vacancy,
)
from bitgoeul.apps.credentials.models import Skill
from bitgoeul.apps.programmes.models import Cohort, Programme

_DAY = {"type": "date"}


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs=_DAY, format="%Y-%m-%d")


def _moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class VacancyForm(forms.ModelForm):
    """A vacancy as its employer writes it; the share of local talents is asked in per cent."""

    local_percent = forms.IntegerField(
        label=_("Target share of local talents in per cent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("30 means that three of ten seats are meant for local talents."),
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills asked for"),
        required=False,
        help_text=_("They are held against what is taught. Without a choice, the text counts."),
    )

    class Meta:
        model = Vacancy
        fields = (
            "organisation",
            "number",
            "title_ko",
            "title_en",
            "description",
            "research_centre",
            "site",
            "region",
            "employment_type",
            "seats",
            "wage_from_won",
            "wage_to_won",
            "opens_on",
            "closes_on",
        )
        labels = {"organisation": _("Organisation")}
        widgets = {
            "opens_on": _day_input(),
            "closes_on": _day_input(),
            "description": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "number": _("Leave it empty to be given one."),
            "description": _(
                "Say what the work is. Never ask for looks, birthplace, family or wealth."
            ),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = rules.employers_of(person)  # type: ignore[attr-defined]  # a choice of rows
        self.fields["number"].required = False
        skills = Skill.objects.order_by("name_ko")
        self.fields["skills"].choices = [(row.key, row.name) for row in skills]  # type: ignore[attr-defined]  # a choice
        if self.instance.pk:
            del self.fields["organisation"]
            self.initial["local_percent"] = round(self.instance.local_share * 100)
            self.initial["skills"] = list(self.instance.skills)

    def clean_number(self) -> str:
        """An empty number keeps the present one, or asks for a new one."""
        return self.cleaned_data["number"] or (self.instance.number if self.instance.pk else "")

    def clean(self) -> dict[str, Any]:
        """Compare dates and wages with each other."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("opens_on"), cleaned.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("The last day is before the first one."))
        low, high = cleaned.get("wage_from_won"), cleaned.get("wage_to_won")
        if low is not None and high is not None and high < low:
            self.add_error("wage_to_won", _("The highest wage is below the lowest one."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return what the services take."""
        facts = {
            name: value for name, value in self.cleaned_data.items() if name != "local_percent"
        }
        facts["local_share"] = (self.cleaned_data.get("local_percent") or 0) / 100
        facts["skills"] = sorted(self.cleaned_data["skills"])
        return facts


class VacancyFilter(forms.Form):
    """Which vacancies to list."""

    q = forms.CharField(label=_("Words in title or organisation"), required=False, max_length=80)
    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("All regions")), *Region.choices]
    )
    employment_type = forms.ChoiceField(
        label=_("Kind of employment"),
        required=False,
        choices=[("", _("All kinds")), *EmploymentType.choices],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *VacancyState.choices],
    )
    research_centre = forms.BooleanField(label=_("Research centre only"), required=False)


class GapFilter(forms.Form):
    """With the cohorts of which programme vacancies are compared."""

    programme = forms.UUIDField(label=_("Programme"), required=False, widget=forms.Select)

    def __init__(self, *args: Any, visible: Q | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if visible is not None:
            cohorts = Cohort.objects.filter(visible).values("programme")
            found = Programme.objects.filter(pk__in=cohorts).order_by("name_ko")
            choices = [(str(row.uuid), row.name) for row in found]
            self.fields["programme"].widget.choices = [("", gettext("All programmes")), *choices]


class ProfileForm(forms.ModelForm):
    """What a graduate shows to employers."""

    link = forms.URLField(
        label=_("Portfolio"), required=False, max_length=300, assume_scheme="https"
    )

    class Meta:
        model = Profile
        fields = ("headline", "about", "link", "visible")
        widgets = {"about": forms.Textarea(attrs={"rows": 8})}


class RoundForm(forms.ModelForm):
    """A round before it opens."""

    vacancies = forms.ModelMultipleChoiceField(
        label=_("Vacancies in the round"),
        queryset=Vacancy.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = MatchingRound
        fields = (
            "cohort",
            "name_ko",
            "name_en",
            "closes_at",
            "offers_expire_at",
            "reserve_mode",
            "reserve_rounding",
            "reserve_min_seats",
            "reserve_floor",
            "reserve_extra_cap",
            "vacancies",
        )
        labels = {"cohort": _("Cohort")}
        widgets = {"closes_at": _moment_input(), "offers_expire_at": _moment_input()}
        help_texts = {
            "reserve_mode": _("The share itself stands at each vacancy."),
            "reserve_floor": _("Only where extra people pass above the seats; empty: no floor."),
            "reserve_extra_cap": _("Only where extra people pass; 0.1 is a tenth of the seats."),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cohorts = Cohort.objects.filter(pk__in=rules.cohorts_run_by(person).values("pk"))
        self.fields["cohort"].queryset = cohorts.select_related("programme")  # type: ignore[attr-defined]  # a choice of rows
        self.fields["vacancies"].queryset = Vacancy.objects.filter(  # type: ignore[attr-defined]  # the same
            state=VacancyState.OPEN
        ).select_related("organisation")
        self.fields["vacancies"].label_from_instance = _vacancy_label  # type: ignore[attr-defined]  # the same
        if self.instance.pk:
            del self.fields["cohort"]

    def clean(self) -> dict[str, Any]:
        """Answers cannot end before the collecting does."""
        cleaned = super().clean() or self.cleaned_data
        closes, expire = cleaned.get("closes_at"), cleaned.get("offers_expire_at")
        if closes and expire and expire < closes:
            self.add_error("offers_expire_at", _("This is before ratings and rankings have ended."))
        return cleaned


def _vacancy_label(vacancy: Vacancy) -> str:
    return f"{vacancy.organisation} – {vacancy.title} ({vacancy.number}, {vacancy.seats})"


class RankForm(forms.Form):
    """A number beside each vacancy, 1 for the most wanted; empty where one does not want it."""

    def __init__(
        self, *args: Any, vacancies: Iterable[Vacancy], ranking: Sequence[Vacancy], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        place = {vacancy.pk: rank for rank, vacancy in enumerate(ranking, start=1)}
        self.rows = sorted(vacancies, key=lambda row: (place.get(row.pk, 10**6), str(row)))
        for vacancy in self.rows:
            self.fields[_rank_name(vacancy)] = forms.IntegerField(
                label=gettext("Rank of %(title)s") % {"title": vacancy.title},
                required=False,
                min_value=1,
                max_value=999,
                initial=place.get(vacancy.pk),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def clean(self) -> dict[str, Any]:
        """No rank twice."""
        cleaned = super().clean() or {}
        seen: dict[int, str] = {}
        for name, rank in list(cleaned.items()):
            if rank is not None and seen.setdefault(rank, name) != name:
                self.add_error(name, _("Another vacancy already has this rank."))
        return cleaned

    def entries(self) -> list[tuple[Vacancy, BoundField]]:
        """Each vacancy with its field, the ranked ones first."""
        return [(vacancy, self[_rank_name(vacancy)]) for vacancy in self.rows]

    def ordered(self) -> list[Vacancy]:
        """The list as the numbers say, after the button that was pressed, if any."""
        ranks = {row: self.cleaned_data.get(_rank_name(row)) for row in self.rows}
        wanted = [row for row in self.rows if ranks[row] is not None]
        wanted.sort(key=lambda row: ranks[row] or 0)
        return _moved(wanted, self.rows, str(self.data.get("move", "")))


def _moved(wanted: list[Vacancy], rows: Sequence[Vacancy], move: str) -> list[Vacancy]:
    action, _separator, uuid = move.partition(":")
    moving = next((row for row in rows if str(row.uuid) == uuid), None)
    if moving is None:
        return wanted
    place = wanted.index(moving) if moving in wanted else len(wanted)
    others = [row for row in wanted if row != moving]
    if action == "remove":
        return others
    target = {"up": place - 1, "down": place + 1}.get(action, len(others))
    others.insert(max(0, target), moving)
    return others


def _rank_name(vacancy: Vacancy) -> str:
    return f"rank_{vacancy.uuid.hex}"


class RatingForm(forms.Form):
    """A rating beside each applicant, or the word that the employer does not accept them."""

    def __init__(self, *args: Any, applications: Iterable[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(applications)
        for row in self.rows:
            name = {"name": row.person.full_name}
            self.fields[f"rating_{row.uuid.hex}"] = forms.DecimalField(
                label=gettext("Rating of %(name)s") % name,
                required=False,
                min_value=0,
                max_value=100,
                max_digits=5,
                decimal_places=2,
                initial=row.rating,
            )
            self.fields[f"refuse_{row.uuid.hex}"] = forms.BooleanField(
                label=gettext("%(name)s is not acceptable") % name,
                required=False,
                initial=row.rated_at is not None and row.rating is None,
            )

    def clean(self) -> dict[str, Any]:
        """A person is rated or refused, never both, and never neither again."""
        cleaned = super().clean() or {}
        for row in self.rows:
            rating = cleaned.get(f"rating_{row.uuid.hex}")
            refused = cleaned.get(f"refuse_{row.uuid.hex}")
            if rating is not None and refused:
                self.add_error(
                    f"rating_{row.uuid.hex}",
                    _("Give a rating or say “not acceptable”, not both."),
                )
            elif rating is None and not refused and row.rated_at is not None:
                self.add_error(
                    f"rating_{row.uuid.hex}",
                    _("A rating cannot be taken back: change it or say “not acceptable”."),
                )
        return cleaned

    def entries(self) -> list[tuple[Application, BoundField, BoundField]]:
        """Each applicant with both fields."""
        return [
            (row, self[f"rating_{row.uuid.hex}"], self[f"refuse_{row.uuid.hex}"])
            for row in self.rows
        ]

    def ratings(self) -> dict[Application, Decimal | None]:
        """What changed: a rating, or None for “not acceptable”."""
        found: dict[Application, Decimal | None] = {}
        for row in self.rows:
            rating = self.cleaned_data.get(f"rating_{row.uuid.hex}")
            refused = self.cleaned_data.get(f"refuse_{row.uuid.hex}")
            says_something = rating is not None or refused
            if says_something and (row.rated_at is None or row.rating != rating):
                found[row] = rating
        return found


class OfferFilter(forms.Form):
    """Which offers to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *OfferState.choices]
    )


class StartForm(forms.Form):
    """A job that an accepted offer led to."""

    started_on = forms.DateField(label=_("First day at work"), widget=_day_input())
    evidence_kind = forms.ChoiceField(
        label=_("Evidence"),
        required=False,
        choices=[("", _("None yet")), *EvidenceKind.choices],
    )
    evidence_on = forms.DateField(
        label=_("Date of the evidence"), required=False, widget=_day_input()
    )

    def clean(self) -> dict[str, Any]:
        """Evidence has a kind and a date, or neither."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("evidence_kind")) != bool(cleaned.get("evidence_on")):
            name = "evidence_on" if cleaned.get("evidence_kind") else "evidence_kind"
            self.add_error(name, _("Evidence needs both its kind and its date."))
        return cleaned


class PlacementForm(StartForm):
    """A job or an own company that began without an offer."""

    email = forms.EmailField(label=_("E-mail of the graduate"))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.order_by("name_ko")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=PlacementKind.choices)

    field_order = ("email", "organisation", "kind")

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()


class EvidenceForm(StartForm):
    """What proves a job."""

    started_on = None  # type: ignore[assignment]  # Django's way to leave out an inherited field


class EndForm(forms.Form):
    """The last day at work."""

    ended_on = forms.DateField(label=_("Last day at work"), widget=_day_input())


class PlacementFilter(forms.Form):
    """Which placements to list."""

    q = forms.CharField(label=_("Part of a name"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *PlacementKind.choices]
    )
    proof = forms.ChoiceField(
        label=_("Evidence"),
        required=False,
        choices=[
            ("", _("With and without")),
            ("there", _("Evidence there")),
            ("missing", _("Evidence missing")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), ("current", _("Still at work")), ("ended", _("Ended"))],
    )


class CheckFilter(forms.Form):
    """Which retention checks to list."""

    q = forms.CharField(label=_("Part of a name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), ("open", _("Without an answer")), *CheckState.choices],
    )


class AnswerForm(forms.Form):
    """The answer to a retention check."""

    state = forms.ChoiceField(
        label=_("Answer"),
        choices=[choice for choice in CheckState.choices if choice[0] != CheckState.DUE],
    )


class ExclusionFilter(forms.Form):
    """Which exclusions to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)


class ExclusionForm(forms.Form):
    """A person who does not count in the employment rate."""

    cohort = forms.ModelChoiceField(label=_("Cohort"), queryset=Cohort.objects.none())
    email = forms.EmailField(label=_("E-mail of the graduate"))
    reason = forms.ChoiceField(label=_("Reason"), choices=ExclusionReason.choices)
    evidence_on = forms.DateField(label=_("Date of the evidence"), widget=_day_input())
    evidence_note = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=200,
        help_text=_("What was shown, such as a letter of admission. No diagnosis, no number."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cohorts = Cohort.objects.filter(pk__in=rules.cohorts_run_by(person).values("pk"))
        self.fields["cohort"].queryset = cohorts.select_related("programme")  # type: ignore[attr-defined]  # a choice of rows

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()
