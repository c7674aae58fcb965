"""Giving the seats away: freeze, solve, certify, verify, publish."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.enums import ApplicationState, CohortState, SelectionState
from bitgoeul.apps.programmes.models import Application, Cohort, Selection, SelectionRound
from bitgoeul.apps.programmes.queries.market import digest_of, freeze, problem_of
from bitgoeul.apps.programmes.queries.selection import RoundVerdict, verdict_on
from bitgoeul.apps.programmes.queries.store import digest_of_store, store_of
from bitgoeul.apps.programmes.services.notices import tell_decided
from bitgoeul.apps.programmes.services.offers import make_first_offers
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs import Progress, Silent
from bitgoeul.core.journal.services import Change
from bitgoeul.engines import matching

_CHUNK = 500


def run_selection(
    *, cohort: Cohort, by: User | None, at: dt.datetime, progress: Progress | None = None
) -> SelectionRound:
    """Give the seats by deferred acceptance and keep everything needed to check it.

    A round that is not published yet is run afresh when its inputs have changed or what is stored
    does not verify; otherwise it is left as it is. A published one stands.
    """
    told = progress or Silent()
    with transaction.atomic():
        cohort = _locked(cohort)
        require(by, rules.can_manage_cohort, cohort)
        if cohort.state != CohortState.SELECTING:
            raise Refused(
                _("Seats are given once applications are closed, before the cohort starts."),
                code="wrong_state",
            )
        selection_round = _draft_round(cohort)
        told.step(0, 3, _("Freezing the applications"))
        frozen = freeze(cohort, round_name=round_name(selection_round))
        if _stands(selection_round, frozen):
            return selection_round
        problem = problem_of(frozen)
        told.step(1, 3, _("Giving the seats"))
        result = matching.solve(problem)
        told.step(2, 3, _("Writing down why"))
        _store(selection_round, frozen, problem, result, by=by, at=at)
        told.step(3, 3, _("Done"))
    return selection_round


def publish_selection(
    *, selection_round: SelectionRound, by: User | None, at: dt.datetime
) -> SelectionRound:
    """Publish a round, after the independent verifier has checked what is stored.

    Raises
    ------
    Refused
        `not_verified` when the stored result, inputs or certificate do not hold together: the
        round is withheld.
    """
    with transaction.atomic():
        selection_round = (
            SelectionRound.objects.select_for_update(of=("self",))
            .select_related("cohort__programme", "cohort__rule_set")
            .get(pk=selection_round.pk)
        )
        require(by, rules.can_manage_cohort, selection_round.cohort)
        before = selection_round.state
        after = workflow.go(workflow.SELECTION, before, "publish")
        verdict = _keep_verdict(selection_round, at=at)
        if not verdict.holds:
            raise Refused(
                _("The result could not be verified, so it is withheld: %(reason)s.")
                % {"reason": verdict.reason},
                code="not_verified",
            )
        selection_round.state = after
        selection_round.published_at = at
        selection_round.store = store_of(selection_round)
        selection_round.store_digest = digest_of_store(selection_round.store)
        kept = ["state", "published_at", "store", "store_digest"]
        selection_round.save(update_fields=kept)
        _settle_applications(selection_round, by=by, at=at)
        make_first_offers(selection_round, by=by, at=at)
        journal.record(
            event="selection_round.published",
            by=by,
            at=at,
            on=selection_round,
            details={
                "inputs": selection_round.inputs_digest,
                "seed": selection_round.cohort.lottery_seed,
                "store": selection_round.store_digest,
                "verdict": verdict.answer,
            },
        )
        journal.seal(at=at)
    return selection_round


def verify_selection(
    *, selection_round: SelectionRound, by: User | None, at: dt.datetime
) -> SelectionRound:
    """Let the independent verifier check what is stored, and keep what it says."""
    with transaction.atomic():
        selection_round = (
            SelectionRound.objects.select_for_update(of=("self",))
            .select_related("cohort__programme")
            .get(pk=selection_round.pk)
        )
        require(by, rules.can_manage_cohort, selection_round.cohort)
        if selection_round.run_at is None:
            raise Refused(_("There is nothing to verify yet."), code="wrong_state")
        verdict = _keep_verdict(selection_round, at=at)
        journal.record(
            event="selection_round.verified",
            by=by,
            at=at,
            on=selection_round,
            details={"holds": verdict.holds, "reason": verdict.reason},
        )
    return selection_round


def round_name(selection_round: SelectionRound) -> str:
    """Return the text that enters every lottery number of a round."""
    cohort = selection_round.cohort
    return f"{cohort.programme.key}/{cohort.number}/{selection_round.number}"


def _keep_verdict(selection_round: SelectionRound, *, at: dt.datetime) -> RoundVerdict:
    verdict = verdict_on(selection_round)
    selection_round.verdict = verdict.as_json()
    selection_round.verified_at = at
    selection_round.save(update_fields=["verdict", "verified_at"])
    return verdict


def _locked(cohort: Cohort) -> Cohort:
    return (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("programme", "rule_set")
        .get(pk=cohort.pk)
    )


def _draft_round(cohort: Cohort) -> SelectionRound:
    newest = cohort.selection_rounds.order_by("-number").first()
    if newest is None:
        return SelectionRound.objects.create(cohort=cohort, number=1)
    workflow.go(
        workflow.SELECTION,
        newest.state,
        "run",
        refusal=_("The selection is published and stands."),
    )
    newest.cohort = cohort
    return newest


def _stands(selection_round: SelectionRound, frozen: Mapping[str, Any]) -> bool:
    """Tell whether the same inputs were solved already and what is stored holds together."""
    if selection_round.run_at is None:
        return False
    same = selection_round.inputs_digest == digest_of(frozen)
    return same and verdict_on(selection_round).holds


def _store(
    selection_round: SelectionRound,
    frozen: Mapping[str, Any],
    problem: matching.Problem,
    result: matching.Result,
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    selection_round.selections.all().delete()
    selection_round.state = SelectionState.RUN
    selection_round.engine_version = matching.ENGINE_VERSION
    selection_round.inputs = dict(frozen)
    selection_round.inputs_digest = digest_of(frozen)
    selection_round.certificate = matching.certificate(problem, result)
    selection_round.verdict, selection_round.verified_at = {}, None
    selection_round.run_at = at
    selection_round.save()
    Selection.objects.bulk_create(
        _selections(selection_round, frozen, problem, result), batch_size=_CHUNK
    )
    summary = matching.summary(problem, result)
    journal.record(
        event="selection_round.run",
        by=by,
        at=at,
        on=selection_round,
        details={
            "inputs": selection_round.inputs_digest,
            "engine": selection_round.engine_version,
            "applicants": summary["applicants"],
            "matched": summary["matched"],
            "left_out": len(frozen["left_out"]),
        },
    )


def _selections(
    selection_round: SelectionRound,
    frozen: Mapping[str, Any],
    problem: matching.Problem,
    result: matching.Result,
) -> Iterator[Selection]:
    cohort = selection_round.cohort
    ids = dict(
        Application.objects.filter(cohort=cohort).values_list("number", "id"),
    )
    tracks = {track.key: track for track in cohort.tracks.all()}
    placed = {one.applicant: one for one in result.placements}
    for row in (*frozen["applicants"], *frozen["left_out"]):
        placement = placed.get(row["number"])
        track = tracks[placement.position] if placement and placement.position else None
        yield Selection(
            round=selection_round,
            application_id=ids[row["number"]],
            track=track,
            pool=(placement.pool or "") if placement else "",
            total_score=Decimal(row["total"]),
            local=row["local"],
            why=_why(row, problem, result),
        )


def _why(
    row: Mapping[str, Any], problem: matching.Problem, result: matching.Result
) -> dict[str, Any]:
    why: dict[str, Any] = {"scores": row["scores"], "missing": row["missing"]}
    if row["missing"] or row["number"] not in problem.applicants:
        return why
    return why | matching.explain(problem, result, row["number"], counterfactual=False)


def _settle_applications(
    selection_round: SelectionRound, *, by: User | None, at: dt.datetime
) -> None:
    changes = []
    decided: list[Application] = []
    for chosen, action in ((True, "select"), (False, "pass_over")):
        after = workflow.go(workflow.APPLICATION, ApplicationState.SUBMITTED, action)
        rows = Application.objects.filter(
            state=ApplicationState.SUBMITTED,
            selections__round=selection_round,
            selections__track__isnull=not chosen,
        ).select_related("person")
        settled = list(rows)
        rows.filter(pk__in=[row.pk for row in settled]).update(state=after)
        decided += settled
        changes += [
            Change(on=row, before={"state": row.state}, after={"state": after}) for row in settled
        ]
    journal.record_many(event="application.decided", by=by, at=at, changes=changes)
    tell_decided(decided, selection_round.cohort, at=at)
