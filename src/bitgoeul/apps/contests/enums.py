"""Kinds, states and verdicts of contests."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContestKind(TextChoices):
    """How the order of the teams is found: scored by a machine, or judged by people."""

    DATA = "data", _("Data contest")
    PITCH = "pitch", _("Pitch contest")


class ContestState(TextChoices):
    DRAFT = "draft", pgettext_lazy("contest", "Draft")
    PUBLISHED = "published", pgettext_lazy("contest", "Announced")
    RUNNING = "running", pgettext_lazy("contest", "Running")
    JUDGING = "judging", pgettext_lazy("contest", "Being judged")
    CLOSED = "closed", pgettext_lazy("contest", "Closed")


class ExternalData(TextChoices):
    """Whether data from elsewhere may be used."""

    NONE = "none", _("No data from elsewhere")
    DECLARED = "declared", _("Public data, if the team says which")
    FREE = "free", _("Any data that one may lawfully use")


class TermsKind(TextChoices):
    """What whoever takes part agrees to, each text in versions."""

    CONDUCT = "conduct", _("Code of conduct")
    EXTERNAL_DATA = "external_data", _("Rule for data from elsewhere")


class Audience(TextChoices):
    """Who asks for a score."""

    PUBLIC = "public", _("Everybody")
    PARTICIPANTS = "participants", _("Participants")
    TEAM = "team", _("One's own team")
    ORGANISER = "organiser", _("Organiser")


class Shown(TextChoices):
    """From when on somebody sees something."""

    NEVER = "never", _("Never")
    ALWAYS = "always", _("At once")
    PHASE_END = "phase_end", _("When the phase has ended")
    RESULTS = "results", _("When the contest is closed")


class BoardMode(TextChoices):
    """What the public board tells of a score on the public part."""

    PLAIN = "plain", _("Every score as it is")
    LADDER = "ladder", _("Only significant improvements (Ladder)")


class TeamState(TextChoices):
    ACTIVE = "active", pgettext_lazy("team", "Taking part")
    MERGED = "merged", pgettext_lazy("team", "Merged into another")
    WITHDRAWN = "withdrawn", pgettext_lazy("team", "Withdrawn")
    DISQUALIFIED = "disqualified", pgettext_lazy("team", "Disqualified")


class MergeState(TextChoices):
    ASKED = "asked", pgettext_lazy("merge", "Waits for the other captain")
    AGREED = "agreed", pgettext_lazy("merge", "Agreed")
    DECLINED = "declined", pgettext_lazy("merge", "Declined")
    TAKEN_BACK = "taken_back", pgettext_lazy("merge", "Taken back")


class EntryState(TextChoices):
    QUEUED = "queued", pgettext_lazy("entry", "Waits to be scored")
    SCORED = "scored", pgettext_lazy("entry", "Scored")
    REFUSED = "refused", pgettext_lazy("entry", "Not scored: what was handed in is at fault")
    FAILED = "failed", pgettext_lazy("entry", "Not scored: our fault, the attempt is given back")
    RECEIVED = "received", pgettext_lazy("entry", "Received: people judge it")


class Verdict(TextChoices):
    """Why an entry ended as it did."""

    SCORED = "scored", pgettext_lazy("verdict", "Scored")
    FORMAT = "format", pgettext_lazy("verdict", "The file is not as asked")
    TIME = "time", pgettext_lazy("verdict", "It took longer than allowed")
    MEMORY = "memory", pgettext_lazy("verdict", "It needed more memory than allowed")
    RUNTIME = "runtime", pgettext_lazy("verdict", "The program stopped with an error")
    SCORER = "scorer", pgettext_lazy("verdict", "The scorer of the contest is at fault")
    PLATFORM = "platform", pgettext_lazy("verdict", "A fault on our side")


class ScorerState(TextChoices):
    CANDIDATE = "candidate", pgettext_lazy("scorer", "Being tried")
    CURRENT = "current", pgettext_lazy("scorer", "In force")
    FORMER = "former", pgettext_lazy("scorer", "Replaced")
    DROPPED = "dropped", pgettext_lazy("scorer", "Given up")


class FlagKind(TextChoices):
    """What made two entries of different teams conspicuous."""

    SAME_PREDICTIONS = "same_predictions", _("The same predictions")
    SAME_ERRORS = "same_errors", _("The same mistakes")
    SAME_CODE = "same_code", _("Much the same program")


class FlagState(TextChoices):
    OPEN = "open", pgettext_lazy("flag", "Not judged yet")
    HARMLESS = "harmless", pgettext_lazy("flag", "Harmless")
    BREACH = "breach", pgettext_lazy("flag", "A breach of the rules")
