"""Documents that a committee shares: admitted by the one gate, in versions, withdrawn for good."""

import datetime as dt
import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.enums import DocumentAccess
from bitgoeul.apps.alliance.models import (
    AgendaItem,
    Committee,
    DocumentVersion,
    Organisation,
    SharedDocument,
    User,
)
from bitgoeul.apps.alliance.services.actions import Paper, admit_paper
from bitgoeul.apps.alliance.services.organisations import check
from bitgoeul.core import formats, journal, uploads
from bitgoeul.core.errors import Refused


def share_document(
    *,
    committee: Committee,
    title: str,
    paper: Paper,
    access: str,
    by: User | None,
    at: dt.datetime,
    party: Organisation | None = None,
    personal: bool = False,
    expires_on: dt.date | None = None,
    item: AgendaItem | None = None,
) -> SharedDocument:
    """Share a document: its first version, whom it is for, and until when."""
    if by is not None and not rules.can_share_document(by, committee):
        raise Refused(_("Documents are shared by members of the committee."))
    if item is not None and item.meeting.committee_id != committee.pk:
        raise Refused(_("The item belongs to another committee."))
    admit_paper(paper)
    document = SharedDocument(
        committee=committee,
        item=item,
        title=title,
        access=access,
        party=party if access == DocumentAccess.PARTY else None,
        personal=personal,
        expires_on=expires_on,
        created_at=at,
    )
    _check_access(document, by=by, at=at)
    version = _version(document, paper, number=1, note="", by=by, at=at)
    _write(version, paper, document=document, event="document.shared", by=by, at=at)
    return document


def add_document_version(
    *,
    document: SharedDocument,
    paper: Paper,
    by: User,
    at: dt.datetime,
    note: str = "",
) -> DocumentVersion:
    """Add a version; the earlier ones stay."""
    if not rules.can_change_document(by, document):
        raise Refused(_("You may not change this document."))
    admit_paper(paper)
    last = document.versions.aggregate(n=Max("number"))["n"] or 0
    version = _version(document, paper, number=last + 1, note=note, by=by, at=at)
    _write(version, paper, document=None, event="document.renewed", by=by, at=at)
    return version


def withdraw_document(
    *, document: SharedDocument, reason: str, by: User, at: dt.datetime
) -> SharedDocument:
    """Withdraw a document: from now on nobody reads it; that it was there stays in the journal."""
    if not rules.can_change_document(by, document):
        raise Refused(_("You may not change this document."))
    if not reason.strip():
        raise Refused(_("Say why the document is withdrawn."))
    with transaction.atomic():
        document.withdrawn_at, document.withdrawn_by = at, by
        document.withdrawn_reason = reason.strip()
        check(document)
        document.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        journal.record(
            event="document.withdrawn",
            by=by,
            at=at,
            on=document,
            reason=document.withdrawn_reason,
            details={"committee": str(document.committee.uuid)},
        )
    return document


def _check_access(document: SharedDocument, *, by: User | None, at: dt.datetime) -> None:
    if document.access == DocumentAccess.PARTY:
        if document.party is None:
            raise Refused(_("Say for which party the document is."))
        own = {
            s.organisation_id for s in rules.seats_of(by) if s.committee_id == document.committee_id
        }
        if by is not None and document.party_id not in own:
            raise Refused(_("A document for one party is shared by a member of that party."))
    if document.personal and document.access == DocumentAccess.PUBLIC:
        raise Refused(_("A document with personal data cannot be open to everybody."))
    if document.expires_on is not None and document.expires_on < formats.local_date(at):
        raise Refused(_("The last day lies in the past."))
    check(document)


def _version(
    document: SharedDocument,
    paper: Paper,
    *,
    number: int,
    note: str,
    by: User | None,
    at: dt.datetime,
) -> DocumentVersion:
    return DocumentVersion(
        document=document,
        number=number,
        name=uploads.safe_name(paper.name),
        size=len(paper.content),
        sha256=hashlib.sha256(paper.content).hexdigest(),
        note=note,
        uploaded_by=by,
        uploaded_at=at,
    )


def _write(
    version: DocumentVersion,
    paper: Paper,
    *,
    document: SharedDocument | None,
    event: str,
    by: User | None,
    at: dt.datetime,
) -> None:
    try:
        with transaction.atomic():
            if document is not None:
                document.save(force_insert=True)
                version.document = document
            version.file.save(version.name, ContentFile(paper.content), save=False)
            check(version)
            version.save(force_insert=True)
            kept = version.document
            journal.record(
                event=event,
                by=by,
                at=at,
                on=kept,
                after={"title": kept.title, "access": kept.access, "sha256": version.sha256},
                details={
                    "committee": str(kept.committee.uuid),
                    "access": kept.access,
                    "version": version.number,
                    "sha256": version.sha256,
                },
            )
    except BaseException:
        # The row is gone with the transaction; the file must not outlive it.
        if version.file.name:
            version.file.storage.delete(version.file.name)
        raise
