"""A round as files: what was frozen, what came out, and the zip that anyone can check."""

import hashlib
import hmac
import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.queries import people_having_withdrawn
from bitgoeul.apps.careers.enums import ReserveMode, VacancyState
from bitgoeul.apps.careers.models import MatchingRound
from bitgoeul.apps.careers.queries.people import local_people
from bitgoeul.engines import matching
from bitgoeul.engines.matching.certificate import VERIFIER

INPUTS = ("applicants.csv", "positions.csv", "rules.toml")
_BEGINNING_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def pseudonym(matching_round: MatchingRound, person_uuid: UUID) -> str:
    """Return a person's name in one round: without the round's key nobody can work it out."""
    key = bytes.fromhex(matching_round.pseudonym_key)
    code = hmac.new(key, person_uuid.bytes, hashlib.sha256).hexdigest()
    return f"P-{code[:12].upper()}"


def lottery_of(matching_round: MatchingRound, person_uuid: UUID) -> str:
    """Return a person's lottery number in hexadecimal; the lowest comes first."""
    number = matching.lottery_number(
        matching_round.lottery_seed,
        str(matching_round.uuid),
        pseudonym(matching_round, person_uuid),
    )
    return f"{number:064x}"


def build_problem(matching_round: MatchingRound) -> tuple[matching.Problem, dict[str, str]]:
    """Return the market of a round under pseudonyms, and whose uuid each pseudonym stands for.

    Whoever took back that employers may see them has left the market.
    """
    gone = people_having_withdrawn(Purpose.EMPLOYER_SHARING)
    rows = list(
        matching_round.applications.filter(rating__isnull=False, vacancy__state=VacancyState.OPEN)
        .exclude(person__in=gone.values("pk"))
        .select_related("person", "vacancy")
        .order_by("person", "rank")
    )
    names = {row.person_id: pseudonym(matching_round, row.person.uuid) for row in rows}
    local = local_people(matching_round.cohort)
    choices = [
        matching.Choice(
            applicant=names[row.person_id],
            position=row.vacancy.number,
            rank=row.rank,
            score=row.rating if row.rating is not None else Decimal(0),
            groups={"local": "yes" if row.person_id in local else "no"},
        )
        for row in rows
    ]
    vacancies = (
        matching_round.vacancies.filter(state=VacancyState.OPEN)
        .select_related("organisation")
        .order_by("number")
    )
    positions = [
        matching.Position(
            position=row.number,
            capacity=row.seats,
            company=row.organisation.name_ko,
            region=row.region,
        )
        for row in vacancies
    ]
    problem = matching.Problem.build(
        choices=sorted(choices, key=lambda one: (one.applicant, one.rank)),
        positions=positions,
        rules=_rules(matching_round, {row.number: row.local_share for row in vacancies}),
    )
    return problem, {names[row.person_id]: str(row.person.uuid) for row in rows}


def _rules(matching_round: MatchingRound, shares: Mapping[str, float]) -> matching.Rules:
    """One reserve for each share that occurs; how it works is a rule of the round."""
    target = matching_round.reserve_mode == ReserveMode.TARGET
    reserves = [
        matching.Reserve(
            column="local",
            value="yes",
            share=Decimal(str(share)),
            mode=matching_round.reserve_mode,
            order=order,
            rounding=matching_round.reserve_rounding,
            min_seats=matching_round.reserve_min_seats,
            floor=matching_round.reserve_floor if target else None,
            extra_cap=matching_round.reserve_extra_cap if target else None,
            positions=tuple(number for number, own in shares.items() if own == share),
        )
        for order, share in enumerate(sorted({share for share in shares.values() if share}))
    ]
    lottery = matching.Lottery(seed=matching_round.lottery_seed, round=str(matching_round.uuid))
    return matching.Rules(lottery=lottery, reserves=tuple(reserves))


def stored_files(matching_round: MatchingRound) -> dict[str, bytes]:
    """Return inputs and outputs of a matched round exactly as they were certified."""
    texts = {**matching_round.inputs["files"], **matching_round.outcome["files"]}
    return {name: text.encode() for name, text in texts.items()}


def people_in(matching_round: MatchingRound) -> list[UUID]:
    """Return whose data a bundle holds, under their pseudonyms."""
    return list(matching_round.applications.values_list("person__uuid", flat=True).distinct())


def bundle(matching_round: MatchingRound) -> bytes:
    """Return the zip with everything a stranger needs; the same bytes every time."""
    files = {**stored_files(matching_round), "verify.py": VERIFIER.read_bytes()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(
                zipfile.ZipInfo(name, date_time=_BEGINNING_OF_ZIP),
                files[name],
                compress_type=zipfile.ZIP_DEFLATED,
            )
    return out.getvalue()


def replay(matching_round: MatchingRound) -> tuple[matching.Problem, matching.Result]:
    """Return the stored market and its matching, computed again from the stored files."""
    files = stored_files(matching_round)
    problem = matching.read_problem(
        applicants=files["applicants.csv"],
        positions=files["positions.csv"],
        rules=matching.read_rules(files["rules.toml"]),
    )
    return problem, matching.solve(problem)
