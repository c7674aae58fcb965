"""Stored verdicts applied once more: the same, or what differs, by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.models import (
    AllowanceLine,
    Cohort,
    CompletionVerdict,
    Enrolment,
    Inputs,
    evaluate,
)
from bitgoeul.apps.programmes.models.allowance_rule import AllowanceInputs, allowance
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
    differences = list(_of_digest(verdict.inputs, verdict.inputs_digest)) + list(
        _of_lines(verdict.trace, found)
    )
    if verdict.completed != again.completed:
        differences.append(
            Difference(what="completed", stored=str(verdict.completed), again=str(again.completed))
        )
    lines = phrased(verdict.trace)
    return Replay(verdict=verdict, lines=lines, differences=tuple(differences))


def _of_digest(inputs: Mapping[str, Any], stored: str) -> Iterator[Difference]:
    now = digest(inputs)
    if now != stored:
        yield Difference(what="inputs", stored=stored, again=now)


def _of_lines(
    stored: Sequence[Mapping[str, Any]], again: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    before = {line["rule"]: line for line in stored}
    after = {line["rule"]: line for line in again}
    for rule in [*before, *(rule for rule in after if rule not in before)]:
        old, new = before.get(rule), after.get(rule)
        if _compared(old) != _compared(new):
            yield Difference(what=rule, stored=_said(old), again=_said(new))


def _compared(line: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What a line decides: the words that name its source may be put better at any time."""
    return line and {name: value for name, value in line.items() if name != "source"}


def _said(line: Mapping[str, Any] | None) -> str:
    if line is None:
        return _("no such line")
    try:
        return phrased([line])[0].text
    except (KeyError, TypeError):
        # Whoever changed what is stored need not have left words for it.
        return str(dict(line))


def replay_of_line(line: AllowanceLine) -> tuple[Difference, ...]:
    """Calculate an allowance once more from its own inputs and rules; name what differs."""
    if not line.inputs:
        return ()
    again = allowance(AllowanceInputs.from_json(line.inputs), line.run.rule_set.thresholds)
    found = list(_of_digest(line.inputs, line.inputs_digest))
    found += _of_lines(line.trace, [each.as_json() for each in again.lines])
    for name in ("training_won", "special_won"):
        stored, now = getattr(line, name), getattr(again, name)
        if stored != now:
            found.append(Difference(what=name, stored=str(stored), again=str(now)))
    return tuple(found)


def replays_of_lines(
    cohort: Cohort | None = None,
) -> Iterator[tuple[AllowanceLine, tuple[Difference, ...]]]:
    """Calculate every stored allowance once more, of one cohort or of all."""
    found = AllowanceLine.objects.exclude(inputs={}).select_related("run__rule_set")
    if cohort is not None:
        found = found.filter(run__cohort=cohort)
    for line in found.order_by("pk").iterator(chunk_size=200):
        yield line, replay_of_line(line)


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
