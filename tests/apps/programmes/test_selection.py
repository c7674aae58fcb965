"""Seats are given fairly: checked by the engine's own verifier and by brute force."""

import datetime as dt
import itertools
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pytest

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import ConsentText
from bitgoeul.apps.alliance.services import give_consents, withdraw_consent
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import ApplicationState, SelectionState
from bitgoeul.apps.programmes.models import Application, Selection, SelectionRound
from bitgoeul.apps.programmes.queries.selection import bundle_of, pools_of, verdict_on
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from bitgoeul.core.notices.models import Notice
from bitgoeul.engines.evidence import canonical_json
from bitgoeul.engines.matching import lottery_number
from tests.apps.programmes.making import (
    AFTER,
    Stage,
    close,
    make_stage,
    score,
    take_in,
)

WANTS = {
    "K1": ("24", ("a", "b"), "90"),
    "K2": ("11", ("a", "b"), "95"),
    "K3": ("24", ("a",), "70"),
    "K4": ("11", ("b", "a"), "80"),
    "K5": ("11", ("a", "b"), "90"),
}


def prepared(stage: Stage, wants: Mapping[str, tuple[str, Sequence[str], str]] = WANTS) -> None:
    take_in(stage, [(number, region, keys) for number, (region, keys, _) in wants.items()])
    score(stage, {number: total for number, (_, _, total) in wants.items()})
    close(stage)


def seats_of(selection_round: SelectionRound) -> dict[str, str]:
    rows = selection_round.selections.select_related("application", "track")
    return {row.application.number: row.track.key for row in rows if row.track}


def run(stage: Stage) -> SelectionRound:
    return services.run_selection(cohort=stage.cohort, by=stage.officer, at=AFTER)


def _assignments(
    wants: Mapping[str, Sequence[str]], seats: Mapping[str, int]
) -> Iterator[dict[str, str]]:
    options = [(None, *keys) for keys in wants.values()]
    for chosen in itertools.product(*options):
        load = {key: chosen.count(key) for key in seats}
        if all(load[key] <= seats[key] for key in seats):
            yield {who: key for who, key in zip(wants, chosen, strict=True) if key}


def _stable(
    given: Mapping[str, str], wants: Mapping[str, Sequence[str]], standing: Mapping[str, object],
    seats: Mapping[str, int],
) -> bool:  # fmt: skip
    for who, keys in wants.items():
        for key in keys:
            if given.get(who) == key:
                break
            inside = [other for other, place in given.items() if place == key]
            if len(inside) < seats[key] or any(standing[other] < standing[who] for other in inside):
                return False
    return True


def _rank(given: Mapping[str, str], who: str, keys: Sequence[str]) -> int:
    return list(keys).index(given[who]) if who in given else len(keys)


def test_the_result_is_the_applicants_best_stable_one(stage: Stage) -> None:
    """Oracle: every feasible assignment of five people is tried by brute force."""
    prepared(stage)
    made = run(stage)
    wants = {number: keys for number, (_, keys, _) in WANTS.items()}
    name = f"academy/1/{made.number}"
    seed = stage.cohort.lottery_seed
    standing = {
        number: (float(total), -lottery_number(seed, name, number))
        for number, (_, _, total) in WANTS.items()
    }
    seats = {track.key: track.seats for track in stage.tracks}
    stable = [g for g in _assignments(wants, seats) if _stable(g, wants, standing, seats)]
    best = {who: min(_rank(given, who, keys) for given in stable) for who, keys in wants.items()}
    given = seats_of(made)
    assert given in stable
    assert {who: _rank(given, who, keys) for who, keys in wants.items()} == best


def test_the_stored_round_verifies_and_repeats(stage: Stage) -> None:
    prepared(stage)
    first = run(stage)
    digest, given = first.inputs_digest, seats_of(first)
    assert verdict_on(first).holds
    assert verdict_on(first).answer["applicant_optimal"] is True
    again = run(stage)
    assert again.pk == first.pk
    assert (again.inputs_digest, seats_of(again)) == (digest, given)


