"""How the first cohort of the demo was taught and brought to its end, filled in by the worker.

Curriculum and timetable for the transcripts, what counsellors did after warnings, certificates for
whoever completed, and objections with their answers. Everything through the rooms' services, on
the days on which it would have happened.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import CounselOutcome, EnrolmentState
from bitgoeul.apps.programmes.models import Attendance, Enrolment
from bitgoeul.cli import _
from bitgoeul.cli.demo import steps_teaching, synthetic
from bitgoeul.cli.demo.filling import Part
from bitgoeul.cli.demo.year import Year, on

DECIDED = synthetic.last_day() + dt.timedelta(days=8)
CERTIFIED = DECIDED + dt.timedelta(days=1)
COUNSELLED = 0.8
"""So many of those who did not complete were talked to before."""
RECOVERED = 14
"""So many others were talked to and completed."""
NOTES = (
    ("talk", "consecutive", "면담: 통학 시간이 길어 결석이 이어짐. 기숙사 안내"),
    ("call", "consecutive", "전화: 아르바이트와 겹침. 시간표 조정 상의"),
    ("help", "nothing_handed_in", "실습 과제를 함께 시작. 조교 보충 시간 안내"),
    ("message", "pass_line", "남은 결석 한도를 알리고 답을 받음"),
    ("referral", "course", "학생 상담 센터에 연결"),
)


def prepare(year: Year, name: str) -> Callable[[], object]:
    """Return what writes a unit."""
    kind, _sign, track = name.partition(":")
    if kind == "certificates":
        return lambda: give_certificates(year, track)
    if kind == "counselling":
        return lambda: counsel(year, track)
    write = {"course": write_course, "objections": object_and_answer}[kind]
    return lambda: write(year)


def units(year: Year) -> list[str]:
    """The course, then class by class, so that no unit holds the database for long."""
    tracks = list(year.cohort.tracks.order_by("key").values_list("key", flat=True))
    return [
        "course",
        *(f"counselling:{key}" for key in tracks),
        *(f"certificates:{key}" for key in tracks),
        "objections",
    ]


def write_course(year: Year) -> None:
    """What was taught, and when: the transcripts tell hours by module from it."""
    at = on(DECIDED, 15)
    steps_teaching.design_course(year, year.cohort, at)
    steps_teaching.make_timetable(year, year.cohort, at)


def counsel(year: Year, track: str) -> None:
    """Notes of the instructor about people of a class, and what came of each."""
    drawn = _drawn(year, f"counsel|{track}")
    rows = _people(year, track)
    lost = [row for row in rows if row.state == EnrolmentState.NOT_COMPLETED]
    others = [row for row in rows if row.state == EnrolmentState.COMPLETED]
    share = len(year.cohort.tracks.all())
    saved = drawn.sample(others, min(len(others), -(-RECOVERED // share)))
    talked = [row for row in lost if drawn.random() < COUNSELLED]
    for row in (*talked, *saved):
        _note(year, row, drawn)


def _note(year: Year, row: Enrolment, drawn: random.Random) -> None:
    action, reason, words = drawn.choice(NOTES)
    day = synthetic.FIRST_DAY + dt.timedelta(days=drawn.randrange(30, 150))
    facts: dict[str, Any] = {"by": year.staff["instructor"]}
    note = services.write_counsel_note(
        enrolment=row, action=action, words=words, reasons=(reason,), at=on(day, 17), **facts
    )
    came = CounselOutcome.RECOVERED
    if row.state != EnrolmentState.COMPLETED:
        came = drawn.choice((CounselOutcome.NOT_RECOVERED, CounselOutcome.LEFT))
    later = on(day + dt.timedelta(days=28), 17)
    services.settle_counsel_note(note=note, outcome=came, at=later, **facts)


def give_certificates(year: Year, track: str) -> None:
    """A certificate for whoever of a class completed."""
    services.settle_certificates(
        cohort=year.cohort, enrolments=_people(year, track), by=year.staff["bora"],
        at=on(CERTIFIED, 10),
    )  # fmt: skip


def object_and_answer(year: Year) -> None:
    """Three objections: one is right and its certificate is replaced, two are not."""
    at = on(DECIDED + dt.timedelta(days=3), 11)
    answered = on(DECIDED + dt.timedelta(days=6), 11)
    bora = year.staff["bora"]
    for row, day in _wronged(year):
        appeal = services.make_appeal(
            enrolment=row, words=f"{day.held_on}에는 결석하지 않았습니다. 출석부를 확인해 주세요.",
            by=row.person, at=at,
        )  # fmt: skip
        services.answer_appeal(
            appeal=appeal, accept=True, answer="종이 출석부와 대조해 바로잡았습니다.", by=bora,
            at=answered,
        )  # fmt: skip
        entry = services.DayEntry(enrolment=row, held_on=day.held_on, hours="1" * len(day.hours))
        services.record_attendance(
            cohort=year.cohort, entries=[entry], by=bora, at=answered, reason="이의신청 인정"
        )
        services.decide_completion_again(enrolment=row, by=bora, at=answered)
    for row in _lost(year):
        appeal = services.make_appeal(
            enrolment=row, words="출석 시간이 실제보다 적게 계산된 것 같습니다.", by=row.person,
            at=at,
        )  # fmt: skip
        services.answer_appeal(
            appeal=appeal, accept=False, answer="기록을 다시 확인했으나 80 %에 미치지 못합니다.",
            by=bora, at=answered,
        )  # fmt: skip


def _wronged(year: Year) -> Iterator[tuple[Enrolment, Attendance]]:
    """Somebody who completed, with a day of absence that the paper list does not know."""
    away = Attendance.objects.filter(
        enrolment__cohort=year.cohort, enrolment__state=EnrolmentState.COMPLETED,
        hours__regex=r"^0+$",
    ).order_by("enrolment_id", "held_on")  # fmt: skip
    day = away.select_related("enrolment__person").first()
    if day is not None:
        yield day.enrolment, day


def _lost(year: Year) -> list[Enrolment]:
    rows = Enrolment.objects.filter(cohort=year.cohort, state=EnrolmentState.NOT_COMPLETED)
    return list(rows.select_related("person", "cohort").order_by("pk")[:2])


def _people(year: Year, track: str) -> Sequence[Enrolment]:
    rows = Enrolment.objects.filter(cohort=year.cohort, track__key=track)
    near = ("person", "cohort__programme", "cohort__rule_set")
    return list(rows.select_related(*near).order_by("pk"))


def _drawn(year: Year, what: str) -> random.Random:
    return random.Random(f"{year.seed}|{what}")  # noqa: S311 -- an invented class, no secret


PARTS = (
    Part(
        key="running",
        title=_("Course, counselling, certificates and objections of the first cohort"),
        units=units,
        prepare=prepare,
    ),
)
