"""Lists as tables on a page, and as files in the form that was asked for."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import OrganisationKind, Region, Role
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.core import exports, tables
from bitgoeul.core.tables import Column


def table_response(
    form: str, name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """Hand out a table as CSV or XLSX."""
    if form == "xlsx":
        return exports.xlsx_response(rows, header, f"{name}.xlsx")
    return exports.csv_response(rows, header, f"{name}.csv")


def people_table(people: Iterable[User]) -> SafeString:
    """Draw accounts with their roles."""
    address = tables.Address("alliance:person_detail")
    columns = (
        Column(
            label=_("Name"),
            cell=lambda p: tables.link(address(p.uuid), p.full_name or p.email),
            heads=True,
        ),
        Column(label=_("E-mail"), cell=lambda p: p.email),
        Column(label=_("Roles"), cell=_held()),
        Column(label=_("Account"), cell=_account()),
    )
    return tables.table(people, columns, label=_("People and roles"))


def _account() -> Callable[[User], SafeString]:
    can, cannot = tables.badge(_("Can sign in"), "ok"), tables.badge(_("No password yet"))
    closed = tables.badge(_("Closed"), "bad")

    def account(person: User) -> SafeString:
        if not person.is_active:
            return closed
        return can if person.has_usable_password() else cannot

    return account


def _held() -> Callable[[User], SafeString]:
    roles = tables.words_of(Role)

    def held(person: User) -> SafeString:
        found = person.roles_held  # type: ignore[attr-defined]  # prefetched by the query
        return tables.lines([f"{roles[m.role]} ({m.organisation})" for m in found] or ["–"])

    return held


def organisations_table(organisations: Iterable[Organisation]) -> SafeString:
    """Draw who takes part."""
    address = tables.Address("alliance:organisation_detail")
    kinds, regions = tables.words_of(OrganisationKind), tables.words_of(Region)
    columns = (
        Column(label=_("Name"), cell=lambda o: tables.link(address(o.uuid), o.name), heads=True),
        Column(label=_("Kind"), cell=lambda o: kinds.get(o.kind, o.kind)),
        Column(label=_("Region"), cell=lambda o: regions.get(o.region, "–")),
    )
    return tables.table(organisations, columns, label=_("Organisations"))
