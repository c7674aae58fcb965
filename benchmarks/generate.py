"""Fill an empty database with an invented alliance of any size, the same for the same seed.

    python benchmarks/generate.py --people 1000000 --applications 100000 --hours 10000000

Everybody's name is built from words for plants, sky and water, every address ends in `.example`:
the rows show at a glance that nobody is meant. PostgreSQL (`DATABASE_URL`) is filled by COPY,
SQLite (`BITGOEUL_DATA_DIR`) by executemany. Services and the journal are passed over: this makes
weight to measure against, not a history.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")

AT = dt.datetime(2024, 12, 2, 0, 0, tzinfo=dt.UTC)
STARTS, ENDS = dt.date(2025, 1, 6), dt.date(2025, 6, 27)
HOURS_A_DAY = 8
REGIONS = ("24", "36", "35", "11", "31")
MAJORS = ("computing", "mathematics", "engineering", "humanities", "other")
CHUNK = 20_000


class Filler:
    """Puts rows into tables, the quickest way that the database has."""

    def __init__(self, seed: int) -> None:
        from django.db import connection

        self.connection = connection
        self.postgres = connection.vendor == "postgresql"
        self.rng = np.random.default_rng(seed)

    def new_uuid(self) -> Any:
        """A uuid from the seed, in the form that the database keeps."""
        made = uuid.UUID(bytes=self.rng.bytes(16), version=4)
        return made if self.postgres else made.hex

    def fill(self, model: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Insert rows of the named fields; other fields get their model's default."""
        fields = {field.name: field for field in model._meta.concrete_fields}
        rest = {
            name: field.get_default()
            for name, field in fields.items()
            if name not in names and not field.primary_key
        }
        with_uuid = "uuid" in rest
        rest.pop("uuid", None)
        columns = [fields[name].column for name in (*names, *rest)]
        columns += ["uuid"] * with_uuid
        tail = [self.plain(value) for value in rest.values()]
        whole = (
            [*map(self.plain, row), *tail, *([self.new_uuid()] if with_uuid else [])]
            for row in rows
        )
        return self._write(model._meta.db_table, columns, whole)

    def plain(self, value: Any) -> Any:
        """A value as the driver takes it."""
        if isinstance(value, (dict, list)):
            return json.dumps(value)
        if isinstance(value, uuid.UUID) and not self.postgres:
            return value.hex
        if self.postgres or not isinstance(value, dt.date):
            return value
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        return value.isoformat()

    def _write(self, table: str, columns: list[str], rows: Iterator[list[Any]]) -> int:
        quoted = ", ".join(f'"{column}"' for column in columns)
        written = 0
        with self.connection.cursor() as cursor:
            if self.postgres:
                with cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
                        written += 1
                return written
            marks = ", ".join(["%s"] * len(columns))
            while some := list(islice(rows, CHUNK)):
                cursor.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})', some)
                written += len(some)
        return written

    def finish(self) -> None:
        """Set the counters behind the ids, and tell the planner what there is."""
        from django.apps import apps
        from django.core.management.color import no_style

        with self.connection.cursor() as cursor:
            for sql in self.connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
                cursor.execute(sql)
            cursor.execute("VACUUM ANALYZE" if self.postgres else "ANALYZE")


def people_rows(fill: Filler, people: int) -> Iterator[tuple[Any, ...]]:
    """Names of three invented words: 15,552 different ones."""
    from bitgoeul.cli.demo.names import _ROMAN, FAMILY, GIVEN

    for start in range(1, people + 1, CHUNK):
        size = min(CHUNK, people + 1 - start)
        family = fill.rng.integers(len(FAMILY), size=size)
        given = fill.rng.integers(len(GIVEN), size=(size, 2))
        sexes = fill.rng.integers(2, size=size)
        homes = fill.rng.integers(len(REGIONS), size=size)
        for place in range(size):
            number = start + place
            first = FAMILY[family[place]]
            yield (
                number,
                "!generated",
                f"person{number:07d}@people.example",
                first + GIVEN[given[place, 0]] + GIVEN[given[place, 1]],
                _ROMAN[first],
                ("female", "male")[sexes[place]],
                REGIONS[homes[place]],
                AT,
            )


