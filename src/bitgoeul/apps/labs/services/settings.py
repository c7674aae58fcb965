"""A lab that stands is changed: its words, limits, skills; and its hidden checks are replaced."""

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict, Unpack

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.credentials.models import Achievement, Skill
from bitgoeul.apps.labs import rules
from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.models import Lab, LabFile
from bitgoeul.apps.labs.queries import specs
from bitgoeul.apps.labs.services.labs import Content, check_lab, lab_state
from bitgoeul.apps.labs.services.task_labs import CHECKS_DOOR, admit_named
from bitgoeul.core import journal, uploads
from bitgoeul.core.errors import Refused


class LabSettings(TypedDict, total=False):
    """What of a lab is changed while it stands."""

    title_ko: str
    title_en: str
    task_ko: str
    task_en: str
    source: str
    pass_score: float
    daily_limit: int
    total_limit: int | None
    open_to_all: bool
    opens_at: dt.datetime
    closes_at: dt.datetime
    achievement: Achievement | None


def change_lab(
    *,
    lab: Lab,
    by: User | None,
    at: dt.datetime,
    skills: Sequence[Skill] | None = None,
    **changes: Unpack[LabSettings],
) -> Lab:
    """Change a lab's words, limits, skills and certificate; evaluations stay as they are.

    Raises
    ------
    Refused
        When the person may not, the facts do not fit, or the certificate is of another issuer.
    """
    with transaction.atomic():
        row = _held(lab, by)
        before = _state(row)
        for name, value in changes.items():
            setattr(row, name, value)
        _check_achievement(row)
        check_lab(row)
        row.save()
        if skills is not None:
            row.skills.set(skills)
        journal.record(event="lab.changed", by=by, at=at, on=row, before=before, after=_state(row))
    return row


def replace_checks(*, lab: Lab, checks: Content, by: User | None, at: dt.datetime) -> Lab:
    """Put new checks in place of a function lab's; earlier evaluations stay until it is regraded.

    Raises
    ------
    Refused
        When they cannot be read, or the pass line lies above their points.
    """
    if lab.kind != LabKind.FUNCTION:
        raise Refused(_("Only a lab with a Python function has checks."), code="wrong_kind")
    admit_named(checks, CHECKS_DOOR)
    spec = specs.function_spec(checks.data)
    file = LabFile.objects.get(lab=lab, kind=LabFile.Kind.CHECKS)
    old, kept = file.file.name, ""
    try:
        with transaction.atomic():
            row = _held(lab, by)
            before = {"checks": file.sha256, "max_points": row.max_points}
            row.max_points = spec.points
            if row.pass_score > spec.points:
                raise Refused(_("The pass line lies above the points of the new checks."))
            row.save(update_fields=["max_points"])
            file.name, file.sha256 = uploads.safe_name(checks.name), checks.sha256
            file.file.save(f"{file.name}", ContentFile(checks.data), save=False)
            kept = str(file.file.name)
            file.save()
            after = {"checks": file.sha256, "max_points": row.max_points}
            journal.record(
                event="lab.checks_replaced", by=by, at=at, on=row, before=before, after=after
            )
    except BaseException:
        if kept:
            file.file.storage.delete(kept)
        raise
    if old and old != kept:
        transaction.on_commit(lambda: file.file.storage.delete(old))
    return row


def _state(row: Lab) -> dict[str, object]:
    return lab_state(row) | {
        "skills": sorted(row.skills.values_list("key", flat=True)),
        "achievement": row.achievement.key if row.achievement else "",
    }


def _held(lab: Lab, by: User | None) -> Lab:
    rows = Lab.objects.select_for_update(of=("self",)).select_related("owner", "achievement")
    row = rows.get(pk=lab.pk)
    if by is not None and not rules.can_manage_lab(by, row):
        raise Refused(_("You may not run this lab."))
    return row


def _check_achievement(row: Lab) -> None:
    if row.achievement is not None and row.achievement.issuer_id != row.owner_id:
        raise Refused(
            _("The certificate must be one of the organisation that gives the lab."), code="invalid"
        )
