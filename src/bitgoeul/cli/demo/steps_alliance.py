"""Agreement, organisations, people and promises."""

import datetime as dt
import tomllib
from pathlib import Path

from django.contrib.auth.hashers import make_password

from bitgoeul.apps.alliance import services
from bitgoeul.apps.alliance.enums import OrganisationKind, Region
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.cli import _
from bitgoeul.cli.demo import files
from bitgoeul.cli.demo.people import (
    CITY,
    COMPANY,
    STAFF,
    UNIVERSITY,
    keep_sign_ins,
    new_password,
)
from bitgoeul.cli.demo.year import STAFF_KEYS, Year, on

SIGNED_ON = dt.date(2021, 4, 15)

TEXTS = tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))
PARTIES = {"city": CITY, "university": UNIVERSITY, "company": COMPANY}


def found_parties(year: Year) -> None:
    """The three signatories, their agreement and its articles."""
    at = on(SIGNED_ON)
    parties = [
        services.create_organisation(
            name_ko=name, name_en=english, kind=kind, region=Region.GWANGJU, by=None, at=at
        )
        for name, english, kind in (
            (COMPANY, "CJ OliveNetworks", OrganisationKind.COMPANY),
            (CITY, "Gwangju Metropolitan City", OrganisationKind.CITY),
            (UNIVERSITY, "GIST", OrganisationKind.UNIVERSITY),
        )
    ]
    year.agreement = services.sign_agreement(
        title_ko="인공지능 산업 육성을 위한 업무협약",
        title_en="Memorandum to foster the AI industry",
        signed_on=SIGNED_ON,
        parties=parties,
        articles=[
            services.ArticleText(number=number, text_ko=article["ko"], text_en=article["en"])
            for number, article in enumerate(TEXTS["article"], start=1)
        ],
        by=None,
        at=at,
    )
    for consent in TEXTS["consent"]:
        services.publish_consent_text(
            purpose=consent["purpose"],
            text_ko=consent["ko"],
            text_en=consent["en"],
            required=consent["required"],
            published_on=dt.date(2024, 1, 2),
            by=None,
            at=on(dt.date(2024, 1, 2)),
        )


def import_organisations(year: Year) -> None:
    """The companies and everyone's roles, by file."""
    at = on(dt.date(2024, 1, 8))
    year.take_in("organisations", files.organisations(year.folder, year.firms), into=None, at=at)
    rows = [
        (name, email, f"010-0001-{index:04d}", organisation, role, "2021-04-15")
        for index, (name, email, organisation, role, _who) in enumerate(STAFF, start=1)
    ]
    rows += [
        (
            f"채용 담당 {index}",
            f"recruiter{index:02d}@firms.example",
            f"010-0002-{index:04d}",
            firm.name_ko,
            "채용담당자",
            "2024-01-08",
        )
        for index, firm in enumerate(year.firms, start=1)
    ]
    year.take_in("members", files.members(year.folder, rows), into=None, at=at)
    year.staff = {key: User.objects.get(email=email) for key, email in STAFF_KEYS.items()}


def import_commitments(year: Year) -> None:
    """What the parties promise."""
    rows = [
        (
            promise["article"],
            PARTIES[promise["who"]],
            promise["ko"],
            promise["en"],
            promise["indicator"],
            promise["target"],
            "2024-01-01",
            "2025-12-31",
        )
        for promise in TEXTS["promise"]
    ]
    path = files.commitments(year.folder, rows)
    year.take_in("commitments", path, into=year.agreement, at=on(dt.date(2024, 1, 9)))


def open_sign_ins(emails: list[tuple[str, str]]) -> None:
    """Let people sign in with one password that belongs to this data folder alone."""
    from allauth.account.models import EmailAddress

    password = new_password()
    hashed = make_password(password)
    kept = []
    for who, email in emails:
        person = User.objects.get(email=email)
        User.objects.filter(pk=person.pk).update(password=hashed)
        EmailAddress.objects.update_or_create(
            user=person, email=email, defaults={"verified": True, "primary": True}
        )
        kept.append((who, email, password))
    keep_sign_ins(kept)


def organisation(name: str) -> Organisation:
    """Find an organisation by its Korean name."""
    return Organisation.objects.get(name_ko=name)


STEPS = (
    (_("Signing the agreement of the three parties"), found_parties),
    (_("Importing 25 companies and everyone's roles"), import_organisations),
    (_("Importing what the parties promise"), import_commitments),
)