def test_the_local_reserve_seats_a_local_talent_first(db: None) -> None:
    """One of two seats is reserved: the local with 60 points comes before a stranger with 80."""
    stage = make_stage(seats={"a": 2}, local_share="0.5")
    prepared(
        stage,
        {
            "N1": ("11", ("a",), "90"),
            "N2": ("11", ("a",), "80"),
            "L1": ("24", ("a",), "60"),
        },
    )
    made = run(stage)
    assert set(seats_of(made)) == {"N1", "L1"}
    pools = {row.application.number: row.pool for row in made.selections.exclude(track=None)}
    assert pools == {"N1": "open", "L1": "local=yes"}


def test_an_unused_reserve_goes_to_others(db: None) -> None:
    stage = make_stage(seats={"a": 2}, local_share="0.5")
    prepared(stage, {"N1": ("11", ("a",), "90"), "N2": ("11", ("a",), "80")})
    assert set(seats_of(run(stage))) == {"N1", "N2"}


def test_who_lacks_a_stage_gets_no_seat_and_is_told(stage: Stage) -> None:
    take_in(stage, [("K1", "24", ("a",)), ("K2", "24", ("a",))])
    score(stage, {"K1": "50"})
    close(stage)
    made = run(stage)
    assert set(seats_of(made)) == {"K1"}
    why = made.selections.get(application__number="K2").why
    assert why["missing"] == ["motivation", "course", "exam"]


def test_publishing_decides_the_applications_and_reveals_nothing_early(stage: Stage) -> None:
    prepared(stage)
    made = run(stage)
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}
    made = services.publish_selection(selection_round=made, by=stage.officer, at=AFTER)
    assert made.state == SelectionState.PUBLISHED
    states = dict(Application.objects.values_list("number", "state"))
    given = seats_of(made)
    assert {n for n, state in states.items() if state == ApplicationState.SELECTED} == set(given)
    told = Notice.objects.filter(message="applications.decided")
    assert told.count() == made.selections.count() == len(set(told.values_list("person")))
    assert not any(word in one.text for one in told for word in ("합격", "선발됨", "탈락"))
    entry = Entry.objects.get(event="selection_round.published")
    assert entry.details["seed"] == stage.cohort.lottery_seed
    assert services.commitment_of(stage.cohort.lottery_seed) == stage.cohort.lottery_seed_hash


def _move_a_seat(made: SelectionRound) -> None:
    loser = made.selections.filter(track=None).first()
    winner = made.selections.exclude(track=None).first()
    assert loser is not None
    assert winner is not None
    loser.track, loser.pool = winner.track, winner.pool
    winner.track, winner.pool = None, ""
    loser.save()
    winner.save()


def _raise_a_score(made: SelectionRound) -> None:
    made.inputs["applicants"][0]["total"] = "100.000"
    made.save()


def _raise_a_score_and_its_digest(made: SelectionRound) -> None:
    from bitgoeul.apps.programmes.queries.market import digest_of

    made.inputs["applicants"][0]["total"] = "0.000"
    made.inputs_digest = digest_of(made.inputs)
    made.save()


def _lower_a_cutoff(made: SelectionRound) -> None:
    pool = next(pool for pool in made.certificate["pools"] if pool["cutoff"])
    pool["cutoff"]["score"] = "1"
    made.save()


@pytest.mark.parametrize(
    "tamper",
    [_move_a_seat, _raise_a_score, _raise_a_score_and_its_digest, _lower_a_cutoff],
)
def test_a_result_that_does_not_verify_is_withheld(stage: Stage, tamper: object) -> None:
    prepared(stage)
    made = run(stage)
    tamper(made)  # type: ignore[operator]  # parametrised as an object
    with pytest.raises(Refused) as refusal:
        services.publish_selection(selection_round=made, by=stage.officer, at=AFTER)
    assert refusal.value.code == "not_verified"
    made.refresh_from_db()
    assert made.state == SelectionState.RUN
    assert not Application.objects.filter(state=ApplicationState.SELECTED).exists()


