"""Numbers in Prometheus' text format: requests by route, and what the tables say about jobs.

Requests are counted by every server process in a file of its own; whoever asks gets the sum.
Jobs and imports are counted in the database when somebody asks. No label names a person: routes
are patterns, tasks and kinds are names in the program.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from bitgoeul.core.jobs.models import Job

from . import states

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_own = CollectorRegistry()
REQUESTS = Counter(
    "bitgoeul_requests", "Requests answered", ("route", "method", "status"), registry=_own
)
SECONDS = Histogram(
    "bitgoeul_request_seconds", "Time to answer", ("route",), registry=_own, buckets=_BUCKETS
)


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count one answer."""
    known = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "OTHER"
    REQUESTS.labels(route, known, f"{status // 100}xx").inc()
    SECONDS.labels(route).observe(seconds)


def exposition() -> bytes:
    """Everything, in Prometheus' text format."""
    registry = CollectorRegistry()
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if folder and Path(folder).is_dir():
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's
        requests = generate_latest(registry)
    else:
        requests = generate_latest(_own)
    tables = CollectorRegistry()
    tables.register(_Tables())
    return requests + generate_latest(tables)


class _Tables:
    """What is counted in the database at the moment of asking."""

    def collect(self) -> Iterator[Metric]:
        """Yield every number; with the database away, only that it is away."""
        state = GaugeMetricFamily("bitgoeul_check", "1 when well, 0 when not", labels=["check"])
        value = GaugeMetricFamily(
            "bitgoeul_check_value", "Seconds late, bytes free, migrations waiting", labels=["check"]
        )
        for check in states.checks():
            state.add_metric([check.key], float(check.state == states.OK))
            value.add_metric([check.key], check.value)
        yield state
        yield value
        try:
            yield from _of_tables()
        except DatabaseError:
            return


def _of_tables() -> Iterator[Metric]:
    yield _counted(
        "bitgoeul_jobs", "Jobs in the queue and of the last 90 days", "task", "state", Job
    )
    yield from _durations()
    imports = apps.get_model("imports", "Import")
    yield _counted("bitgoeul_imports", "Imports by kind and state", "kind", "state", imports)
    yield GaugeMetricFamily("bitgoeul_database_bytes", "Size of the database", database_bytes())


def _counted(name: str, text: str, first: str, second: str, model: Any) -> GaugeMetricFamily:
    metric = GaugeMetricFamily(name, text, labels=[first, second])
    rows = model._default_manager.order_by().values_list(first, second).annotate(n=Count("pk"))
    for one, other, count in rows:
        metric.add_metric([one, other], count)
    return metric


def _durations() -> Iterator[Metric]:
    mean = GaugeMetricFamily(
        "bitgoeul_job_seconds_mean", "Mean run of finished jobs", labels=["task"]
    )
    longest = GaugeMetricFamily("bitgoeul_job_seconds_max", "Longest run", labels=["task"])
    taken = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
    ended = Job.objects.filter(started_at__isnull=False, finished_at__isnull=False).order_by()
    for task, average, most in ended.values_list("task").annotate(a=Avg(taken), m=Max(taken)):
        mean.add_metric([task], average.total_seconds())
        longest.add_metric([task], most.total_seconds())
    yield mean
    yield longest


def database_bytes() -> float:
    """How large the database is."""
    sql = {
        "postgresql": "SELECT pg_database_size(current_database())",
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return float(cursor.fetchone()[0])
