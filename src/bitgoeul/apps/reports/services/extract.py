"""Extracts for research: asked for, allowed by somebody else, made in the background, ended."""

import datetime as dt
import secrets
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.models import Programme
from bitgoeul.apps.reports import rules
from bitgoeul.apps.reports.enums import ExtractState
from bitgoeul.apps.reports.models import Extract
from bitgoeul.apps.reports.models.extract import FOLDER
from bitgoeul.apps.reports.queries.extract import MADE, content_of
from bitgoeul.apps.reports.queries.extract_fields import FIELDS
from bitgoeul.apps.reports.services.notices import tell_extract_asked, tell_extract_settled
from bitgoeul.core import jobs, journal
from bitgoeul.core.clock import SEOUL
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.registry import resolve
from bitgoeul.core.journal.services import record_reading

# By its path: tasks stand above services, and only the queue looks the name up.
_MAKE = "bitgoeul.apps.reports.tasks.make_extract"


@transaction.atomic
def ask_for_extract(
    *,
    title: str,
    purpose: str,
    ethics: str,
    columns: Sequence[str],
    programmes: Sequence[Programme],
    starts_on: dt.date,
    ends_on: dt.date,
    days: int,
    by: User,
    at: dt.datetime,
) -> Extract:
    """Take a researcher's request in.

    Raises
    ------
    Refused
        When somebody else asks, a column is unknown, or nothing is chosen.
    """
    if not rules.can_ask_for_extracts(by):
        raise Refused(_("Only researchers of the alliance ask for extracts."))
    if not columns or set(columns) - FIELDS.keys():
        raise Refused(_("Choose at least one column that exists."))
    if not programmes:
        raise Refused(_("Choose at least one programme."))
    extract = Extract(
        title=title.strip(),
        purpose=purpose.strip(),
        ethics=ethics.strip(),
        # In the order of the catalogue, so that equal requests read alike.
        columns=[name for name in FIELDS if name in set(columns)],
        starts_on=starts_on,
        ends_on=ends_on,
        days=days,
        asked_by=by,
        asked_at=at,
    )
    try:
        extract.full_clean(exclude=["key", "file"])
    except ValidationError as error:
        raise Refused("; ".join(error.messages)) from error
    extract.save(force_insert=True)
    extract.programmes.set(programmes)
    after = {"purpose": extract.purpose, "ethics": extract.ethics, "columns": extract.columns}
    journal.record(event="extract.asked", by=by, at=at, on=extract, after=after)
    tell_extract_asked(extract, at=at)
    return extract


@transaction.atomic
def decide_extract(
    *, extract: Extract, allow: bool, note: str, by: User, at: dt.datetime
) -> Extract:
    """Allow an extract, which begins its making, or refuse it; never one's own.

    Raises
    ------
    Refused
        When this person may not decide of it, or it is decided already.
    """
    extract = _locked(extract)
    if not rules.can_decide_extract(by, extract):
        raise Refused(_("Another officer who runs these programmes decides of it."))
    if extract.state != ExtractState.ASKED:
        raise Refused(_("It has been decided already."))
    if not allow and not note.strip():
        raise Refused(_("Say why it is refused."))
    extract.state = ExtractState.ALLOWED if allow else ExtractState.REFUSED
    extract.decided_by, extract.decided_at, extract.note = by, at, note.strip()
    if allow:
        extract.key = secrets.token_urlsafe(32)
        extract.expires_on = at.astimezone(SEOUL).date() + dt.timedelta(days=extract.days)
        _enqueue(extract, by=by, at=at)
    extract.save()
    event = "extract.allowed" if allow else "extract.refused"
    details = {"expires_on": str(extract.expires_on or "")}
    after = {"note": extract.note}
    journal.record(event=event, by=by, at=at, on=extract, after=after, details=details)
    if not allow:
        tell_extract_settled(extract, at=at)
    return extract


@transaction.atomic
def make_extract(*, extract: Extract, at: dt.datetime) -> Extract:
    """Write the file of an allowed extract, and note of everyone in it that they are read."""
    extract = _locked(extract)
    if extract.state != ExtractState.ALLOWED or not extract.key:
        return extract
    content = content_of(extract, key=extract.key)
    extract.rows, extract.digest, extract.told = content.rows, content.digest, dict(content.told)
    extract.state = ExtractState.READY if content.rows else ExtractState.EMPTY
    extract.made_at = at
    if content.rows:
        # What an interrupted run left behind stands under the same name.
        extract.file.storage.delete(f"{FOLDER}{extract.uuid}.zip")
        extract.file.save(f"{extract.uuid}.zip", ContentFile(content.file), save=False)
        record_reading(
            by=extract.asked_by,
            at=at,
            of=content.people,
            what=MADE,
            purpose=_("Extract for research"),
            reason=extract.title,
            about=extract.uuid,
        )
    else:
        extract.key = ""
    extract.save()
    details = {"rows": extract.rows, "people": len(content.people), "digest": extract.digest}
    journal.record(event="extract.made", by=None, at=at, on=extract, details=details)
    tell_extract_settled(extract, at=at)
    return extract


@transaction.atomic
def renew_extract(*, extract: Extract, by: User, at: dt.datetime) -> None:
    """Have a file made again, with the same pseudonyms, because somebody in it has withdrawn."""
    extract = _locked(extract)
    if extract.state != ExtractState.READY:
        return
    storage, name = extract.file.storage, str(extract.file.name)
    extract.state, extract.digest, extract.file = ExtractState.ALLOWED, "", ""
    extract.save()
    # After the commit: a row that still promises a file must have one.
    transaction.on_commit(lambda: storage.delete(name))
    _enqueue(extract, by=by, at=at)
    journal.record(event="extract.renewed", by=by, at=at, on=extract)


@transaction.atomic
def end_extract(*, extract: Extract, by: User, at: dt.datetime) -> Extract:
    """End an extract before its day: the retention job destroys key and file, and certifies it."""
    extract = _locked(extract)
    if not (rules.can_fetch_extract(by, extract) or rules.can_decide_extract(by, extract)):
        raise Refused(_("Who asked for it or decides of it ends it."))
    today = at.astimezone(SEOUL).date()
    if extract.expires_on is None or extract.is_over(on=today):
        raise Refused(_("It has ended already, or never began."))
    extract.expires_on = today - dt.timedelta(days=1)
    extract.save(update_fields=["expires_on"])
    journal.record(event="extract.ended", by=by, at=at, on=extract)
    # The daily job's own name: waiting once is enough.
    jobs.enqueue(resolve("bitgoeul.core.privacy.tasks.erase_what_is_due"), by=by, at=at,
                 dedupe="privacy.erase")  # fmt: skip
    return extract


def _enqueue(extract: Extract, *, by: User, at: dt.datetime) -> None:
    key = f"reports.extract:{extract.uuid}"
    jobs.enqueue(resolve(_MAKE), by=by, at=at, dedupe=key, extract=str(extract.uuid))


def _locked(extract: Extract) -> Extract:
    rows = Extract.objects.select_for_update(of=("self",)).select_related("asked_by")
    return rows.get(pk=extract.pk)
