"""A lab is made, opened, closed, and people are admitted to it."""

import datetime as dt
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.labs import rules, workflow
from bitgoeul.apps.labs.models import Lab, LabFile, Participant
from bitgoeul.apps.labs.queries import faults
from bitgoeul.core import journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.engines.csvfile import read_csv
from bitgoeul.engines.errors import EngineError
from bitgoeul.engines.scoring import METRICS, score

from .submissions import admit

DOOR = uploads.Door(
    suffixes=("csv", "txt"), most_bytes=50 * 1024 * 1024, columns=5_000, cell=100_000
)
"""Data that people learn on: longer texts and more columns than a list of persons has."""
_CHUNK = 500


@dataclass(frozen=True)
class Content:
    """A file's name as people see it, and its bytes."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The digest of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


def create_lab(
    *,
    key: str,
    title_ko: str,
    task_ko: str,
    owner: Organisation,
    metric: str,
    id_column: str,
    target_column: str,
    pass_score: float,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    train: Content,
    test: Content,
    sample: Content,
    truth: Content,
    by: User | None,
    at: dt.datetime,
    title_en: str = "",
    task_en: str = "",
    source: str = "",
    daily_limit: int = 10,
    usage_column: str = "",
    held_by: Model | None = None,
) -> Lab:
    """Make a lab, as a draft, with its four files.

    A room above that holds the lab (`held_by`) has asked itself whether `by` may.

    Raises
    ------
    Refused
        When the files do not fit each other (the sample must score against the truth, the test
        data must not hold the answer), or `by` may not make labs for the owner.
    """
    if held_by is None and by is not None and not rules.can_create_lab_for(by, owner):
        raise Refused(_("You may not make labs for this organisation."))
    lab = Lab(
        held_by_kind=held_by._meta.label_lower if held_by else "",
        held_by_uuid=held_by.uuid if held_by else None,  # type: ignore[attr-defined]  # a noun
        usage_column=usage_column,
        key=key,
        title_ko=title_ko,
        title_en=title_en,
        task_ko=task_ko,
        task_en=task_en,
        owner=owner,
        source=source,
        metric=metric,
        id_column=id_column,
        target_column=target_column,
        pass_score=pass_score,
        daily_limit=daily_limit,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    contents = {
        LabFile.Kind.TRAIN: train,
        LabFile.Kind.TEST: test,
        LabFile.Kind.SAMPLE: sample,
        LabFile.Kind.TRUTH: truth,
    }
    _check(lab, contents)
    lab.higher_is_better = METRICS[metric].higher_is_better
    write_lab(lab, contents, by=by, at=at)
    return lab


def open_lab(*, lab: Lab, by: User | None, at: dt.datetime) -> Lab:
    """Let everybody read a lab, and those admitted hand in."""
    return _move(lab, "open", event="lab.opened", by=by, at=at)


def close_lab(*, lab: Lab, by: User | None, at: dt.datetime) -> Lab:
    """Take no more submissions."""
    return _move(lab, "close", event="lab.closed", by=by, at=at)


def admit_people(
    *,
    lab: Lab,
    people: Sequence[User],
    admitted_by: Model,
    by: User | None,
    at: dt.datetime,
) -> int:
    """Admit people to hand in; `admitted_by` (a cohort, a contest) is kept as kind and uuid.

    Returns how many were not admitted yet.
    """
    if by is not None and not rules.can_admit_people(by, lab):
        raise Refused(_("You may not admit people to this lab."))
    uuid: UUID = admitted_by.uuid  # type: ignore[attr-defined]  # every noun that admits has one
    with transaction.atomic():
        known = set(lab.participants.values_list("person_id", flat=True))
        fresh = [
            Participant(
                lab=lab,
                person=person,
                admitted_at=at,
                admitted_by_kind=admitted_by._meta.label_lower,
                admitted_by_uuid=uuid,
            )
            for person in {person.pk: person for person in people}.values()
            if person.pk not in known
        ]
        if not fresh:
            return 0
        Participant.objects.bulk_create(fresh, batch_size=_CHUNK)
        journal.record(
            event="lab.people_admitted",
            by=by,
            at=at,
            on=lab,
            after={"people": sorted(str(place.person.uuid) for place in fresh)},
            details={
                "count": len(fresh),
                "by_kind": admitted_by._meta.label_lower,
                "by_uuid": str(uuid),
            },
        )
    return len(fresh)


def lab_state(lab: Lab) -> dict[str, object]:
    """What of a lab the journal digests."""
    names = (
        "key", "title_ko", "title_en", "task_ko", "task_en", "source", "metric", "id_column",
        "target_column", "pass_score", "daily_limit", "total_limit", "max_points", "open_to_all",
        "kind", "seconds", "memory_mb", "opens_at", "closes_at", "state", "usage_column",
        "held_by_kind", "held_by_uuid",
    )  # fmt: skip
    return {name: getattr(lab, name) for name in names} | {"owner": lab.owner.uuid}


def _move(lab: Lab, action: str, *, event: str, by: User | None, at: dt.datetime) -> Lab:
    if by is not None and not rules.can_manage_lab(by, lab):
        raise Refused(_("You may not run this lab."))
    with transaction.atomic():
        lab = Lab.objects.select_for_update(of=("self",)).select_related("owner").get(pk=lab.pk)
        before = lab_state(lab)
        lab.state = workflow.lab_after(lab.state, action)
        lab.save(update_fields=["state"])
        journal.record(event=event, by=by, at=at, on=lab, before=before, after=lab_state(lab))
    return lab


def write_lab(
    lab: Lab, contents: Mapping[LabFile.Kind, Content], *, by: User | None, at: dt.datetime
) -> None:
    """Keep a lab that was checked, with its files, in one transaction."""
    kept: list[str] = []
    try:
        with transaction.atomic():
            lab.save(force_insert=True)
            for kind, content in contents.items():
                kept.append(_keep(lab, kind, content))
            journal.record(
                event="lab.created",
                by=by,
                at=at,
                on=lab,
                after=lab_state(lab),
                details={kind.value: content.sha256 for kind, content in contents.items()},
            )
    except BaseException:
        # The rows are gone with the transaction; their files must not outlive them.
        for name in kept:
            default_storage.delete(name)
        raise


def _check(lab: Lab, contents: Mapping[LabFile.Kind, Content]) -> None:
    for content in contents.values():
        _admit(content)
    if lab.metric not in METRICS:
        raise Refused(_("There is no metric called “%(name)s”.") % {"name": lab.metric})
    check_lab(lab)
    _check_files(lab, contents)


def check_lab(lab: Lab) -> None:
    """Refuse a lab whose own facts do not fit, in one readable sentence."""
    if not math.isfinite(lab.pass_score):
        raise Refused(_("The score needed to pass must be a number."))
    try:
        lab.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error


def _admit(content: Content) -> None:
    name = uploads.safe_name(content.name)
    try:
        admit(name=content.name, content=content.data, door=DOOR)
    except Refused as refusal:
        # Four files come together: say which one.
        raise Refused(f"{name}: {refusal.message}", code=refusal.code) from refusal


def _check_files(lab: Lab, contents: Mapping[LabFile.Kind, Content]) -> None:
    truth, sample = contents[LabFile.Kind.TRUTH], contents[LabFile.Kind.SAMPLE]
    test = contents[LabFile.Kind.TEST]
    try:
        result = score(
            truth.data,
            sample.data,
            metric=lab.metric,
            id=lab.id_column,
            target=lab.target_column,
            usage=lab.usage_column or None,
        )
        table = read_csv(test.data, name=test.name, required=(lab.id_column,))
    except EngineError as error:
        raise Refused(faults.phrase(faults.of_error(error)), code=error.code) from error
    if result.errors:
        first = faults.phrase(faults.of_row(result.errors[0]))
        raise Refused(
            _("The sample does not fit the truth: %(fault)s") % {"fault": first}, code="sample"
        )
    if result.score is None or (lab.usage_column and None in (result.public, result.private)):
        raise Refused(_("The sample gets no score: the metric is not defined on this truth."))
    if lab.target_column in table.header:
        raise Refused(
            _("The test data hold the column “%(column)s”, which is the answer.")
            % {"column": lab.target_column},
            code="leak",
        )


def _keep(lab: Lab, kind: LabFile.Kind, content: Content) -> str:
    file = LabFile(lab=lab, kind=kind, name=uploads.safe_name(content.name), sha256=content.sha256)
    file.file.save(file.name, ContentFile(content.data), save=False)
    file.save(force_insert=True)
    return str(file.file.name)
