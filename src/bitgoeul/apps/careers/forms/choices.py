"""Forms of rankings and ratings in a round."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.careers.models import Application, Vacancy


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
