"""The people and organisations that rows name."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.programmes.models import Cohort, Enrolment
from bitgoeul.core.imports import CellError, Column, Row, clean

PERSON_COLUMNS = (
    Column(
        "email",
        labels=("이메일", "전자우편", "email", "e-mail address"),
        clean=clean.email(),
        required=False,
        help=_("E-mail address or application number: one of them is enough."),
        example="hong@example.kr",
    ),
    Column(
        "application_number",
        labels=("지원번호", "접수번호", "application number", "application_no"),
        clean=clean.text(max=20),
        required=False,
    ),
)

ORGANISATION_COLUMNS = (
    Column(
        "organisation",
        labels=("기업명", "기관명", "회사명", "기관", "organisation", "company"),
        clean=clean.text(max=120),
        required=False,
        help=_("Name or business registration number: one of them is enough."),
    ),
    Column(
        "business_number",
        labels=("사업자등록번호", "사업자번호", "business number", "business registration number"),
        clean=clean.business_number(),
        required=False,
        example="123-45-67891",
    ),
)


def person_key(row: Row) -> str:
    """What a row calls its person, for duplicates in the file."""
    return row["email"] or row["application_number"] or ""


class People:
    """The people who were in a cohort, found by e-mail or application number."""

    def __init__(self, cohort: Cohort, *, states: Iterable[str] = ()) -> None:
        rows = Enrolment.objects.filter(cohort=cohort).select_related("person", "application")
        if states:
            rows = rows.filter(state__in=list(states))
        self.by_email: dict[str, User] = {}
        self.by_number: dict[str, User] = {}
        for row in rows:
            self.by_email[row.person.email] = row.person
            if row.application:
                self.by_number[row.application.number] = row.person

    def find(self, row: Row) -> User:
        """Return the person of a row.

        Raises
        ------
        CellError
            When nobody is named, nobody is found, or the two names are two people's.
        """
        email, number = row["email"], row["application_number"]
        if not email and not number:
            raise CellError("missing", column="email")
        column = "email" if email else "application_number"
        person = self.by_email.get(email) if email else self.by_number.get(number)
        if person is None:
            raise CellError(
                "unknown_person",
                _("Nobody in this cohort who may be named here has “%(found)s”."),
                column=column,
                found=email or number,
            )
        if email and number and self.by_number.get(number) != person:
            raise CellError(
                "two_people",
                _("“%(email)s” and “%(number)s” are not the same person."),
                column="application_number",
                email=email,
                number=number,
            )
        return person


class Organisations:
    """Every organisation, found by business number or by name in either language."""

    def __init__(self) -> None:
        self.by_number: dict[str, Organisation] = {}
        self.by_name: dict[str, Organisation] = {}
        for row in Organisation.objects.all():
            if row.business_number:
                self.by_number[_digits(row.business_number)] = row
            for name in (row.name_ko, row.name_en):
                if name:
                    self.by_name.setdefault(_folded(name), row)

    def find(self, row: Row) -> Organisation:
        """Return the organisation of a row.

        Raises
        ------
        CellError
            When none is named, or none is found.
        """
        number, name = row["business_number"], row["organisation"]
        if not number and not name:
            raise CellError("missing", column="organisation")
        found = self.by_number.get(_digits(number)) if number else None
        found = found or (self.by_name.get(_folded(name)) if name else None)
        if found is None:
            raise CellError(
                "unknown_organisation",
                _("The organisation “%(found)s” is not known here. Enter it first."),
                column="organisation" if name else "business_number",
                found=name or number,
            )
        return found


def _digits(number: str) -> str:
    return number.replace("-", "")


def _folded(name: str) -> str:
    """Company forms and spaces are written in many ways and never tell two companies apart."""
    bare = name.casefold()
    for form in ("(주)", "㈜", "주식회사", "co., ltd.", "inc."):
        bare = bare.replace(form, "")
    return "".join(bare.split())
