"""The file of people and their roles."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance import rules, services
from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.imports.choices import Choice
from bitgoeul.apps.alliance.models import Membership, Organisation, User
from bitgoeul.core.imports import CellError, Column, Kind, Row, clean

_UNKNOWN_ORGANISATION = _("There is no organisation called “%(found)s”. Import it first.")
_ROLES = {
    "강사": Role.INSTRUCTOR,
    "심사위원": Role.REVIEWER,
    "평가위원": Role.REVIEWER,
    "멘토": Role.MENTOR,
    "채용담당자": Role.RECRUITER,
    "채용 담당": Role.RECRUITER,
    "컨설턴트": Role.CONSULTANT,
    "의뢰기업": Role.CLIENT,
    "연구원": Role.RESEARCHER,
    "담당자": Role.OFFICER,
    "담당 공무원": Role.OFFICER,
    "관리자": Role.ADMINISTRATOR,
}


def _members_known(*, target: None, rows: Sequence[Row], by: User | None) -> dict[str, Any]:
    names = {row["organisation"] for row in rows}
    found = Organisation.objects.all()
    organisations = {o.name_ko: o for o in found} | {o.name_en: o for o in found if o.name_en}
    wanted = [organisations[name] for name in names & set(organisations)]
    open_roles = Membership.objects.filter(
        ended_on__isnull=True,
        organisation__in=wanted,
    ).select_related("person")
    return {
        "organisations": organisations,
        "roles": {(m.person.email, m.organisation_id, m.role): m for m in open_roles},
    }


def _match_member(row: Row, context: dict[str, Any]) -> Membership | None:
    organisation = context["organisations"].get(row["organisation"])
    if organisation is None:
        raise CellError(
            "unknown_organisation",
            _UNKNOWN_ORGANISATION,
            column="organisation",
            found=row["organisation"],
        )
    found: Membership | None = context["roles"].get((row["email"], organisation.pk, row["role"]))
    return found


def _write_members(
    *, target: None, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Any
) -> list[UUID]:
    people = services.register_people(
        people=[
            services.NewPerson(
                email=row["email"], full_name=row["full_name"], phone=row["phone"] or ""
            )
            for row in rows
        ],
        by=by,
        at=at,
    )
    return [
        services.add_membership(
            person=people[row["email"]],
            organisation=context["organisations"][row["organisation"]],
            role=row["role"],
            started_on=row["started_on"],
            by=by,
            at=at,
        ).uuid
        for row in rows
    ]


def _undo_members(
    *,
    target: None,
    created: Sequence[UUID],
    changed: Sequence[Any],
    by: User | None,
    at: dt.datetime,
) -> None:
    services.remove_memberships(uuids=created, by=by, at=at)


MEMBERS = Kind(
    key="members",
    title=_("People and roles"),
    help=_("Who acts in which role for which organisation. People set their own password later."),
    columns=[
        Column(
            "full_name",
            ("성명", "이름", "full_name", "full name", "name"),
            clean.text(max=80, min=1),
            example="김가온",
        ),
        Column(
            "email",
            ("이메일", "전자우편", "email", "e-mail"),
            clean.email(),
            example="gaon.kim@example.kr",
        ),
        Column(
            "phone",
            ("전화번호", "연락처", "휴대전화", "phone"),
            clean.phone(),
            required=False,
            default="",
            example="010-1234-5678",
        ),
        Column(
            "organisation",
            ("소속", "기관명", "소속 기관", "organisation", "company"),
            clean.text(max=120, min=1),
            example="가나다테크",
        ),
        Column("role", ("역할", "role"), Choice(Role.choices, _ROLES), example="채용담당자"),
        Column(
            "started_on",
            ("시작일", "위촉일", "from", "started on"),
            clean.date(),
            example="2025-01-02",
        ),
    ],
    can=lambda user, target: rules.can_manage_memberships(user),
    prepare=_members_known,
    match=_match_member,
    # Names and numbers of a known person are theirs to change: a file never overwrites them.
    compare=lambda existing, row: False,
    apply=_write_members,
    undo=_undo_members,
    identity=lambda row: (row["email"], row["organisation"], row["role"]),
)
