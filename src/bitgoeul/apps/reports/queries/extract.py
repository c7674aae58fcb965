"""What a research extract can hold, and how its rows are made: told as coarsely as need be."""

import csv
import datetime as dt
import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from bitgoeul.apps.alliance.enums import Purpose, Role
from bitgoeul.apps.alliance.models import Agreement, Membership, User
from bitgoeul.apps.alliance.queries import people_having_consented
from bitgoeul.apps.careers.models import Placement, RetentionCheck
from bitgoeul.apps.programmes.models import CompletionVerdict, Enrolment
from bitgoeul.apps.reports.models import Extract
from bitgoeul.apps.reports.queries.extract_fields import FIELDS, TOLD, Facts
from bitgoeul.apps.reports.queries.protection import in_both
from bitgoeul.apps.reports.rules import RUNS_PROGRAMMES
from bitgoeul.core import exports
from bitgoeul.core.disclosure import protect_records, public_threshold
from bitgoeul.core.journal.models import Reading, ReadingSubject

FORMAT = "bitgoeul-research-extract/1"
MADE = "reports.extract_made"
"""What the record of readings calls the making of an extract."""
_BEGINNING = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Content:
    """An extract as it goes out, and whose rows it holds."""

    file: bytes
    digest: str
    rows: int
    people: tuple[UUID, ...]
    told: Mapping[str, str]


def _people() -> QuerySet[User]:
    """Everyone whose consent to research stands, and whose account does."""
    return people_having_consented(Purpose.RESEARCH).filter(is_active=True)


def enrolments_for(extract: Extract) -> QuerySet[Enrolment]:
    """The enrolments asked for, of everyone whose consent to research stands at this moment."""
    return (
        Enrolment.objects.filter(
            cohort__programme__in=extract.programmes.all(),
            enrolled_on__range=(extract.starts_on, extract.ends_on),
            person__in=_people(),
        )
        .select_related("person", "application", "track", "cohort__programme")
        .prefetch_related(
            "attendances",
            Prefetch("verdicts", CompletionVerdict.objects.order_by("-decided_at", "-id")),
            Prefetch(
                "person__placements",
                Placement.objects.order_by("started_on", "id").prefetch_related(
                    Prefetch("checks", RetentionCheck.objects.filter(months=6))
                ),
            ),
        )
        .order_by("pk")
    )


def content_of(extract: Extract, *, key: str) -> Content:
    """Make the file: pseudonyms by the key, telling values coarsened, the rare left out."""
    enrolments = [Facts(each) for each in enrolments_for(extract)]
    chosen = [FIELDS[name] for name in extract.columns]
    ladders = {each.key: each.steps for each in chosen if each.steps}
    protected = protect_records(
        [each.enrolment.person.uuid for each in enrolments],
        [{name: FIELDS[name].value(each) for name in ladders} for each in enrolments],
        ladders,
    )
    rows, people = [], set()
    for place, telling in protected.rows:
        facts = enrolments[place]
        person = facts.enrolment.person.uuid
        people.add(person)
        plain = {each.key: str(each.value(facts)) for each in chosen if not each.steps}
        said = {name: exports.guard(text) for name, text in {**telling, **plain}.items()}
        rows.append({"person": pseudonym_of(person, key=key), **said})
    told = {name: FIELDS[name].step_names[level] for name, level in protected.levels.items()}
    file = _zip_of(extract, rows, told)
    return Content(
        file=file,
        digest=hashlib.sha256(file).hexdigest(),
        rows=len(rows),
        people=tuple(sorted(people)),
        told=told,
    )


def pseudonym_of(person: UUID, *, key: str) -> str:
    """The same person reads alike within one extract, and differently in every other."""
    return hmac.new(key.encode(), person.bytes, hashlib.sha256).hexdigest()[:20]


def _zip_of(extract: Extract, rows: Sequence[Mapping[str, str]], told: Mapping[str, str]) -> bytes:
    names = ["person", *extract.columns]
    table = io.StringIO()
    writer = csv.DictWriter(table, names, lineterminator="\r\n")
    writer.writeheader()
    # The order of the rows says nothing: that of the pseudonyms.
    writer.writerows(sorted(rows, key=lambda row: (row["person"], sorted(row.items()))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        files = {"data.csv": "\ufeff" + table.getvalue(), "codebook.json": _codebook(extract, told)}
        for name, text in files.items():
            info = zipfile.ZipInfo(name, date_time=_BEGINNING)
            archive.writestr(info, text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _codebook(extract: Extract, told: Mapping[str, str]) -> str:
    """What the columns mean, how coarsely they are told, and what binds whoever holds the file."""
    columns = {
        name: {"title": in_both(FIELDS[name].title), "told": told.get(name, "as_it_is")}
        for name in extract.columns
    }
    said = {
        "format": FORMAT,
        "extract": str(extract.uuid),
        "study": extract.title,
        "purpose": extract.purpose,
        "ethics": extract.ethics,
        "lasts_until": extract.expires_on,
        "nobody_among_fewer_than": public_threshold(),
        "columns": columns,
    }
    return json.dumps(said, ensure_ascii=False, indent=1, default=str)


def people_in(extract: Extract) -> list[UUID]:
    """Whose rows the present file holds, by the record of its making."""
    made = Reading.objects.filter(about_uuid=extract.uuid, what=MADE).order_by("-pk").first()
    if made is None:
        return []
    return list(ReadingSubject.objects.filter(reading=made).values_list("subject_uuid", flat=True))


def has_withdrawn(extract: Extract) -> bool:
    """Whether somebody in the file no longer consents to research."""
    there = set(people_in(extract))
    return len(there) != _people().filter(uuid__in=there).count()


def columns_of(extract: Extract) -> list[tuple[str, str]]:
    """The columns that were asked for, each with how coarsely it is told."""
    told: Mapping[str, str] = extract.told
    return [
        (str(FIELDS[name].title), str(TOLD.get(told.get(name, ""), "")))
        for name in extract.columns
        if name in FIELDS
    ]


def officers_deciding(extract: Extract, *, on: dt.date) -> QuerySet[User]:
    """Who may decide of an extract, as `rules.can_decide_extract` says of each, in one asking."""
    officers = Membership.objects.on(on).filter(
        role=Role.OFFICER, organisation__kind__in=RUNS_PROGRAMMES
    )
    found = User.objects.filter(is_active=True).exclude(pk=extract.asked_by_id)
    for agreement in Agreement.objects.filter(programmes__in=extract.programmes.all()).distinct():
        of_it = officers.filter(organisation__agreements=agreement)
        found = found.filter(pk__in=of_it.values("person"))
    return found
