"""The file of organisations."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance import rules, services
from bitgoeul.apps.alliance.enums import REGION_NAMES, OrganisationKind, Region
from bitgoeul.apps.alliance.imports.choices import Choice
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.core.imports import CellError, Column, Kind, Row, clean

_SAME_NUMBER = _("The organisation “%(found)s” has this business registration number already.")
_NOT_YOURS = _("“%(found)s” is known already, and you may not change its entry.")
_KINDS = {
    "시": OrganisationKind.CITY,
    "지방자치단체": OrganisationKind.CITY,
    "지자체": OrganisationKind.CITY,
    "대학": OrganisationKind.UNIVERSITY,
    "대학교": OrganisationKind.UNIVERSITY,
    "기업": OrganisationKind.COMPANY,
    "회사": OrganisationKind.COMPANY,
    "공공기관": OrganisationKind.AGENCY,
    "학교": OrganisationKind.SCHOOL,
    "기타": OrganisationKind.OTHER,
}


def _organisations_known(*, target: None, rows: Sequence[Row], by: User | None) -> dict[str, Any]:
    everyone = list(Organisation.objects.all())
    return {
        "by_number": {o.business_number: o for o in everyone if o.business_number},
        "by_name": {o.name_ko: o for o in everyone},
        "person": by,
    }


def _match_organisation(row: Row, context: dict[str, Any]) -> Organisation | None:
    named: Organisation | None = context["by_name"].get(row["name_ko"])
    numbered: Organisation | None = context["by_number"].get(row["business_number"])
    if named is not None and numbered is not None and named != numbered:
        raise CellError(
            "same_number", _SAME_NUMBER, column="business_number", found=numbered.name_ko
        )
    return numbered or named


def _organisation_differs(existing: Organisation, row: Row) -> bool:
    return any(
        row[key] and getattr(existing, key) != row[key]
        for key in ("name_ko", "name_en", "kind", "business_number", "region")
    )


def _check_organisation(row: Row, context: dict[str, Any]) -> Iterator[CellError]:
    """Say in the preview what the service would refuse when the rows are written."""
    person, existing = context["person"], row.existing
    if person is None or existing is None or not _organisation_differs(existing, row):
        return
    if not rules.can_update_organisation(person, existing):
        yield CellError("not_yours", _NOT_YOURS, column="name_ko", found=existing.name_ko)


def _write_organisations(
    *, target: None, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Any
) -> list[UUID]:
    uuids = []
    for row in rows:
        values = {key: row[key] or "" for key in row}
        if row.existing is None:
            written = services.create_organisation(**values, by=by, at=at)
        else:
            # An empty cell says nothing about what is known already.
            given = {key: value for key, value in values.items() if value}
            written = services.update_organisation(organisation=row.existing, **given, by=by, at=at)
        uuids.append(written.uuid)
    return uuids


def _organisation_snapshot(existing: Organisation) -> dict[str, Any]:
    return {
        key: getattr(existing, key)
        for key in ("name_ko", "name_en", "kind", "business_number", "region")
    }


def _undo_organisations(
    *,
    target: None,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    services.remove_organisations(uuids=created, by=by, at=at)
    for uuid, before in changed:
        organisation = Organisation.objects.get(uuid=uuid)
        services.update_organisation(organisation=organisation, **before, by=by, at=at)


ORGANISATIONS = Kind(
    key="organisations",
    personal=False,
    title=_("Organisations"),
    help=_("Companies, schools and offices that take part, one per row."),
    columns=[
        Column(
            "name_ko",
            ("기관명", "회사명", "기업명", "상호", "name_ko", "name", "organisation"),
            clean.text(max=120, min=1),
            example="가나다테크",
        ),
        Column(
            "name_en",
            ("영문명", "영문 기관명", "name_en", "english name"),
            clean.text(max=120),
            required=False,
            default="",
            example="Ganada Tech",
        ),
        Column(
            "kind",
            ("구분", "기관 구분", "kind", "type"),
            Choice(OrganisationKind.choices, _KINDS),
            example="기업",
        ),
        Column(
            "business_number",
            ("사업자등록번호", "사업자번호", "business_number", "business registration number"),
            clean.business_number(),
            required=False,
            default="",
            example="012-34-56782",
        ),
        Column(
            "region",
            ("지역", "소재지", "시도", "region"),
            Choice(Region.choices, dict(REGION_NAMES)),
            required=False,
            default="",
            example="광주",
        ),
    ],
    can=lambda user, target: rules.can_create_organisation(user),
    prepare=_organisations_known,
    match=_match_organisation,
    check=_check_organisation,
    compare=_organisation_differs,
    snapshot=_organisation_snapshot,
    apply=_write_organisations,
    undo=_undo_organisations,
    identity=lambda row: row["name_ko"],
)
