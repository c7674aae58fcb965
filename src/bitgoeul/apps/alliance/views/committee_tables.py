"""Decisions, actions and documents as tables on a page, and as rows of a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import ActionState, DocumentAccess
from bitgoeul.apps.alliance.models import Action, Decision, SharedDocument
from bitgoeul.core import clock, formats, tables
from bitgoeul.core.tables import Column


def _day(day: Any) -> str:
    return formats.day(day, "en" if get_language() == "en" else "ko")


def decision_state(decision: Decision) -> str:
    """How a decision stands, in words."""
    if not decision.carried:
        return pgettext("decision", "Rejected")
    replaced = getattr(decision, "superseded_by", None) is not None
    return pgettext("decision", "Superseded") if replaced else pgettext("decision", "Stands")


def _decision_badge(decision: Decision) -> SafeString:
    replaced = getattr(decision, "superseded_by", None) is not None
    kind = "" if replaced or not decision.carried else "ok"
    return tables.badge(decision_state(decision), kind)


def decisions_table(decisions: Iterable[Decision]) -> SafeString:
    """Draw decisions."""
    address = tables.Address("alliance:decision_detail")
    columns = (
        Column(label=_("No."), cell=lambda d: d.key, short=True),
        Column(
            label=_("Decision"), cell=lambda d: tables.link(address(d.uuid), d.title), heads=True
        ),
        Column(label=_("Meeting"), cell=lambda d: str(d.meeting)),
        Column(label=_("Takes effect"), cell=lambda d: _day(d.effective_on), short=True),
        Column(label=_("State"), cell=_decision_badge),
    )
    return tables.table(decisions, columns, label=_("Decisions"))


def decision_header() -> list[str]:
    """The columns of the file."""
    return [
        _("No."),
        _("Decision"),
        _("Text of the decision"),
        _("Meeting"),
        _("Takes effect"),
        _("State"),
        _("Votes"),
    ]


def decision_row(decision: Decision) -> Sequence[Any]:
    """A line of the file."""
    votes = "; ".join(
        f"{vote.organisation} {vote.in_favour}/{vote.against}/{vote.abstained}"
        for vote in decision.votes.all()
    )
    return (
        decision.key,
        decision.title,
        decision.text,
        str(decision.meeting),
        decision.effective_on,
        decision_state(decision),
        votes,
    )


def action_badge(action: Action) -> SafeString:
    """How an action stands."""
    if action.state == ActionState.OPEN and action.due_on < clock.today():
        return tables.badge(_("Overdue"), "bad")
    kinds = {ActionState.OPEN: "info", ActionState.DONE: "ok"}
    return tables.badge(action.get_state_display(), kinds.get(ActionState(action.state), ""))


def actions_table(actions: Iterable[Action]) -> SafeString:
    """Draw actions."""
    address = tables.Address("alliance:action_detail")
    columns = (
        Column(
            label=pgettext("committee", "Action"),
            cell=lambda a: tables.link(address(a.uuid), a.text),
            heads=True,
        ),
        Column(label=_("Who does it"), cell=lambda a: tables.lines([a.owner, a.organisation])),
        Column(label=_("Until when"), cell=lambda a: _day(a.due_on), short=True),
        Column(
            label=pgettext("committee", "From"), cell=lambda a: str(a.decision or a.meeting or "–")
        ),
        Column(label=_("State"), cell=action_badge),
    )
    return tables.table(actions, columns, label=_("Actions"))


def action_header() -> list[str]:
    """The columns of the file."""
    return [
        pgettext("committee", "Action"),
        _("Who does it"),
        _("Party"),
        _("Until when"),
        _("State"),
        _("Decision"),
        _("Meeting"),
        _("Evidence or reason"),
        _("Settled on"),
    ]


def action_row(action: Action) -> Sequence[Any]:
    """A line of the file."""
    return (
        action.text,
        action.owner.full_name,
        str(action.organisation),
        action.due_on,
        action.get_state_display(),
        action.decision.key if action.decision else "",
        action.meeting.key if action.meeting else "",
        action.outcome,
        action.settled_at,
    )


def _audience(document: SharedDocument) -> str:
    if document.access == DocumentAccess.PARTY:
        return _("Only %(party)s") % {"party": document.party}
    return document.get_access_display()


def documents_table(documents: Iterable[SharedDocument]) -> SafeString:
    """Draw documents."""
    address = tables.Address("alliance:document_detail")
    columns = (
        Column(
            label=_("Document"), cell=lambda d: tables.link(address(d.uuid), d.title), heads=True
        ),
        Column(label=_("Who may read it"), cell=_audience),
        Column(label=_("Version"), cell=lambda d: d.versions.all()[0].number, number=True),
        Column(label=_("Since"), cell=lambda d: _day(d.versions.all()[0].uploaded_at), short=True),
        Column(
            label=_("Last day"),
            cell=lambda d: _day(d.expires_on) if d.expires_on else "–",
            short=True,
        ),
    )
    return tables.table(documents, columns, label=_("Shared documents"))


def document_header() -> list[str]:
    """The columns of the file."""
    return [
        _("Document"),
        _("Who may read it"),
        _("Version"),
        _("File"),
        _("Since"),
        _("Last day"),
        "SHA-256",
    ]


def document_row(document: SharedDocument) -> Sequence[Any]:
    """A line of the file."""
    newest = document.versions.all()[0]
    return (
        document.title,
        _audience(document),
        newest.number,
        newest.name,
        newest.uploaded_at,
        document.expires_on,
        newest.sha256,
    )
