"""Credentials are issued, signed and revoked."""

import datetime as dt
import secrets
import uuid as uuids
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.credentials import rules
from bitgoeul.apps.credentials.enums import CredentialState, RevocationReason
from bitgoeul.apps.credentials.models import Achievement, Credential, IssuerKey, StatusList
from bitgoeul.apps.credentials.models.credential import new_code
from bitgoeul.apps.credentials.queries import wording
from bitgoeul.apps.credentials.queries.signing import key_version, signing_seed
from bitgoeul.apps.credentials.services.notices import tell_issued, tell_revoked
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change
from bitgoeul.engines import evidence

_CHUNK = 100


@dataclass(frozen=True, kw_only=True)
class Award:
    """Who is given something, and what proves it (kind and uuid, resolved by who knows it).

    `evidence_digest` is kept beside the words: by it a room tells whether its evidence still says
    the same, however it is worded.
    """

    person: User
    evidence_kind: str
    evidence_uuid: UUID
    narrative_ko: str = ""
    narrative_en: str = ""
    evidence_digest: str = ""

    @property
    def identity(self) -> tuple[int, str, UUID]:
        """What makes two awards of an achievement the same."""
        return self.person.pk, self.evidence_kind, self.evidence_uuid


def issue_credential(
    *,
    achievement: Achievement,
    person: User,
    evidence_kind: str,
    evidence_uuid: UUID,
    by: User | None,
    at: dt.datetime,
    narrative_ko: str = "",
    narrative_en: str = "",
) -> Credential:
    """Issue one credential; for the same evidence the one that stands is returned."""
    award = Award(
        person=person,
        evidence_kind=evidence_kind,
        evidence_uuid=evidence_uuid,
        narrative_ko=narrative_ko,
        narrative_en=narrative_en,
    )
    return issue_credentials(achievement=achievement, awards=[award], by=by, at=at)[0]


def issue_credentials(
    *, achievement: Achievement, awards: Sequence[Award], by: User | None, at: dt.datetime
) -> list[Credential]:
    """Issue one credential an award, in their order, with a fixed number of statements.

    Raises
    ------
    Refused
        When the person may not, or the achievement is no longer issued.
    """
    if by is not None and not rules.can_issue_achievement(by, achievement):
        raise Refused(_("You may not issue this."), code="forbidden")
    with transaction.atomic():
        # The lock makes two calls for the same evidence meet here, not at the constraint.
        rows = Achievement.objects.select_for_update(of=("self",)).select_related("issuer")
        held = rows.get(pk=achievement.pk)
        if held.retired_at is not None:
            raise Refused(_("This achievement is no longer issued."), code="wrong_state")
        standing = _standing(held, awards)
        wanted = {award.identity: award for award in awards if award.identity not in standing}
        fresh = _signed(held, list(wanted.values()), at=at)
        Credential.objects.bulk_create(fresh, batch_size=_CHUNK)
        _record(fresh, event="credential.issued", by=by, at=at)
        tell_issued(fresh, at=at)
    found = standing | {_identity(row): row for row in fresh}
    return [found[award.identity] for award in awards]


def revoke_credential(
    *,
    credential: Credential,
    reason: RevocationReason | str,
    by: User | None,
    at: dt.datetime,
    note: str = "",
) -> Credential:
    """Revoke a credential: every check says so from now on, and the reason is told its owner."""
    if by is not None and not rules.can_revoke_credential(by, credential):
        raise Refused(_("You may not revoke this."), code="forbidden")
    if reason not in RevocationReason.values:
        raise Refused(_("Say why it is revoked."), code="invalid")
    with transaction.atomic():
        rows = Credential.objects.select_for_update(of=("self",))
        row = rows.select_related("achievement", "person").get(pk=credential.pk)
        if row.state == CredentialState.REVOKED:
            raise Refused(_("This has been revoked already."), code="wrong_state")
        row.state, row.revoked_at = CredentialState.REVOKED, at
        row.revocation_reason, row.revocation_note = str(reason), note[:300]
        row.save(update_fields=["state", "revoked_at", "revocation_reason", "revocation_note"])
        journal.record(
            event="credential.revoked",
            by=by,
            at=at,
            on=row,
            after={"note": row.revocation_note},
            details={"reason": row.revocation_reason, "digest": row.digest},
        )
        tell_revoked(row, at=at)
    return row


def _identity(row: Credential) -> tuple[int, str, UUID]:
    return row.person_id, row.evidence_kind, row.evidence_uuid


