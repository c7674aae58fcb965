"""Whoever passes a lab proves its skills: a certificate is issued where the lab says so."""

import datetime as dt

from bitgoeul.apps.credentials import services as credentials
from bitgoeul.apps.labs.models import Evaluation, Lab, Submission
from bitgoeul.apps.labs.queries import passes
from bitgoeul.core import formats

EVIDENCE = "labs.lab"
"""One certificate a person and lab, however often it is passed: the lab is the evidence."""


def prove_skills(submission: Submission, found: Evaluation, *, at: dt.datetime) -> None:
    """Issue the lab's achievement when an evaluation passes it.

    A lab that a room above holds proves nothing here: when and whether its scores are public, and
    which of them stands, only that room knows.
    """
    lab = submission.lab
    if lab.held_by_kind:
        return
    if lab.achievement is None or lab.achievement.retired_at is not None:
        return
    if passes(lab, found.score):
        awards = [award_for(submission, found)]
        credentials.issue_credentials(achievement=lab.achievement, awards=awards, by=None, at=at)


def award_for(submission: Submission, found: Evaluation) -> credentials.Award:
    """Return what an evaluation that passes is worth, with its score in both languages."""
    lab = submission.lab
    score, line = _said(found.score, lab), _said(lab.pass_score, lab)
    return credentials.Award(
        person=submission.person,
        evidence_kind=EVIDENCE,
        evidence_uuid=lab.uuid,
        narrative_ko=f"실습 “{lab.title_ko}”: {score} (통과 기준 {line})",
        narrative_en=f"Lab “{lab.title_en or lab.title_ko}”: {score} (pass line {line})",
    )


def _said(score: float, lab: Lab) -> str:
    return f"{score:g}" if lab.max_points is not None else formats.number(score, digits=4)
