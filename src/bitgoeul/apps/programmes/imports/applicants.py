"""A list of applicants into a cohort: identity, answers, ranked tracks and consents."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import ConsentText, User
from bitgoeul.apps.alliance.queries import current_consent_texts
from bitgoeul.apps.alliance.services import NewPerson
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.enums import ApplicationState
from bitgoeul.apps.programmes.imports.words import MAJORS, REGIONS, SEXES, WORK
from bitgoeul.apps.programmes.models import Application, Cohort, Track
from bitgoeul.apps.programmes.queries.cohorts import cohorts_to_choose, find_cohort
from bitgoeul.core import clock
from bitgoeul.core.imports import CellError, Column, Kind, Row, clean

CHOICES = ("choice_1", "choice_2", "choice_3")
CONSENTS: dict[str, Purpose] = {
    "consent_selection": Purpose.SELECTION,
    "consent_training": Purpose.TRAINING,
    "consent_job_support": Purpose.JOB_SUPPORT,
    "consent_employers": Purpose.EMPLOYER_SHARING,
    "consent_follow_up": Purpose.OUTCOME_FOLLOW_UP,
    "consent_research": Purpose.RESEARCH,
}
_PERSON = ("full_name", "phone", "birth_on", "sex", "residence")
_ANSWERS = ("residence", "school_region", "major", "work_status")


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the rows are compared with, loaded once."""

    cohort: Cohort
    by_number: dict[str, Application]
    by_email: dict[str, Application]
    tracks: dict[str, Track]
    texts: dict[str, ConsentText]
    first_line: dict[str, int]


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def prepare(*, target: Cohort, rows: Sequence[Row], by: User | None) -> Context:
    """Load the cohort's applications, tracks by every name, and the consent texts in force."""
    existing = list(
        Application.objects.filter(cohort=target)
        .select_related("person")
        .prefetch_related("choices__track")
    )
    tracks: dict[str, Track] = {}
    for track in target.tracks.all():
        for name in (track.key, track.name_ko, track.name_en):
            if name:
                tracks[_folded(name)] = track
    texts = current_consent_texts(purposes=list(CONSENTS.values()), on=clock.today())
    return Context(
        cohort=target,
        by_number={row.number: row for row in existing},
        by_email={row.person.email: row for row in existing},
        tracks=tracks,
        texts={text.purpose: text for text in texts},
        first_line=_first_lines(rows),
    )


def _first_lines(rows: Sequence[Row]) -> dict[str, int]:
    lines: dict[str, int] = {}
    for row in rows:
        lines.setdefault(row["email"], row.line)
    return lines


def match(row: Row, context: Context) -> Application | None:
    """Find the application by its number, else by the person; both must mean the same."""
    by_number = context.by_number.get(row["number"])
    by_email = context.by_email.get(row["email"])
    if by_number is not None and by_number.person.email != row["email"]:
        raise CellError(
            "number_of_another",
            _("Application %(found)s belongs to somebody with another e-mail address."),
            column="number",
            found=row["number"],
        )
    return by_number or by_email


def check(row: Row, context: Context) -> Iterator[CellError]:
    """Further faults of a row: tracks, window, consents, and what is decided already."""
    yield from _track_faults(row, context)
    first = context.first_line[row["email"]]
    if first != row.line:
        yield CellError("duplicate_row", column="email", line=first)
    cohort, submitted_at = context.cohort, row["submitted_at"]
    if not cohort.applications_open_at <= submitted_at <= cohort.applications_close_at:
        yield CellError(
            "outside_window",
            _("%(found)s lies outside the time for applications (%(from)s to %(until)s)."),
            column="submitted_at",
            **{
                "found": f"{submitted_at.astimezone(clock.SEOUL):%Y-%m-%d %H:%M}",
                "from": f"{cohort.applications_open_at.astimezone(clock.SEOUL):%Y-%m-%d %H:%M}",
                "until": f"{cohort.applications_close_at.astimezone(clock.SEOUL):%Y-%m-%d %H:%M}",
            },
        )
    for key, purpose in CONSENTS.items():
        text = context.texts.get(purpose)
        if text is not None and text.required and not row[key]:
            yield CellError(
                "consent_needed",
                _("Without this consent nobody can take part, so the row cannot be taken."),
                column=key,
            )
    decided = row.existing is not None and row.existing.state not in _OPEN
    # The same file brought in again is no fault: only a change comes too late.
    if decided and compare(row.existing, row):
        yield CellError(
            "already_decided",
            _("This application is withdrawn or decided already; it stays as it is."),
            column="number",
        )


_OPEN = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.INELIGIBLE)


def _track_faults(row: Row, context: Context) -> Iterator[CellError]:
    seen: set[int] = set()
    for key in CHOICES:
        if not row[key]:
            continue
        track = context.tracks.get(_folded(row[key]))
        if track is None:
            names = ", ".join(sorted({track.name_ko for track in context.tracks.values()}))
            yield CellError("not_a_choice", column=key, found=row[key], expected=names)
        elif track.pk in seen:
            yield CellError(
                "track_twice",
                _("“%(found)s” is chosen twice."),
                column=key,
                found=row[key],
            )
        else:
            seen.add(track.pk)