def test_a_seat_for_somebody_left_out_is_found(stage: Stage) -> None:
    take_in(stage, [("K1", "24", ("a",)), ("K2", "24", ("a",))])
    score(stage, {"K1": "50"})
    close(stage)
    made = run(stage)
    Selection.objects.filter(application__number="K2").update(track=stage.tracks[0])
    assert not verdict_on(made).holds


def test_the_downloaded_bundle_checks_itself(stage: Stage, tmp_path: Path) -> None:
    """Oracle: verify.py from the zip, run by a bare Python without our package."""
    prepared(stage)
    made = run(stage)
    content = bundle_of(made)
    assert content == bundle_of(made)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    frozen = json.loads((tmp_path / "inputs.json").read_text())
    assert canonical_json(frozen) == (tmp_path / "inputs.json").read_bytes()
    checked = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verify.py")], capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout)["stable"] is True
    matches = (tmp_path / "matches.csv").read_text().replace(",a,", ",b,")
    (tmp_path / "matches.csv").write_text(matches)
    spoilt = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verify.py")], capture_output=True, check=False
    )
    assert spoilt.returncode == 1


def test_cutoffs_of_small_pools_stay_hidden(stage: Stage) -> None:
    prepared(stage)
    rows = pools_of(run(stage), whole=False)
    assert {row.filled for row in rows} == {None}
    assert all(row.cutoff is None and not row.shown for row in rows)


def test_selection_waits_for_the_end_of_applications(stage: Stage) -> None:
    take_in(stage, [("K1", "24", ("a",))])
    with pytest.raises(Refused) as refusal:
        run(stage)
    assert refusal.value.code == "wrong_state"


def test_a_published_round_stands(stage: Stage) -> None:
    prepared(stage)
    services.publish_selection(selection_round=run(stage), by=stage.officer, at=AFTER)
    with pytest.raises(Refused):
        run(stage)
    with pytest.raises(Refused):
        score(stage, {"K1": "1"})


def test_others_may_not_run_or_publish(stage: Stage) -> None:
    prepared(stage)
    for who in (stage.instructor, stage.company_officer, stage.administrator):
        with pytest.raises(Refused) as refusal:
            services.run_selection(cohort=stage.cohort, by=who, at=AFTER)
        assert refusal.value.code == "not_allowed"
    made = services.run_selection(cohort=stage.cohort, by=stage.city_officer, at=AFTER)
    with pytest.raises(Refused):
        services.publish_selection(selection_round=made, by=stage.company_officer, at=AFTER)


def test_applications_close_only_after_the_deadline(stage: Stage) -> None:
    with pytest.raises(Refused) as refusal:
        services.close_applications(
            cohort=stage.cohort, by=stage.officer, at=AFTER - dt.timedelta(days=10)
        )
    assert refusal.value.code == "too_early"


def test_refusing_or_withdrawing_job_support_changes_nothing_in_selection(stage: Stage) -> None:
    """The training guideline: no disadvantage for whoever refuses job-support use."""
    prepared(stage)
    before = run(stage)
    seats, digest = seats_of(before), before.inputs_digest
    texts = {text.purpose: text for text in ConsentText.objects.all()}
    free = [texts[purpose] for purpose in Purpose if not texts[purpose].required]
    assert texts[Purpose.JOB_SUPPORT] in free
    people = {row.number: row.person for row in Application.objects.filter(cohort=stage.cohort)}
    for number in ("K1", "K2", "K5"):
        give_consents(person=people[number], texts=free, by=None, at=AFTER)
    for text in free:
        withdraw_consent(person=people["K2"], purpose=text.purpose, by=None, at=AFTER)
    after = run(stage)
    assert (seats_of(after), after.inputs_digest) == (seats, digest)
    assert len(set(seats)) > 1
