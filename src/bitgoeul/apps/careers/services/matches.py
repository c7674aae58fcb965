"""Running a round: freeze the inputs, match, verify with the stand-alone program, publish."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import MatchingRound, Offer
from bitgoeul.apps.careers.queries import bundles
from bitgoeul.apps.careers.services.notices import tell_published
from bitgoeul.apps.careers.services.rounds import moved
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change
from bitgoeul.engines import evidence, matching
from bitgoeul.engines.matching.certificate import VERIFIER

VERIFY_SECONDS = 300


@dataclass(frozen=True)
class Match:
    """A computed match: frozen inputs, outputs as files, and the verifier's answer."""

    inputs: Mapping[str, Any]
    inputs_digest: str
    outcome: Mapping[str, Any]
    certificate: Mapping[str, Any]
    verification: Mapping[str, Any]


def run_match(*, matching_round: MatchingRound, by: User | None, at: dt.datetime) -> MatchingRound:
    """Match a locked round and keep inputs, certificate and verdict."""
    with transaction.atomic():
        moved(matching_round=matching_round, action="match", by=by)
        match = compute_match(matching_round=matching_round)
        return store_match(matching_round=matching_round, match=match, by=by, at=at)


def compute_match(*, matching_round: MatchingRound) -> Match:
    """Read the ratings and rankings of a round and match them; nothing is written.

    Raises
    ------
    Refused
        When nobody was rated acceptable, so that there is nothing to match.
    """
    problem, people = bundles.build_problem(matching_round)
    if not people:
        raise Refused(_("No employer has rated anyone yet."), code="empty")
    result = matching.solve(problem)
    inputs = {name: content.decode() for name, content in problem.input_files().items()}
    outputs = {
        name: content.decode() for name, content in matching.output_files(problem, result).items()
    }
    return Match(
        inputs={"files": inputs, "people": people},
        inputs_digest=evidence.digest(problem.digests()),
        outcome={"files": outputs, "summary": matching.summary(problem, result)},
        certificate=matching.certificate(problem, result),
        verification=verify_files(files={**inputs, **outputs}),
    )


def store_match(
    *, matching_round: MatchingRound, match: Match, by: User | None, at: dt.datetime
) -> MatchingRound:
    """Keep a computed match; a verdict that fails is kept too, and blocks publication.

    Matching again with the same result writes nothing: the first moment stands.
    """
    with transaction.atomic():
        current = moved(matching_round=matching_round, action="match", by=by)
        if current.matched_at and _same(current, match):
            return current
        current.inputs = dict(match.inputs)
        current.inputs_digest = match.inputs_digest
        current.outcome = dict(match.outcome)
        current.certificate = dict(match.certificate)
        current.verification = dict(match.verification)
        current.engine_version = f"matching {matching.ENGINE_VERSION}"
        current.matched_at = at
        current.save()
        journal.record(
            event="round.matched",
            by=by,
            at=at,
            on=current,
            details={
                "inputs_digest": current.inputs_digest,
                "certificate_digest": evidence.digest(current.certificate),
                "engine_version": current.engine_version,
                "verification": current.verification,
            },
        )
    return current


def _same(current: MatchingRound, match: Match) -> bool:
    kept = (current.inputs, current.outcome, current.verification)
    return kept == (match.inputs, match.outcome, match.verification)


def publish_round(
    *, matching_round: MatchingRound, by: User | None, at: dt.datetime
) -> MatchingRound:
    """Make the offers of a match whose certificate verifies, now, from what is stored.

    Raises
    ------
    Refused
        When the certificate does not verify: the result is withheld.
    """
    with transaction.atomic():
        current = moved(matching_round=matching_round, action="publish", by=by)
        texts = {**current.inputs["files"], **current.outcome["files"]}
        verdict = verify_files(files=texts)
        if not holds(verdict) or evidence.digest(_digests(texts)) != current.inputs_digest:
            raise Refused(
                _("The certificate does not verify, so the result is withheld."),
                code="not_verified",
            )
        if at >= current.offers_expire_at:
            raise Refused(_("The deadline for answers has already passed."), code="too_late")
        current.published_at = at
        current.save(update_fields=["state", "published_at"])
        offers = _make_offers(current, at=at)
        journal.record(
            event="round.published",
            by=by,
            at=at,
            on=current,
            details={
                "inputs_digest": current.inputs_digest,
                "certificate_digest": evidence.digest(current.certificate),
                "offers": len(offers),
            },
        )
        changes = [Change(on=offer, details={"round": str(current.uuid)}) for offer in offers]
        journal.record_many(event="offer.made", by=by, at=at, changes=changes)
        tell_published(current, offers, at=at)
        journal.seal(at=at)
    return current


def verify_files(*, files: Mapping[str, str]) -> dict[str, Any]:
    """Write a round's files into a folder and run the program that outsiders run.

    It is started as its own process, isolated from this one's packages, so that the verdict is
    exactly what anyone gets from the downloaded bundle.
    """
    with tempfile.TemporaryDirectory(prefix="bitgoeul-match-") as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text, encoding="utf-8", newline="")
        command = [sys.executable, "-I", str(VERIFIER), folder]
        command += [str(Path(folder, name)) for name in ("applicants.csv", "positions.csv")]
        # Our own program with our own arguments; no shell, nothing that a person typed.
        ran = subprocess.run(  # noqa: S603 -- see the line above
            command, capture_output=True, check=False, timeout=VERIFY_SECONDS
        )
    try:
        answer: dict[str, Any] = json.loads(ran.stdout)
    except json.JSONDecodeError:
        answer = {"stable": False, "violation": {"code": "verifier_failed"}}
    return answer


def holds(verdict: Mapping[str, Any]) -> bool:
    """Whether a verdict is entirely good."""
    return (
        verdict.get("violation") is None
        and verdict.get("stable") is True
        and verdict.get("quotas") is True
        and verdict.get("tight") is True
        and verdict.get("applicant_optimal") is not False
    )


def _digests(texts: Mapping[str, str]) -> dict[str, str]:
    problem = matching.read_problem(
        applicants=texts["applicants.csv"].encode(),
        positions=texts["positions.csv"].encode(),
        rules=matching.read_rules(texts["rules.toml"].encode()),
    )
    return problem.digests()


def _make_offers(current: MatchingRound, *, at: dt.datetime) -> list[Offer]:
    uuid_of = current.inputs["people"]
    people = {str(person.uuid): person for person in User.objects.filter(uuid__in=uuid_of.values())}
    chosen = current.vacancies.select_related("organisation")
    vacancies = {vacancy.number: vacancy for vacancy in chosen}
    lines = csv.DictReader(io.StringIO(current.outcome["files"]["matches.csv"]))
    offers = [
        Offer(
            round=current,
            vacancy=vacancies[line["position"]],
            person=people[uuid_of[line["applicant"]]],
            pool=line["pool"],
            made_at=at,
            expires_at=current.offers_expire_at,
        )
        for line in lines
        if line["position"]
    ]
    return Offer.objects.bulk_create(offers, batch_size=300)