def compare(existing: Application, row: Row) -> bool:
    """Tell whether the row would change the application."""
    if existing.state == ApplicationState.DRAFT or existing.number != row["number"]:
        return True
    if any(getattr(existing, name) != row[name] for name in _ANSWERS):
        return True
    if existing.submitted_at != row["submitted_at"]:
        return True
    chosen = [choice.track for choice in existing.choices.all()]
    wanted = [_folded(row[key]) for key in CHOICES if row[key]]
    return len(chosen) != len(wanted) or any(
        name not in {_folded(track.key), _folded(track.name_ko), _folded(track.name_en)}
        for track, name in zip(chosen, wanted, strict=True)
    )


def apply(
    *, target: Cohort, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    """Write the rows through the room's service."""
    incoming = [_incoming(row, context) for row in rows]
    return services.take_in_applications(cohort=target, incoming=incoming, by=by, at=at)


def _incoming(row: Row, context: Context) -> services.IncomingApplication:
    return services.IncomingApplication(
        number=row["number"],
        person=NewPerson(email=row["email"], **{name: row[name] for name in _PERSON}),
        answers=services.Answers(**{name: row[name] for name in _ANSWERS}),
        choices=tuple(context.tracks[_folded(row[key])] for key in CHOICES if row[key]),
        submitted_at=row["submitted_at"],
        consents=tuple(
            context.texts[purpose]
            for key, purpose in CONSENTS.items()
            if row[key] and purpose in context.texts
        ),
        existing=row.existing,
    )


def undo(
    *,
    target: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Take the applications back."""
    services.take_back_applications(cohort=target, created=created, changed=changed, by=by, at=at)


def can(user: Any, target: Cohort | None) -> bool:
    """Overseeing officers import applicants."""
    if target is None:
        return rules.can_manage_anything(user)
    return rules.can_manage_cohort(user, target)


COLUMNS = (
    Column(
        "number",
        ("접수번호", "지원번호", "수험번호", "Application number", "number"),
        clean.text(max=20),
        example="A-0001",
    ),
    Column("full_name", ("성명", "이름", "Full name", "name"), clean.text(max=80)),
    Column("email", ("전자우편", "이메일", "E-mail", "e-mail address"), clean.email()),
    Column(
        "phone",
        ("휴대전화", "연락처", "전화번호", "휴대폰", "Phone", "mobile"),
        clean.phone(),
        required=False,
        default="",
    ),
    Column(
        "birth_on",
        ("생년월일", "Date of birth", "birth date"),
        clean.date(min=dt.date(1920, 1, 1)),
    ),
    Column("sex", ("성별", "Sex", "gender"), clean.choice(SEXES, shown_as=("여", "남"))),
    Column(
        "residence",
        ("거주지", "거주지역", "주소지", "Residence", "region"),
        clean.choice(REGIONS),
    ),
    Column(
        "school_region",
        ("최종학교 지역", "최종학교 소재지", "출신학교 지역", "School region"),
        clean.choice(REGIONS),
    ),
    Column("major", ("전공", "전공계열", "Major"), clean.choice(MAJORS)),
    Column(
        "work_status",
        ("취업 상태", "구직 상태", "현재 상태", "Work status", "work"),
        clean.choice(WORK),
    ),
    Column("choice_1", ("1지망", "희망 1순위", "First choice", "choice 1"), clean.text(max=80)),
    Column(
        "choice_2",
        ("2지망", "희망 2순위", "Second choice", "choice 2"),
        clean.text(max=80),
        required=False,
        default="",
    ),
    Column(
        "choice_3",
        ("3지망", "희망 3순위", "Third choice", "choice 3"),
        clean.text(max=80),
        required=False,
        default="",
    ),
    Column(
        "submitted_at",
        ("접수일시", "지원일시", "제출일시", "Submitted at", "submitted"),
        clean.datetime(),
        example="2026-02-11 14:30",
    ),
    *(
        Column(key, labels, clean.boolean(), required=False, default=False, example="○")
        for key, labels in {
            "consent_selection": ("선발 동의", "개인정보 수집·이용 동의", "Consent to selection"),
            "consent_training": ("훈련 동의", "교육 동의", "Consent to training"),
            "consent_job_support": ("취업지원 동의", "Consent to job support"),
            "consent_employers": ("기업 제공 동의", "제3자 제공 동의", "Consent to employers"),
            "consent_follow_up": ("취업 확인 동의", "사후관리 동의", "Consent to follow-up"),
            "consent_research": ("연구 활용 동의", "연구 동의", "Consent to research"),
        }.items()
    ),
)

KIND = Kind(
    key="applicants",
    title=_("Applicants"),
    help=_("One line per application: identity, answers, up to three ranked tracks, consents."),
    columns=COLUMNS,
    target="programmes.Cohort",
    can=can,
    prepare=prepare,
    match=match,
    check=check,
    compare=compare,
    snapshot=services.snapshot_of,
    apply=apply,
    undo=undo,
    identity=lambda row: row["number"],
    target_lookup=find_cohort,
    targets=lambda user: cohorts_to_choose(rules.cohorts_managed_by(user)),
)
