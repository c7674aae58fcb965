"""Stored verdicts applied once more: the same, or what differs, by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.models import Cohort, CompletionVerdict, Enrolment, Inputs, evaluate
from bitgoeul.apps.programmes.queries.trace import TraceLine, phrased
from bitgoeul.engines.evidence import digest

_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that the replay says otherwise; `what` is a key, the rest is text."""

    what: str
    stored: str
    again: str


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A verdict, what stands stored of it, and what its own rules say of its own inputs."""

    verdict: CompletionVerdict
    lines: list[TraceLine] = field(default_factory=list)
    differences: tuple[Difference, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def replay(verdict: CompletionVerdict) -> Replay:
    """Apply the verdict's own rule version to its own inputs, and name what differs."""
    again = evaluate(Inputs.from_json(verdict.inputs), verdict.rule_set.thresholds)
    found = [line.as_json() for line in again.lines]
    differences = list(_of_inputs(verdict)) + list(_of_lines(verdict.trace, found))
    if verdict.completed != again.completed:
        differences.append(
            Difference(what="completed", stored=str(verdict.completed), again=str(again.completed))
        )
    lines = phrased(verdict.trace)
    return Replay(verdict=verdict, lines=lines, differences=tuple(differences))


def _of_inputs(verdict: CompletionVerdict) -> Iterator[Difference]:
    now = digest(verdict.inputs)
    if now != verdict.inputs_digest:
        yield Difference(what="inputs", stored=verdict.inputs_digest, again=now)


def _of_lines(
    stored: Sequence[Mapping[str, Any]], again: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    before = {line["rule"]: line for line in stored}
    after = {line["rule"]: line for line in again}
    for rule in [*before, *(rule for rule in after if rule not in before)]:
        old, new = before.get(rule), after.get(rule)
        if old != new:
            yield Difference(what=rule, stored=_said(old), again=_said(new))


def _said(line: Mapping[str, Any] | None) -> str:
    if line is None:
        return _("no such line")
    try:
        return phrased([line])[0].text
    except (KeyError, TypeError):
        # Whoever changed what is stored need not have left words for it.
        return str(dict(line))


def replays_of(enrolment: Enrolment) -> list[Replay]:
    """Replay the verdicts on one person, newest first."""
    return [replay(verdict) for verdict in _verdicts().filter(enrolment=enrolment)[:_SHOWN]]


def replays(cohort: Cohort | None = None) -> Iterator[Replay]:
    """Replay every stored verdict, of one cohort or of all."""
    found = _verdicts()
    if cohort is not None:
        found = found.filter(enrolment__cohort=cohort)
    for verdict in found.iterator(chunk_size=200):
        yield replay(verdict)


def _verdicts() -> QuerySet[CompletionVerdict]:
    # An erased person's inputs are gone, and so is what could be replayed.
    kept = CompletionVerdict.objects.exclude(inputs={})
    return kept.select_related("rule_set__programme").order_by("-decided_at", "-id")
