"""Consent, purpose by purpose: given to a text of a version, withdrawn beside it, never over it."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.models import Consent, ConsentText, User
from bitgoeul.apps.alliance.services.organisations import check
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change

_CHUNK = 500


def publish_consent_text(
    *,
    purpose: str,
    text_ko: str,
    published_on: dt.date,
    by: User | None,
    at: dt.datetime,
    text_en: str = "",
    required: bool = False,
    asks_again: bool = True,
) -> ConsentText:
    """Publish the next version of what people are asked for a purpose."""
    if by is not None and not rules.can_publish_consent_text(by):
        raise Refused(_("You may not publish consent texts."))
    with transaction.atomic():
        newest = ConsentText.objects.filter(purpose=purpose).order_by("-version").first()
        text = ConsentText(
            purpose=purpose,
            version=newest.version + 1 if newest else 1,
            text_ko=text_ko,
            text_en=text_en,
            required=required,
            asks_again=asks_again or newest is None,
            published_on=published_on,
        )
        check(text)
        text.save(force_insert=True)
        journal.record(
            event="consent_text.published",
            by=by,
            at=at,
            on=text,
            after={"text_ko": text_ko, "text_en": text_en, "required": required},
            details={
                "purpose": text.purpose,
                "version": text.version,
                "asks_again": text.asks_again,
            },
        )
    return text


def give_consents(
    *,
    person: User,
    texts: Sequence[ConsentText],
    by: User | None,
    at: dt.datetime,
    source: str = "page",
) -> list[Consent]:
    """Record a person's consent to each text; what stands already is left as it is."""
    return give_consents_in_bulk(
        given=[(person, text) for text in texts], by=by, at=at, source=source
    )


def give_consents_in_bulk(
    *,
    given: Sequence[tuple[User, ConsentText]],
    by: User | None,
    at: dt.datetime,
    source: str = "import",
) -> list[Consent]:
    """Record many people's consents; returns only those that are new."""
    if by is not None:
        for person in {person.pk: person for person, _text in given}.values():
            if not rules.can_give_consent(by, person, source=source):
                raise Refused(_("A consent can only be given by the person concerned."))
    with transaction.atomic():
        standing = _standing({person.pk for person, _text in given})
        fresh = [
            Consent(person=person, text=text, given_at=at, source=source)
            for (person, text) in {(p.pk, t.pk): (p, t) for p, t in given}.values()
            if (person.pk, text.pk) not in standing
        ]
        Consent.objects.bulk_create(fresh, batch_size=_CHUNK)
        journal.record_many(
            event="consent.given",
            by=by,
            at=at,
            changes=[
                Change(on=consent, after=consent_state(consent), details=_details(consent))
                for consent in fresh
            ],
        )
    return fresh


def withdraw_consent(*, person: User, purpose: str, by: User | None, at: dt.datetime) -> int:
    """Withdraw every standing consent to a purpose; returns how many there were.

    The rooms ask `queries.has_consented` or `queries.people_having_withdrawn` whenever they use
    data for the purpose, so a withdrawal takes effect at once; docs/consent.md says which.
    """
    if by is not None and not rules.can_withdraw_consent(by, person):
        raise Refused(_("A consent can only be withdrawn by the person concerned."))
    with transaction.atomic():
        standing = list(
            Consent.objects.select_for_update(of=("self",))
            .select_related("text", "person")
            .filter(person=person, text__purpose=purpose, withdrawn_at__isnull=True)
        )
        if not standing:
            raise Refused(_("There is no consent to withdraw."))
        changes = []
        for consent in standing:
            before = consent_state(consent)
            consent.withdrawn_at = at
            changes.append(
                Change(
                    on=consent,
                    before=before,
                    after=consent_state(consent),
                    details=_details(consent),
                )
            )
        Consent.objects.bulk_update(standing, ["withdrawn_at"])
        journal.record_many(event="consent.withdrawn", by=by, at=at, changes=changes)
    return len(standing)


def consent_state(consent: Consent) -> dict[str, object]:
    """What of a consent the journal digests."""
    return {
        "person": consent.person.uuid,
        "text": consent.text.uuid,
        "given_at": consent.given_at,
        "withdrawn_at": consent.withdrawn_at,
        "source": consent.source,
    }


def _details(consent: Consent) -> dict[str, object]:
    return {"purpose": consent.text.purpose, "version": consent.text.version}


def _standing(people: set[int]) -> set[tuple[int, int]]:
    ids = sorted(people)
    found: set[tuple[int, int]] = set()
    for start in range(0, len(ids), _CHUNK):
        some = Consent.objects.filter(
            person__in=ids[start : start + _CHUNK], withdrawn_at__isnull=True
        )
        found.update(some.values_list("person_id", "text_id"))
    return found
