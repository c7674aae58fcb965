"""Every registered task has a runnable example, and running it twice changes nothing more.

Rooms put theirs beside their tests, in `tests/apps/<room>/job_examples.py`:
`EXAMPLES = {"bitgoeul.apps.labs.tasks.score_submission": factory}`; the factory makes the rows
that the task needs and returns its arguments (and, under the key `ignore`, what may change).
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bitgoeul.core.jobs import registry
from bitgoeul.core.jobs.models import Job
from tests.core.jobs import sample_tasks
from tests.core.jobs.idempotence import assert_idempotent

TESTS = Path(__file__).resolve().parents[2]


def examples() -> dict[str, Callable[[], dict[str, Any]]]:
    """Collect every room's examples."""
    found: dict[str, Callable[[], dict[str, Any]]] = {}
    for path in sorted(TESTS.glob("**/job_examples.py")):
        name = ".".join(path.relative_to(TESTS.parent).with_suffix("").parts)
        for key, factory in importlib.import_module(name).EXAMPLES.items():
            found[getattr(key, "module_path", key)] = factory
    return found


TASKS = registry.discover()


def test_every_task_has_an_example_and_every_example_a_task():
    assert sorted(examples()) == sorted(TASKS)


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(TASKS))
def test_running_twice_changes_nothing_more(path):
    kwargs = examples()[path]()
    ignore = kwargs.pop("ignore", None)
    Job.objects.filter(state="ready").delete()
    assert_idempotent(TASKS[path], ignore=ignore, **kwargs)


@pytest.mark.django_db
def test_the_check_finds_a_task_that_adds_twice():
    with pytest.raises(AssertionError, match="added 1, removed 0"):
        assert_idempotent(sample_tasks.add_site)


@pytest.mark.django_db
def test_the_check_finds_a_task_that_writes_before_its_commit():
    with pytest.raises(AssertionError, match="writes before its Commit"):
        assert_idempotent(sample_tasks.add_site_early)


@pytest.mark.django_db
def test_the_check_reports_a_task_that_fails():
    sample_tasks.make_effect_table()
    with pytest.raises(AssertionError, match="after the effect"):
        assert_idempotent(sample_tasks.note_then_fail, word="a")
