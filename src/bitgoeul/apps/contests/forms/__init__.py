"""Forms of the room; they read what people typed, the services decide."""

from bitgoeul.apps.contests.forms.bundles import BundleFactsForm, BundleUploadForm
from bitgoeul.apps.contests.forms.contests import (
    ContestChangesForm,
    ContestFilter,
    ContestForm,
    TermsForm,
)
from bitgoeul.apps.contests.forms.entries import EntryFilter, EntryForm, FinalsForm
from bitgoeul.apps.contests.forms.phases import NewPhaseForm, PhaseForm, PolicyForm
from bitgoeul.apps.contests.forms.talk import AnnouncementForm, AnswerForm, QuestionForm
from bitgoeul.apps.contests.forms.tasks import LabTaskForm, PredictionTaskForm, RejudgeForm
from bitgoeul.apps.contests.forms.teams import (
    InviteForm,
    MergeForm,
    PersonForm,
    ReasonForm,
    TeamFilter,
    TeamForm,
)
from bitgoeul.apps.contests.forms.uploads import content_of

__all__ = [
    "AnnouncementForm",
    "AnswerForm",
    "BundleFactsForm",
    "BundleUploadForm",
    "ContestChangesForm",
    "ContestFilter",
    "ContestForm",
    "EntryFilter",
    "EntryForm",
    "FinalsForm",
    "InviteForm",
    "LabTaskForm",
    "MergeForm",
    "NewPhaseForm",
    "PersonForm",
    "PhaseForm",
    "PolicyForm",
    "PredictionTaskForm",
    "QuestionForm",
    "ReasonForm",
    "RejudgeForm",
    "TeamFilter",
    "TeamForm",
    "TermsForm",
    "content_of",
]
