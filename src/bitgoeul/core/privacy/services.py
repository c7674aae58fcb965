"""Asking to be forgotten, deciding of it, doing it, and the certificate of what is gone."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bitgoeul.core import journal
from bitgoeul.core.clock import SEOUL
from bitgoeul.core.errors import Refused
from bitgoeul.core.privacy import registry, rules
from bitgoeul.core.privacy.declarations import Erase
from bitgoeul.core.privacy.erasing import Kept, erase, erase_overdue, kept_about
from bitgoeul.core.privacy.models import Certificate, ErasureItem, ErasureRequest
from bitgoeul.engines import evidence

Decision = ErasureItem.Decision
State = ErasureRequest.State


def ask_for_erasure(*, person: Any, wish: str, by: Any, at: dt.datetime) -> ErasureRequest:
    """Take a person's request in; one at a time.

    Raises
    ------
    Refused
        When somebody asks for another, or a request is waiting already.
    """
    if not rules.can_ask_for_erasure(by, person):
        raise Refused(_("Everybody asks for the erasure of their own data."))
    request = ErasureRequest(person=person, wish=wish.strip(), asked_at=at)
    request.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            request.save(force_insert=True)
            _write_items(request)
            journal.record(
                event="erasure.asked", by=by, at=at, on=request, after={"wish": request.wish}
            )
    except IntegrityError:
        raise Refused(_("A request of yours is waiting already.")) from None
    return request


def withdraw_request(*, request: ErasureRequest, by: Any, at: dt.datetime) -> ErasureRequest:
    """Take a request back as long as nothing was decided."""
    if not rules.can_ask_for_erasure(by, request.person):
        raise Refused(_("Everybody asks for the erasure of their own data."))
    with transaction.atomic():
        request = _locked(request)
        if request.state != State.OPEN:
            raise Refused(_("It has been decided already."))
        request.state, request.ended_at = State.WITHDRAWN, at
        request.save(update_fields=["state", "ended_at"])
        journal.record(event="erasure.withdrawn", by=by, at=at, on=request)
    return request


def decide_request(
    *,
    request: ErasureRequest,
    decisions: Mapping[UUID, tuple[str, str]],
    by: Any,
    at: dt.datetime,
) -> ErasureRequest:
    """Decide of every part: erase now, erase when the law allows, or keep and say why.

    Raises
    ------
    Refused
        When a part has no decision, a kept one no reason, or the law keeps what should go now.
    """
    if not rules.can_decide_erasures(by):
        raise Refused(_("You may not decide of erasures."))
    with transaction.atomic():
        request = _locked(request)
        if request.state != State.OPEN:
            raise Refused(_("It has been decided already."))
        items = _write_items(request)
        today = at.astimezone(SEOUL).date()
        for item in items:
            item.decision, item.reason = decisions.get(item.uuid, ("", ""))
            item.reason = item.reason.strip()
            _check_decision(item, today=today)
        ErasureItem.objects.bulk_update(items, ["decision", "reason"])
        request.state, request.decided_by, request.decided_at = State.DECIDED, by, at
        request.save(update_fields=["state", "decided_by", "decided_at"])
        journal.record(
            event="erasure.decided",
            by=by,
            at=at,
            on=request,
            after={"reasons": [item.reason for item in items]},
            details={"parts": {f"{i.table} {i.part}": i.decision for i in items}},
        )
    return request


def carry_out_requests(*, at: dt.datetime) -> int:
    """Erase what is decided and due; each part in its own transaction, then the certificate.

    May be interrupted anywhere and run again: a part that is gone is marked in the transaction
    in which it went, and a certificate covers the parts that have none yet.
    """
    done = 0
    for request in ErasureRequest.objects.filter(state=State.DECIDED).order_by("pk"):
        due = request.items.filter(erased_at__isnull=True).exclude(decision=Decision.KEEP)
        for item in due.order_by("pk"):
            done += _carry_out(item, at=at)
        _certify_request(request, at=at)
    return done


def erase_what_is_over(*, at: dt.datetime) -> int:
    """Erase what the law no longer keeps, for everybody; a certificate for each batch."""
    today = at.astimezone(SEOUL).date()
    gone = 0
    for model, said in registry.personal():
        for part in said.parts:
            if part.keep is None or part.erase not in {Erase.CLEAR, Erase.DELETE}:
                continue
            while True:
                with transaction.atomic():
                    rows = erase_overdue(model, part, today=today)
                    if not rows:
                        break
                    line = _line(model._meta.label, part.key, str(part.erase), rows, part.keep.key)
                    _certify([line], request=None, at=at)
                gone += rows
    return gone


def items_of(request: ErasureRequest) -> list[tuple[ErasureItem, Kept | None]]:
    """Return a request's parts, each with what is kept of it at present."""
    kept = {(each.table, each.part.key): each for each in kept_about(request.person)}
    return [(item, kept.get((item.table, item.part))) for item in request.items.all()]


