"""Programme, applicants, selection, cohort, the graded task, attendance and completion."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs import services as labs
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import PRESETS, Cohort, Enrolment, Programme, RuleSet
from bitgoeul.cli import _
from bitgoeul.cli.demo import files, outcomes, steps_selection, synthetic
from bitgoeul.cli.demo.people import UNIVERSITY
from bitgoeul.cli.demo.steps_alliance import TEXTS, organisation
from bitgoeul.cli.demo.year import LAB, PROGRAMME, Year, on
from bitgoeul.core import clock, jobs

PRESET = "gwangju-academy"
LOCAL_SHARE = 0.5
NEXT_STARTS = dt.date(2026, 5, 4)


def found_programme(year: Year) -> None:
    """The programme, its approved rules and the first cohort with ten classes."""
    bora, at = year.staff["bora"], on(dt.date(2024, 1, 10))
    year.programme = services.create_programme(
        key=PROGRAMME,
        **TEXTS["programme"],
        organiser=organisation(UNIVERSITY),
        agreement=year.agreement,
        by=bora,
        at=at,
    )
    proposed = services.propose_rule_set(
        programme=year.programme,
        values=PRESETS[PRESET],
        valid_from=dt.date(2024, 1, 1),
        by=bora,
        at=at,
    )
    rules = services.approve_rule_set(rule_set=proposed, by=year.staff["areum"], at=at)
    year.cohort = _cohort(
        year,
        year.programme,
        rules,
        number=1,
        opens=synthetic.APPLY_FROM,
        closes=synthetic.APPLY_UNTIL,
        first=synthetic.FIRST_DAY,
        last=synthetic.last_day(),
        at=at,
    )
    opened = on(synthetic.APPLY_FROM, 9)
    services.open_applications(cohort=year.cohort, by=bora, at=opened)


def _cohort(
    year: Year,
    programme: Programme,
    rules: RuleSet,
    *,
    number: int,
    opens: dt.date,
    closes: dt.date,
    first: dt.date,
    last: dt.date,
    at: dt.datetime,
    stages: Sequence[services.StagePlan] = steps_selection.STAGES,
    answer_days: int | None = None,
) -> Cohort:
    return services.create_cohort(
        programme=programme,
        number=number,
        rule_set=rules,
        applications_open_at=on(opens, 9),
        applications_close_at=on(closes, 23, 59),
        starts_on=first,
        ends_on=last,
        hours=synthetic.HOURS,
        answer_days=answer_days,
        tracks=[
            services.TrackPlan(
                key=key,
                name_ko=korean,
                name_en=english,
                field=field,
                seats=year.size.seats_a_track,
            )
            for key, korean, english, field in synthetic.TRACKS
        ],
        stages=stages,
        band_width=steps_selection.BAND,
        local_regions=["24"],
        local_share=LOCAL_SHARE,
        lottery_seed=hashlib.sha256(f"{year.seed}|{number}".encode()).hexdigest(),
        by=year.staff["bora"],
        at=at,
    )


def import_applicants(year: Year) -> None:
    """779 applicants by file; its eleven dirty rows are named and left out."""
    path = files.applicants(year.folder, year.people)
    at = on(synthetic.APPLY_UNTIL, 20)
    year.take_in("applicants", path, into=year.cohort, at=at, leave_out=True)
    after = on(synthetic.APPLY_UNTIL + dt.timedelta(days=1), 9)
    services.close_applications(cohort=year.cohort, by=year.staff["bora"], at=after)


def import_scores(year: Year) -> None:
    """The scores of four stages by file, in cp949; two of the stages cut."""
    scores = synthetic.stage_scores(year.people, seed=year.seed)
    path = files.stage_scores(year.folder, year.people, scores)
    year.take_in("stage-scores", path, into=year.cohort, at=on(dt.date(2024, 3, 15)))
    steps_selection.cut(year)


def select(year: Year) -> None:
    """Seats by deferred acceptance with the local reserve; verified, published, enrolled."""
    bora = year.staff["bora"]
    made = services.run_selection(cohort=year.cohort, by=bora, at=on(dt.date(2024, 3, 18)))
    services.publish_selection(selection_round=made, by=bora, at=on(dt.date(2024, 3, 20)))
    services.enrol_selected(cohort=year.cohort, by=bora, at=on(dt.date(2024, 3, 25)))


def enrolled(year: Year) -> list[synthetic.Applicant]:
    """Return the people of the model who got a seat."""
    numbers = set(
        Enrolment.objects.filter(cohort=year.cohort).values_list("application__number", flat=True)
    )
    return [person for person in year.people if person.number in numbers]


def run_lab(year: Year) -> None:
    """One graded task for everybody: real models of different strength, scored in the worker."""
    instructor = year.staff["instructor"]
    opened, due = on(dt.date(2024, 7, 1), 9), on(dt.date(2024, 8, 30), 18)
    contents = {
        name: labs.Content(name=path.name, data=path.read_bytes())
        for name, path in files.lab(year.folder).items()
    }
    year.lab = labs.create_lab(
        key=LAB,
        owner=organisation(UNIVERSITY),
        **TEXTS["lab"],
        metric="accuracy",
        id_column="id",
        target_column="target",
        pass_score=0.85,
        daily_limit=5,
        opens_at=opened,
        closes_at=on(dt.date(2026, 12, 31), 18),
        train=contents["train"],
        test=contents["test"],
        sample=contents["sample"],
        truth=contents["truth"],
        by=instructor,
        at=on(dt.date(2024, 6, 24)),
    )
    labs.open_lab(lab=year.lab, by=instructor, at=opened)
    services.assign_lab(
        cohort=year.cohort, lab=year.lab, due_at=due, required=True, by=instructor, at=opened
    )
    for attempt in (0, 1, 2):
        _hand_in(year, attempt)


def _hand_in(year: Year, attempt: int) -> None:
    people = {e.application.number: e.person for e in _enrolments(year) if e.application}
    passed = set(_passed(year.lab)) if attempt else set()
    at = on(dt.date(2024, 7, 15) + dt.timedelta(days=14 * attempt), 14)
    with clock.freeze(at):
        _receive(year, people, passed, attempt=attempt, at=at)
        jobs.run_pending(at=at)


@transaction.atomic
def _receive(
    year: Year, people: Mapping[str, User], passed: set[int], *, attempt: int, at: dt.datetime
) -> None:
    for person in enrolled(year):
        account = people[person.number]
        if account.pk in passed or person.diligence < -2.2:
            continue
        rows = outcomes.prediction(person, attempt=attempt, seed=year.seed)
        path = files.prediction(year.folder, person.number, attempt, rows)
        labs.receive_submission(
            lab=year.lab,
            person=account,
            name=path.name,
            content=path.read_bytes(),
            by=account,
            at=at,
        )


def _passed(lab: Lab) -> Iterator[int]:
    from bitgoeul.apps.labs.queries import best_evaluations

    for person_id, best in best_evaluations(lab).items():
        if best.score >= lab.pass_score:
            yield person_id


def _enrolments(year: Year) -> list[Enrolment]:
    rows = Enrolment.objects.filter(cohort=year.cohort)
    return list(rows.select_related("person", "application"))


def import_attendance(year: Year) -> None:
    """Every training hour by file, a file a month, in cp949."""
    days = synthetic.attendance(enrolled(year), seed=year.seed)
    for path in files.attendance(year.folder, days):
        month = dt.date.fromisoformat(f"{path.stem[-7:]}-01")
        at = on(month + dt.timedelta(days=34))
        year.take_in("attendance", path, into=year.cohort, at=at)


def complete(year: Year) -> None:
    """Who completed, by the rules of the cohort, with every step of the verdict."""
    bora = year.staff["bora"]
    at = on(synthetic.last_day() + dt.timedelta(days=8))
    services.decide_completions(cohort=year.cohort, by=bora, at=at)
    services.end_cohort(cohort=year.cohort, by=bora, at=at)


def open_next_cohort(year: Year) -> None:
    """A second cohort that takes applications on the demo's today."""
    at = on(dt.date(2026, 3, 2))
    rules = RuleSet.objects.get(programme=year.programme, version=1)
    following = _cohort(
        year,
        year.programme,
        rules,
        number=2,
        opens=dt.date(2026, 3, 2),
        closes=dt.date(2026, 4, 10),
        first=NEXT_STARTS,
        last=dt.date(2026, 12, 18),
        at=at,
        stages=services.STAGES_OF_FOUR,
        answer_days=5,
    )
    services.open_applications(cohort=following, by=year.staff["bora"], at=at)


STEPS = (
    (_("Founding the programme and its first cohort"), found_programme),
    (_("Importing 779 applicants, naming the dirty rows"), import_applicants),
    (_("Importing the scores of four selection stages, two of which cut"), import_scores),
    (_("Giving 330 seats, verifying and publishing the selection"), select),
    (_("Training and scoring real models in the graded task"), run_lab),
    (_("Importing attendance of 1,300 hours"), import_attendance),
    (_("Deciding completions by rule"), complete),
)
LAST_STEPS = ((_("Opening applications for the next cohort"), open_next_cohort),)
