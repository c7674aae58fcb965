"""What a completion certificate says, and which certificates stand for whom."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from bitgoeul.apps.credentials.enums import CredentialState, RevocationReason
from bitgoeul.apps.credentials.models import Achievement, Credential, Skill
from bitgoeul.apps.credentials.queries import credentials_for
from bitgoeul.apps.programmes.models import Cohort, CompletionVerdict, Enrolment, Module, Track
from bitgoeul.apps.programmes.queries.design import modules_for, modules_of, skills_named
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.core import formats
from bitgoeul.engines.evidence import digest

EVIDENCE = "programmes.enrolment"
"""One certificate an enrolment: however often completion is decided, one of them stands."""

ON_PAPER = ("attendance", "labs", "projects", "exam", "remote")
"""Lines of a verdict that a certificate repeats; how days were counted stays on the own page."""

LANGUAGES = ("ko", "en")

_BY_VERDICT = frozenset({RevocationReason.EVIDENCE, RevocationReason.CORRECTED})
"""Reasons for which a certificate is revoked and, once the verdict allows it, given again."""


def achievement_key(cohort: Cohort, track: Track | None) -> str:
    """Return the key under which the completion of a cohort, or of a track of it, is achieved."""
    return f"track-{track.uuid}-completion" if track else f"cohort-{cohort.uuid}-completion"


def tracks_apart(modules: Sequence[Module]) -> bool:
    """Whether tracks are taught different things, so that each has an achievement of its own."""
    return any(row.track_id is not None for row in modules)


def achievement_of(cohort: Cohort, track: Track | None) -> Achievement | None:
    """Return what completion achieves, once it was written down."""
    rows = Achievement.objects.select_related("issuer")
    return rows.filter(key=achievement_key(cohort, track)).first()


def words_of(
    cohort: Cohort, track: Track | None, modules: Sequence[Module]
) -> dict[str, dict[str, str]]:
    """Return title, description and criteria in both languages, by language."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = {
                "title": _title(cohort, track),
                "description": _description(cohort, modules),
                "criteria": "\n".join(criteria_of(cohort)),
            }
    return found


def skills_taught(modules: Sequence[Module], track: Track | None) -> list[Skill]:
    """Return the skills of a curriculum, or of a track's part of it."""
    mine = modules_for(track, modules) if track else modules
    found = {skill.pk: skill for skill in skills_named(mine).values()}
    return sorted(found.values(), key=lambda skill: skill.key)


def criteria_of(cohort: Cohort) -> list[str]:
    """Say what completion takes by the version of the rules that the cohort lives by."""
    values = cohort.rule_set.thresholds
    named = {"version": cohort.rule_set.version, "programme": cohort.programme.name}
    hours = formats.number(cohort.hours)
    attended = formats.share(values.attendance_share_at_least, digits=0)
    lines = [_("Rules of %(programme)s, version %(version)s") % named]
    if values.attendance_unit == "days":
        text = _("At least %(share)s of the training days attended; %(hours)s hours are planned")
    else:
        text = _("At least %(share)s of %(hours)s planned hours attended")
    lines.append(text % {"share": attended, "hours": hours})
    if cohort.assignments.filter(required=True).exists():
        share = formats.share(values.required_lab_share, digits=0)
        lines.append(_("Labs needed for completion passed: %(share)s") % {"share": share})
    if cohort.projects.filter(required=True).exists():
        lines.append(_("Every project needed for completion passed"))
    if values.exam_pass_mark is not None:
        mark = formats.number(values.exam_pass_mark)
        lines.append(_("Final test of at least %(mark)s points of 100") % {"mark": mark})
    if values.remote_progress_at_least is not None:
        share = formats.share(values.remote_progress_at_least, digits=0)
        lines.append(_("At least %(share)s of the remote part") % {"share": share})
    return lines


def narrative_of(verdict: CompletionVerdict) -> dict[str, str]:
    """Say what somebody reached, in both languages, by language."""
    said = _on_paper(verdict)
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = "; ".join(line.text for line in phrased(said))
    return found


def reached_digest(verdict: CompletionVerdict) -> str:
    """Return the digest of what somebody reached: of the figures, however they are worded."""
    return digest(_on_paper(verdict))


def says_verdict(held: Credential, verdict: CompletionVerdict) -> bool:
    """Whether a certificate says what a verdict says; of an erased one nobody can tell."""
    if known := held.facts.get("evidence_digest"):
        return bool(known == reached_digest(verdict))
    # Issued before digests were kept beside the words: these are all there is to compare.
    return not held.facts or held.facts.get("narrative_ko") == narrative_of(verdict)["ko"]


def standing_certificates(enrolments: Iterable[Enrolment]) -> Mapping[Any, Credential]:
    """Return the valid completion certificate of each enrolment, by the enrolment's uuid."""
    rows = credentials_for(EVIDENCE, [row.uuid for row in enrolments])
    return {row.evidence_uuid: row for row in rows.filter(state=CredentialState.VALID)}


def withheld_certificates(enrolments: Iterable[Enrolment]) -> Mapping[Any, Credential]:
    """Return the newest certificate of those from whom one was taken by hand, by enrolment's uuid.

    For misconduct, as a mistake or for another reason that no verdict knows: whoever completed
    all the same is given a new one only when an officer asks for just that.
    """
    rows = credentials_for(EVIDENCE, [row.uuid for row in enrolments])
    newest = {row.evidence_uuid: row for row in rows.order_by("issued_at", "pk")}
    return {uuid: row for uuid, row in newest.items() if is_withheld(row)}


def is_withheld(newest: Credential) -> bool:
    """Whether somebody's newest certificate was revoked by hand."""
    revoked = newest.state == CredentialState.REVOKED
    return revoked and newest.revocation_reason not in _BY_VERDICT


def certificates_of(enrolment: Enrolment) -> list[Credential]:
    """Return the completion certificates of an enrolment, those revoked too, newest first."""
    return list(credentials_for(EVIDENCE, [enrolment.uuid]).order_by("-issued_at", "-pk"))


def count_certificates(cohort: Cohort) -> int:
    """Return how many completion certificates of a cohort stand."""
    uuids = Enrolment.objects.filter(cohort=cohort).values("uuid")
    rows = Credential.objects.filter(evidence_kind=EVIDENCE, evidence_uuid__in=uuids)
    return rows.filter(state=CredentialState.VALID).count()


def modules_taught(cohort: Cohort) -> list[Module]:
    """Return the modules of a cohort."""
    return list(modules_of(cohort))


def _on_paper(verdict: CompletionVerdict) -> list[Any]:
    return [line for line in verdict.trace if line["rule"] in ON_PAPER]


def _title(cohort: Cohort, track: Track | None) -> str:
    said = _("Completion of %(cohort)s") % {"cohort": cohort}
    return (f"{said}: {track.name}" if track else said)[:120]


def _description(cohort: Cohort, modules: Sequence[Module]) -> str:
    facts = {
        "from": formats.day(cohort.starts_on, _language()),
        "until": formats.day(cohort.ends_on, _language()),
        "hours": formats.number(cohort.hours),
    }
    said = _("Training of %(hours)s hours from %(from)s to %(until)s.") % facts
    project = sum(row.hours for row in modules if row.company_project and row.track_id is None)
    if project:
        hours = formats.number(project)
        said += " " + _("%(hours)s hours of it are company projects.") % {"hours": hours}
    return said


def _language() -> str:
    return "en" if translation.get_language() == "en" else "ko"