def _write_items(request: ErasureRequest) -> list[ErasureItem]:
    """Write down what a request meets today; rows that appeared meanwhile are met, too."""
    known = {(item.table, item.part): item for item in request.items.select_for_update()}
    fresh: list[ErasureItem] = []
    changed: list[ErasureItem] = []
    for kept in kept_about(request.person):
        if kept.stays:
            continue
        item = known.get((kept.table, kept.part.key))
        (changed if item else fresh).append(
            item := item or ErasureItem(request=request, table=kept.table, part=kept.part.key)
        )
        item.rows, item.keep_until = kept.rows, kept.keep_until
        item.rule = kept.rule.key if kept.rule else ""
    ErasureItem.objects.bulk_create(fresh)
    ErasureItem.objects.bulk_update(changed, ["rows", "keep_until", "rule"])
    return list(request.items.order_by("pk"))


def _check_decision(item: ErasureItem, *, today: dt.date) -> None:
    if item.decision not in Decision.values:
        raise Refused(_("Decide of every part."))
    if item.decision == Decision.KEEP and len(item.reason) < 5:
        raise Refused(_("Say why a part is kept that no law asks to keep."))
    held = item.keep_until is not None and item.keep_until >= today
    if item.decision == Decision.ERASE and held:
        raise Refused(_("The law still keeps a part that should go now."))


def _carry_out(item: ErasureItem, *, at: dt.datetime) -> int:
    today = at.astimezone(SEOUL).date()
    with transaction.atomic():
        item = (
            ErasureItem.objects.select_for_update(of=("self",))
            .select_related("request__person")
            .get(pk=item.pk)
        )
        if item.erased_at is not None:
            return 0
        person = item.request.person
        known = {(each.table, each.part.key): each for each in kept_about(person)}
        kept = known.get((item.table, item.part))
        until = kept.keep_until if kept else None
        if until is not None and until >= today:
            # Records may have come since the decision: what the law keeps is never erased.
            item.keep_until, item.decision = until, Decision.LATER
            item.save(update_fields=["keep_until", "decision"])
            return 0
        item.rows = erase(kept, person) if kept else 0
        item.erased_at = at
        item.save(update_fields=["rows", "erased_at"])
    return 1


def _certify_request(request: ErasureRequest, *, at: dt.datetime) -> None:
    with transaction.atomic():
        request = _locked(request)
        items = list(request.items.select_for_update().order_by("pk"))
        fresh = [item for item in items if item.erased_at and item.certificate_id is None]
        if fresh:
            how = _how()
            lines = [
                _line(i.table, i.part, how.get((i.table, i.part), ""), i.rows, i.rule)
                for i in fresh
            ]
            certificate = _certify(lines, request=request.uuid, at=at)
            for item in fresh:
                item.certificate = certificate
            ErasureItem.objects.bulk_update(fresh, ["certificate"])
        if all(item.erased_at or item.decision == Decision.KEEP for item in items):
            request.state, request.ended_at = State.DONE, at
            request.save(update_fields=["state", "ended_at"])


def _certify(
    lines: Iterable[Mapping[str, object]], *, request: UUID | None, at: dt.datetime
) -> Certificate:
    certificate = Certificate(at=at, request_uuid=request, lines=list(lines))
    certificate.digest = evidence.digest(certificate.content())
    certificate.save(force_insert=True)
    journal.record(
        event="personal_data.erased",
        by=None,
        at=at,
        on=certificate,
        details={"digest": certificate.digest, "lines": certificate.lines},
    )
    return certificate


def _line(table: str, part: str, how: str, rows: int, rule: str) -> dict[str, object]:
    return {"table": table, "part": part, "how": how, "rows": rows, "rule": rule}


def _how() -> dict[tuple[str, str], str]:
    return {
        (model._meta.label, part.key): str(part.erase)
        for model, said in registry.personal()
        for part in said.parts
    }


def _locked(request: ErasureRequest) -> ErasureRequest:
    rows = ErasureRequest.objects.select_for_update(of=("self",)).select_related("person")
    return rows.get(pk=request.pk)
