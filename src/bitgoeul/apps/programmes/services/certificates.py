"""Completion certificates: issued for whoever completed, revoked where a verdict is overturned."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.credentials import services as credentials
from bitgoeul.apps.credentials.enums import AchievementKind, RevocationReason
from bitgoeul.apps.credentials.models import Achievement, Credential
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import CohortState
from bitgoeul.apps.programmes.models import Cohort, CompletionVerdict, Enrolment, Module, Track
from bitgoeul.apps.programmes.queries.certificates import (
    EVIDENCE,
    achievement_key,
    achievement_of,
    modules_taught,
    narrative_of,
    reached_digest,
    says_verdict,
    skills_taught,
    standing_certificates,
    tracks_apart,
    withheld_certificates,
    words_of,
)
from bitgoeul.apps.programmes.queries.listings import newest_verdicts
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs import Progress, Silent

_CHUNK = 50


@dataclass(frozen=True, kw_only=True)
class Settled:
    """How many certificates were issued, revoked, replaced by a corrected one, or stand as is.

    `withheld` counts who completed and had theirs revoked by hand: they are given no new one.
    """

    issued: int = 0
    revoked: int = 0
    replaced: int = 0
    kept: int = 0
    withheld: int = 0

    def as_json(self) -> dict[str, int]:
        """Return the counts in JSON types."""
        return {
            "issued": self.issued,
            "revoked": self.revoked,
            "replaced": self.replaced,
            "kept": self.kept,
            "withheld": self.withheld,
        }


def settle_certificates(
    *,
    cohort: Cohort,
    by: User | None,
    at: dt.datetime,
    enrolments: Sequence[Enrolment] | None = None,
    progress: Progress | None = None,
    why: str = "",
    again: bool = False,
) -> Settled:
    """Bring the certificates of a cohort, or of some people of it, in line with their verdicts.

    Whoever completed by the verdict that counts is given one; where that verdict says something
    else than the certificate, it is revoked, and replaced if the person still completed. Whoever
    has the right one keeps it: repeating this changes nothing. Whose certificate was revoked by
    hand is given a new one only with `again`, and that for a reason.

    Raises
    ------
    Refused
        When the person may not, the cohort has not begun, completion is no longer certified, or
        a certificate revoked by hand is to be issued again without saying why.
    """
    told = progress or Silent()
    if again and not why.strip():
        raise Refused(_("Say why a new certificate is issued."), code="invalid")
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_manage_cohort, cohort)
        if cohort.state not in {CohortState.RUNNING, CohortState.ENDED}:
            raise Refused(_("Nothing is decided yet."), code="wrong_state")
        rows = Enrolment.objects.filter(cohort=cohort).select_related("person", "track")
        if enrolments is not None:
            rows = rows.filter(pk__in=[row.pk for row in enrolments])
        people = list(rows.order_by("pk"))
        verdicts = newest_verdicts(people)
        standing = standing_certificates(people)
        withheld = {} if again else withheld_certificates(people)
        found = _sorted_out(people, verdicts, standing, withheld)
        for credential, reason in found.wrong:
            # The right to decide carries the certificate with it, whoever is its issuer.
            credentials.revoke_credential(
                credential=credential, reason=reason, by=None, at=at, note=why
            )
        _issue(cohort, found.owed, verdicts, told, at=at)
        settled = found.settled()
        if found.wrong or found.owed:
            journal.record(
                event="cohort.certificates_settled",
                by=by,
                at=at,
                on=cohort,
                details={**settled.as_json(), "people": len(people)},
                reason=why,
            )
    return settled


@dataclass(frozen=True, kw_only=True)
class _Found:
    owed: list[Enrolment]
    wrong: list[tuple[Credential, str]]
    kept: int
    withheld: int

    def settled(self) -> Settled:
        replaced = sum(reason == RevocationReason.CORRECTED for _row, reason in self.wrong)
        return Settled(
            issued=len(self.owed) - replaced,
            revoked=len(self.wrong) - replaced,
            replaced=replaced,
            kept=self.kept,
            withheld=self.withheld,
        )


def _sorted_out(
    people: Sequence[Enrolment],
    verdicts: Mapping[int, CompletionVerdict],
    standing: Mapping[UUID, Credential],
    withheld: Mapping[UUID, Credential],
) -> _Found:
    owed: list[Enrolment] = []
    wrong: list[tuple[Credential, str]] = []
    kept = passed_over = 0
    for row in people:
        verdict, held = verdicts.get(row.pk), standing.get(row.uuid)
        if verdict is None or not verdict.completed:
            wrong += [(held, RevocationReason.EVIDENCE)] if held else []
        elif held is None and row.uuid in withheld:
            passed_over += 1
        elif held is None:
            owed.append(row)
        elif says_verdict(held, verdict):
            kept += 1
        else:
            wrong.append((held, RevocationReason.CORRECTED))
            owed.append(row)
    return _Found(owed=owed, wrong=wrong, kept=kept, withheld=passed_over)


def _issue(
    cohort: Cohort,
    owed: Sequence[Enrolment],
    verdicts: Mapping[int, CompletionVerdict],
    told: Progress,
    *,
    at: dt.datetime,
) -> None:
    if not owed:
        return
    modules = modules_taught(cohort)
    apart = tracks_apart(modules)
    groups: dict[int | None, list[Enrolment]] = {}
    for row in owed:
        groups.setdefault(row.track_id if apart else None, []).append(row)
    done = 0
    for rows in groups.values():
        achievement = _achievement(cohort, rows[0].track if apart else None, modules, at=at)
        for start in range(0, len(rows), _CHUNK):
            some = rows[start : start + _CHUNK]
            awards = [_award(row, verdicts[row.pk]) for row in some]
            credentials.issue_credentials(achievement=achievement, awards=awards, by=None, at=at)
            done += len(some)
            told.step(done, len(owed))


def _award(row: Enrolment, verdict: CompletionVerdict) -> credentials.Award:
    said = narrative_of(verdict)
    return credentials.Award(
        person=row.person,
        evidence_kind=EVIDENCE,
        evidence_uuid=row.uuid,
        narrative_ko=said["ko"],
        narrative_en=said["en"],
        evidence_digest=reached_digest(verdict),
    )


def _achievement(
    cohort: Cohort, track: Track | None, modules: Sequence[Module], *, at: dt.datetime
) -> Achievement:
    """Return what completion achieves; written down the first time, its words are the officers'."""
    found = achievement_of(cohort, track)
    if found is not None:
        return found
    words = words_of(cohort, track, modules)
    return credentials.create_achievement(
        key=achievement_key(cohort, track),
        kind=AchievementKind.COMPLETION,
        issuer=cohort.programme.organiser,
        skills=skills_taught(modules, track),
        by=None,
        at=at,
        title_ko=words["ko"]["title"],
        title_en=words["en"]["title"],
        description_ko=words["ko"]["description"],
        description_en=words["en"]["description"],
        criteria_ko=words["ko"]["criteria"],
        criteria_en=words["en"]["criteria"],
    )


def _locked(cohort: Cohort) -> Cohort:
    rows = Cohort.objects.select_for_update(of=("self",))
    return rows.select_related("programme__organiser", "rule_set").get(pk=cohort.pk)
