"""Forms of phases and of who sees what of their scores."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.enums import BoardMode, Shown
from bitgoeul.apps.contests.forms.moments import moments
from bitgoeul.apps.contests.models import Phase, ScorePolicy


class PhaseForm(forms.ModelForm):
    """A phase."""

    board = forms.ChoiceField(
        label=_("Public board"),
        choices=BoardMode.choices,
        required=False,
        initial=BoardMode.LADDER,
        help_text=_(
            "The Ladder shows a new score only if it is better than the team's best by more than "
            "chance; it rules for accuracy, log loss, RMSE and MAE, which are means over rows."
        ),
    )

    def clean_board(self) -> str:
        """Leave the board as it is where nothing was chosen."""
        return self.cleaned_data["board"] or self.instance.board

    class Meta:
        model = Phase
        fields = (
            "title_ko",
            "title_en",
            "opens_at",
            "closes_at",
            "daily_limit",
            "total_limit",
            "finals",
            "advances",
            "board",
        )
        widgets = moments("opens_at", "closes_at")
        help_texts = {
            "daily_limit": _("Of a team, not of a person; the day is the Korean date."),
            "finals": _("The team chooses them; where it chooses none, its best count."),
            "advances": _("0: every team goes on to the next phase."),
        }


class NewPhaseForm(PhaseForm):
    """A new phase; whether it is blind is asked once, later each audience has its own row."""

    blind = forms.BooleanField(
        label=_("Blind: nobody sees a score or a rank before the contest is closed"), required=False
    )


class PolicyForm(forms.ModelForm):
    """Who sees what from when on, for one audience."""

    public_score = forms.ChoiceField(label=_("Score on the public part"), choices=Shown.choices)
    private_score = forms.ChoiceField(label=_("Score on the private part"), choices=Shown.choices)
    rank = forms.ChoiceField(label=_("Rank"), choices=Shown.choices)

    class Meta:
        model = ScorePolicy
        fields = ("public_score", "private_score", "rank")