def _standing(
    achievement: Achievement, awards: Iterable[Award]
) -> dict[tuple[int, str, UUID], Credential]:
    rows = Credential.objects.filter(
        achievement=achievement,
        state=CredentialState.VALID,
        person__in={award.person.pk for award in awards},
    )
    return {_identity(row): row for row in rows.select_related("achievement", "person")}


def _signed(
    achievement: Achievement, awards: Sequence[Award], *, at: dt.datetime
) -> list[Credential]:
    if not awards:
        return []
    seed = signing_seed(achievement.issuer)
    key = _issuer_key(achievement.issuer, did=evidence.did_of_seed(seed), at=at)
    places = _places(achievement.issuer, len(awards), at=at)
    path = reverse("credentials:status_list", kwargs={"uuid": places[0][0].uuid})
    skills = list(achievement.skills.order_by("key"))
    made = []
    for award, (status_list, index) in zip(awards, places, strict=True):
        said = wording.Statement(
            uuid=uuids.uuid4(),
            achievement=achievement,
            skills=skills,
            person=award.person,
            evidence_kind=award.evidence_kind,
            evidence_uuid=award.evidence_uuid,
            narrative_ko=award.narrative_ko,
            narrative_en=award.narrative_en,
            evidence_digest=award.evidence_digest,
            at=at,
            status_address=settings.BITGOEUL.public_url + path,
            status_index=index,
        )
        made.append(_credential(said, key, seed, status_list))
    return made


def _credential(
    said: wording.Statement, key: IssuerKey, seed: bytes, status_list: StatusList
) -> Credential:
    document = evidence.sign_document(
        wording.document_of(said, did=key.did), seed=seed, created=wording.moment(said.at)
    )
    return Credential(
        uuid=said.uuid,
        code=new_code(),
        achievement=said.achievement,
        person=said.person,
        evidence_kind=said.evidence_kind,
        evidence_uuid=said.evidence_uuid,
        key=key,
        issued_at=said.at,
        document=document,
        facts=wording.facts_of(said),
        digest=wording.digest_of(document),
        status_list=status_list,
        status_index=said.status_index,
    )


def list_new_keys(*, at: dt.datetime) -> int:
    """List the ring's newest key of every issuer; returns how many are new.

    For whoever rotates the ring: from then on lists of revocations are signed under it.
    """
    with transaction.atomic():
        issuers = Organisation.objects.filter(issuer_keys__isnull=False).distinct()
        before = IssuerKey.objects.count()
        for issuer in issuers.order_by("id"):
            _issuer_key(issuer, did=evidence.did_of_seed(signing_seed(issuer)), at=at)
        return IssuerKey.objects.count() - before


def _issuer_key(organisation: Organisation, *, did: str, at: dt.datetime) -> IssuerKey:
    found, fresh = IssuerKey.objects.get_or_create(
        did=did,
        defaults={"organisation": organisation, "version": key_version(), "made_at": at},
    )
    if fresh:
        details = {"did": did, "version": found.version}
        journal.record(event="issuer_key.listed", by=None, at=at, on=organisation, details=details)
    return found


def _places(
    organisation: Organisation, number: int, *, at: dt.datetime
) -> list[tuple[StatusList, int]]:
    """Draw free places of the issuer's newest list, at random: neighbours say nothing."""
    newest = StatusList.objects.filter(organisation=organisation).order_by("-id").first()
    taken = set(newest.credentials.values_list("status_index", flat=True)) if newest else set()
    if newest is None or len(taken) + number > StatusList.FILLED:
        newest, taken = StatusList.objects.create(organisation=organisation, made_at=at), set()
    drawn: list[tuple[StatusList, int]] = []
    while len(drawn) < number:
        index = secrets.randbelow(StatusList.PLACES)
        if index not in taken:
            taken.add(index)
            drawn.append((newest, index))
    return drawn


def _record(rows: Sequence[Credential], *, event: str, by: User | None, at: dt.datetime) -> None:
    journal.record_many(
        event=event,
        by=by,
        at=at,
        changes=[
            Change(
                on=row,
                after={"person": row.person.uuid, "document": row.document},
                details={
                    "achievement": str(row.achievement.uuid),
                    "evidence": row.evidence_kind,
                    "evidence_uuid": str(row.evidence_uuid),
                    "digest": row.digest,
                },
            )
            for row in rows
        ],
    )
