"""Every task is run again: an interrupted run changes nothing, a second run changes nothing more.

A worker may die in the middle of a task or just before its commit, and then the task runs again;
and somebody may ask twice. After GitLab's shared test "an idempotent worker".
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db.models import Model

from bitgoeul.core import jobs
from bitgoeul.core.jobs import queue, running
from bitgoeul.core.jobs.definitions import LeaseTask
from bitgoeul.core.jobs.models import Job, Slot

Rows = dict[Any, dict[str, Any]]
QUEUE_MODELS = (Job, Slot)


def assert_idempotent(
    task: LeaseTask[..., Any], *, ignore: Mapping[str, Sequence[str]] | None = None, **kwargs: Any
) -> Job:
    """Interrupt a task before its commit, run it, run it again; return the last job.

    `ignore` names fields that a second run may change (a "last looked at"), by model label;
    "*" leaves a whole model out. Each use says why.
    """
    ignored = ignore or {}
    untouched = snapshot({})
    _interrupt_before_commit(task, kwargs)
    assert snapshot({}) == untouched, "the task writes before its Commit, so a crash leaves half"
    first = _run(task, kwargs)
    assert first.state == "done", f"first run: {first.state}: {first.reason}\n{first.error}"
    before = snapshot(ignored)
    second = _run(task, kwargs)
    assert second.state == "done", f"second run: {second.state}: {second.reason}\n{second.error}"
    after = snapshot(ignored)
    differences = {label: (before[label], after[label]) for label in before} if after else {}
    changed = [label for label, (one, two) in differences.items() if one != two]
    assert not changed, "\n".join(_explain(label, *differences[label]) for label in changed)
    return second


def snapshot(ignore: Mapping[str, Sequence[str]]) -> dict[str, Rows]:
    """Return every row of every table but the queue's own, by model label and primary key."""
    return {
        model._meta.label: _rows(model, ignore.get(model._meta.label, ()))
        for model in apps.get_models(include_auto_created=True)
        if model not in QUEUE_MODELS
        and "*" not in ignore.get(model._meta.label, ())
        and model._meta.managed
        and not model._meta.proxy
    }


def _rows(model: type[Model], ignored: Sequence[str]) -> Rows:
    return {
        row[model._meta.pk.attname]: {key: row[key] for key in row if key not in ignored}
        for row in model._default_manager.values()
    }


def _interrupt_before_commit(task: LeaseTask[..., Any], kwargs: dict[str, Any]) -> None:
    # What a worker had done when it died: the function ran, its outcome was never committed.
    claimed = queue.Claim(0, uuid4(), task.module_path, kwargs, 0, "")
    running.call(task, claimed, jobs.Silent())


def _run(task: LeaseTask[..., Any], kwargs: dict[str, Any]) -> Job:
    waiting = set(Job.objects.filter(state="ready").values_list("pk", flat=True))
    assert not waiting, "other jobs are waiting; run or delete them first"
    job = jobs.enqueue(task, **kwargs)
    jobs.run_pending()
    job.refresh_from_db()
    return job


def _explain(label: str, before: Rows, after: Rows) -> str:
    more = len(after.keys() - before.keys())
    less = len(before.keys() - after.keys())
    other = [pk for pk in before.keys() & after.keys() if before[pk] != after[pk]]
    lines = [f"{label}: a second run added {more}, removed {less}, changed {len(other)} rows"]
    for pk in other[:3]:
        fields = [key for key in before[pk] if before[pk][key] != after[pk][key]]
        lines.append(
            f"  {pk}: " + ", ".join(f"{f}: {before[pk][f]!r} -> {after[pk][f]!r}" for f in fields)
        )
    return "\n".join(lines)