def key_rows(names: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    """The search keys of people."""
    from bitgoeul.core import hangul

    for pk, full_name, romanised in names:
        for key in hangul.keys_of(full_name, romanised):
            yield pk, key.text, key.initials


def make_people(fill: Filler, people: int) -> None:
    """People and their search keys."""
    from bitgoeul.apps.alliance.models import NameKey, User

    names = (
        "id", "password", "email", "full_name", "romanised_name", "sex", "residence", "created_at",
    )  # fmt: skip
    kept: list[tuple[int, str, str]] = []

    def keeping() -> Iterator[tuple[Any, ...]]:
        for row in people_rows(fill, people):
            kept.append((row[0], row[3], row[4]))
            yield row

    told("people", fill.fill(User, names, keeping()))
    made = fill.fill(NameKey, ("person", "text", "initials"), key_rows(kept))
    told("search keys", made)


def make_alliance(fill: Filler, firms: int, staff: int) -> Any:
    """Three parties, their agreement with promises, firms, and people in roles."""
    from bitgoeul.apps.alliance.models import (
        Agreement,
        Commitment,
        Membership,
        Organisation,
        Party,
    )

    organisations = [
        ("한빛시", "Hanbit City", "city"),
        ("한빛대학교", "Hanbit University", "university"),
        ("한빛네트웍스", "Hanbit Networks", "company"),
    ]
    organisations += [(f"(가상)회사 {n:04d}", f"Company {n:04d}", "company") for n in range(firms)]
    fill.fill(
        Organisation,
        ("id", "name_ko", "name_en", "kind", "region"),
        ((n, *row, "24") for n, row in enumerate(organisations, start=1)),
    )
    agreement = Agreement.objects.create(
        title_ko="인공지능 인재 협약", title_en="AI talent agreement", signed_on=dt.date(2024, 1, 2)
    )
    for order in (1, 2, 3):
        Party.objects.create(agreement=agreement, organisation_id=order, order=order)
    for key, target in (
        ("programmes.completed", 8000),
        ("programmes.completion_rate", 90),
        ("programmes.selected_local_share", 30),
        ("careers.employment_rate_6m", 65),
        ("careers.retention_6m", 80),
        ("labs.passed_share", 70),
    ):
        Commitment.objects.create(
            agreement=agreement,
            responsible_id=1,
            title_ko=key,
            title_en=key,
            indicator_key=key,
            target=target,
            starts_on=dt.date(2025, 1, 1),
            ends_on=dt.date(2025, 12, 31),
        )
    roles = ("recruiter", "mentor", "instructor", "consultant")
    given = [(1, 2, "administrator"), (2, 1, "officer"), (3, 2, "officer"), (4, 2, "instructor")]
    given += [(5 + n, 4 + n % firms, roles[n % 4]) for n in range(staff)]
    told(
        "memberships",
        fill.fill(
            Membership,
            ("person", "organisation", "role", "started_on"),
            ((*row, dt.date(2024, 1, 2)) for row in given),
        ),
    )
    return agreement


def make_cohorts(agreement: Any, cohorts: int) -> list[Any]:
    """One programme whose first cohort is by far the largest."""
    from bitgoeul.apps.programmes.models import Cohort, Programme, RuleSet, Stage, Track

    programme = Programme.objects.create(
        key="academy", name_ko="한빛 아카데미", organiser_id=2, agreement=agreement
    )
    rules = RuleSet.objects.create(
        programme=programme, version=1, valid_from=dt.date(2024, 1, 2), values={}, approved_at=AT
    )
    made = []
    for number in range(1, cohorts + 1):
        cohort = Cohort.objects.create(
            programme=programme,
            number=number,
            state="running",
            rule_set=rules,
            applications_open_at=AT - dt.timedelta(days=30),
            applications_close_at=AT,
            starts_on=STARTS,
            ends_on=ENDS,
            hours=1000,
            local_regions=["24"],
            local_share=0.3,
        )
        for n in range(4):
            Track.objects.create(
                cohort=cohort, key=f"track-{n}", name_ko=f"{n + 1}반", field="modelling", seats=250
            )
        for n, weight in enumerate((30, 70), start=1):
            Stage.objects.create(
                cohort=cohort, key=f"stage-{n}", name_ko=f"{n}단계", order=n, weight=weight
            )
        made.append(cohort)
    return made


def shares(total: int, parts: int) -> list[int]:
    """Half of everything for the first cohort, the rest evenly."""
    rest = (total // 2) // max(1, parts - 1)
    return [total - rest * (parts - 1), *[rest] * (parts - 1)]


def make_applications(fill: Filler, cohorts: list[Any], total: int, first: int) -> None:
    """Applications with two choices and two scores each, and a published selection."""
    from bitgoeul.apps.programmes.models import (
        Application,
        Choice,
        Selection,
        SelectionRound,
        StageScore,
    )

    made: list[tuple[Any, ...]] = []
    for cohort, size in zip(cohorts, shares(total, len(cohorts)), strict=True):
        for number in range(size):
            pk = len(made) + 1
            kind = int(fill.rng.integers(5))
            made.append(
                (pk, cohort.pk, first + pk, f"A-{number + 1:06d}", "submitted", REGIONS[kind],
                 REGIONS[kind], MAJORS[kind], "seeking", AT, "")
            )  # fmt: skip
    names = (
        "id", "cohort", "person", "number", "state", "residence", "school_region", "major",
        "work_status", "submitted_at", "motivation",
    )  # fmt: skip
    told("applications", fill.fill(Application, names, made))
    tracks = {cohort.pk: list(cohort.tracks.values_list("pk", flat=True)) for cohort in cohorts}
    stages = {cohort.pk: list(cohort.stages.values_list("pk", flat=True)) for cohort in cohorts}
    fill.fill(
        Choice,
        ("application", "track", "rank"),
        ((row[0], tracks[row[1]][rank - 1], rank) for row in made for rank in (1, 2)),
    )
    scores = (fill.rng.random((len(made), 2)) * 100).round(2)
    rows = (
        (row[0], stage, float(scores[place, n]), AT, fill.new_uuid())
        for place, row in enumerate(made)
        for n, stage in enumerate(stages[row[1]])
    )
    fill.fill(StageScore, ("application", "stage", "score", "entered_at", "entry_uuid"), rows)
    for cohort in cohorts:
        SelectionRound.objects.create(
            cohort=cohort, state="published", run_at=AT, published_at=AT + dt.timedelta(days=7)
        )
    rounds = dict(SelectionRound.objects.values_list("cohort", "pk"))
    seats = {cohort.pk: 0 for cohort in cohorts}
    limit = total // 10 // len(cohorts)

    def selections() -> Iterator[tuple[Any, ...]]:
        for place, row in enumerate(made):
            seats[row[1]] += 1
            track = tracks[row[1]][place % 4] if seats[row[1]] <= limit else None
            yield rounds[row[1]], row[0], track, "open", float(scores[place].sum()), place % 3 == 0

    told(
        "selections",
        fill.fill(
            Selection, ("round", "application", "track", "pool", "total_score", "local"),
            selections(),
        ),
    )  # fmt: skip


def make_enrolments(fill: Filler, hours: int) -> None:
    """Everyone with a seat is enrolled, attends, completes or not, and hands in to a lab."""
    from bitgoeul.apps.programmes.models import Attendance, Enrolment, Selection

    seated = Selection.objects.filter(track__isnull=False).order_by("pk")
    rows = list(
        seated.values_list("application__cohort", "track", "application__person", "application")
    )
    states = fill.rng.choice(["completed", "completed", "completed", "removed"], size=len(rows))
    names = (
        "id", "cohort", "track", "person", "application", "state", "enrolled_on", "ended_on",
    )  # fmt: skip
    told(
        "enrolments",
        fill.fill(
            Enrolment,
            names,
            ((n, *row, states[n - 1], STARTS, ENDS) for n, row in enumerate(rows, start=1)),
        ),
    )
    days = [STARTS + dt.timedelta(days=n) for n in range((ENDS - STARTS).days + 1)]
    days = [day for day in days if day.weekday() < 5]
    each = min(len(days), max(1, hours // HOURS_A_DAY // max(1, len(rows))))

    def attendance() -> Iterator[tuple[Any, ...]]:
        for n in range(1, len(rows) + 1):
            marks = fill.rng.random(each) < 0.94
            for day, there in zip(days[:each], marks, strict=True):
                yield n, day, "11111111" if there else "11100000"

    written = fill.fill(Attendance, ("enrolment", "held_on", "hours"), attendance())
    told("attendance hours", written * HOURS_A_DAY)


def make_labs(fill: Filler) -> None:
    """One lab for everybody enrolled, with a scored submission each."""
    from bitgoeul.apps.labs.models import Evaluation, Lab, Participant, Submission
    from bitgoeul.apps.programmes.models import Assignment, Cohort, Enrolment

    lab = Lab.objects.create(
        key="first-lab", title_ko="첫 실습", title_en="First lab", task_ko="맞히세요.", owner_id=2,
        metric="accuracy", id_column="id", target_column="target", pass_score=0.8, state="open",
        opens_at=AT, closes_at=AT + dt.timedelta(days=400),
    )  # fmt: skip
    for cohort in Cohort.objects.all():
        Assignment.objects.create(cohort=cohort, lab=lab, due_at=AT + dt.timedelta(days=200))
    people = list(Enrolment.objects.order_by("pk").values_list("person", "cohort__uuid"))
    fill.fill(
        Participant,
        ("lab", "person", "admitted_at", "admitted_by_kind", "admitted_by_uuid"),
        ((lab.pk, person, AT, "programmes.cohort", cohort) for person, cohort in people),
    )
    when = AT + dt.timedelta(days=60)
    fill.fill(
        Submission,
        ("id", "lab", "person", "name", "sha256", "received_at", "state", "file", "faults"),
        (
            (n, lab.pk, person, "predictions.csv", "0" * 64, when, "scored", "none", [])
            for n, (person, _cohort) in enumerate(people, start=1)
        ),
    )
    scores = 0.6 + 0.4 * fill.rng.random(len(people))
    told(
        "scored submissions",
        fill.fill(
            Evaluation,
            ("submission", "scorer_version", "metric", "score", "rows", "inputs_digest",
             "evaluated_at"),
            (
                (n, "1", "accuracy", float(scores[n - 1]), 100, "0" * 64, when)
                for n in range(1, len(people) + 1)
            ),
        ),
    )  # fmt: skip


def make_careers(fill: Filler, firms: int) -> None:
    """Vacancies, and for three of four who completed a job with its three checks."""
    from bitgoeul.apps.careers.models import Placement, RetentionCheck, Vacancy
    from bitgoeul.apps.programmes.models import Enrolment

    fill.fill(
        Vacancy,
        ("id", "organisation", "number", "title_ko", "title_en", "seats", "opens_on", "closes_on",
         "state", "research_centre"),
        (
            (n, 3 + n, f"V-{n:04d}", f"연구원 {n}", f"Researcher {n}", 5, STARTS, ENDS, "open",
             n % 5 == 0)
            for n in range(1, firms + 1)
        ),
    )  # fmt: skip
    done = list(
        Enrolment.objects.filter(state="completed").order_by("pk").values_list("person", flat=True)
    )
    hired = [person for n, person in enumerate(done) if n % 4]
    began = ENDS + dt.timedelta(days=30)
    told(
        "placements",
        fill.fill(
            Placement,
            ("id", "person", "organisation", "vacancy", "kind", "started_on", "evidence_kind",
             "evidence_on"),
            (
                (n, person, 4 + n % firms, 1 + n % firms, "employment", began, "insurance", began)
                for n, person in enumerate(hired, start=1)
            ),
        ),
    )  # fmt: skip
    fill.fill(
        RetentionCheck,
        ("placement", "months", "due_on", "state", "source", "answered_on"),
        (
            (n, months, began + dt.timedelta(days=30 * months),
             "kept" if n % 6 else "lost", "employer", began + dt.timedelta(days=30 * months))
            for n in range(1, len(hired) + 1)
            for months in (3, 6, 12)
        ),
    )  # fmt: skip


_started = time.monotonic()


def told(what: str, count: int) -> None:
    """Say what was made."""
    print(f"{time.monotonic() - _started:7.1f} s  {count:>11,} {what}", file=sys.stderr)


def main() -> None:
    """Fill."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--applications", type=int, default=10_000)
    parser.add_argument("--hours", type=int, default=1_000_000, help="hours of attendance")
    parser.add_argument("--cohorts", type=int, default=10)
    parser.add_argument("--firms", type=int, default=500)
    parser.add_argument("--staff", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    first = 10 + args.staff
    if args.people < first + args.applications:
        parser.error("more people are needed than staff and applications")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    from bitgoeul.apps.alliance.models import User

    if User.objects.exists():
        sys.exit("this database already knows people: give an empty one")
    fill = Filler(args.seed)
    with transaction.atomic():
        make_people(fill, args.people)
        agreement = make_alliance(fill, args.firms, args.staff)
        cohorts = make_cohorts(agreement, args.cohorts)
        make_applications(fill, cohorts, args.applications, first)
        make_enrolments(fill, args.hours)
        make_labs(fill)
        make_careers(fill, args.firms)
    fill.finish()
    told("done", args.people)


if __name__ == "__main__":
    main()
