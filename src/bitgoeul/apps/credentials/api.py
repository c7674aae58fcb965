"""The room's operations for programs: skills, achievements, credentials and their verification."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.apps.credentials import queries, rules, services
from bitgoeul.apps.credentials.forms import (
    DOOR,
    AchievementFilter,
    AchievementForm,
    AchievementWordsForm,
    CredentialFileForm,
    CredentialFilter,
    RevocationForm,
    SkillFilter,
)
from bitgoeul.apps.credentials.models import Achievement, Credential, Skill
from bitgoeul.apps.credentials.views import credentials as pages
from bitgoeul.apps.credentials.views import verification as checking
from bitgoeul.core import access, clock, journal
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, JSON, PDF, XLSX, Request, Room, require_files
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one

room = Room("credentials", title=gettext_lazy("Credentials"))


class SkillRow(Row):
    """A skill with its places in NCS, ESCO and O*NET."""

    uuid: UUID
    key: str
    name_ko: str
    name_en: str
    other_names: str
    ncs_class: str
    ncs_code: str
    esco_uri: str
    onet_codes: str
    source: str


class AchievementRow(Row):
    """What can be achieved."""

    uuid: UUID
    key: str
    kind: str
    title_ko: str
    title_en: str
    issuer: Annotated[UUID, At("issuer__uuid")]
    retired_at: dt.datetime | None


class AchievementOut(AchievementRow):
    """What it takes, and which skills it proves."""

    description_ko: str
    description_en: str
    criteria_ko: str
    criteria_en: str
    skills: Annotated[list[SkillRow], At("")]


class CredentialRow(Row):
    """A credential in a list."""

    uuid: UUID
    code: str
    achievement: Annotated[UUID, At("achievement__uuid")]
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    issued_at: dt.datetime
    state: str
    revoked_at: dt.datetime | None
    digest: str


class CredentialOut(CredentialRow):
    """A credential with its evidence, and why it was revoked."""

    evidence_kind: str
    evidence_uuid: UUID
    revocation_reason: str
    revocation_note: str


class VerificationOut(Row):
    """What a check found."""

    result: str
    title: str
    issuer: str
    name: str
    masked: bool
    signer: str
    issued_at: dt.datetime | None
    revoked_at: dt.datetime | None


class KeyRow(Row):
    """A public key of an issuer."""

    did: str
    organisation: Annotated[UUID, At("organisation__uuid")]
    made_at: dt.datetime


class Loaded(Row):
    """How many skills were added."""

    skills: int


@room.lists("/skills", SkillRow, filters=SkillFilter, public=True)
def skill_list(request: Request) -> Any:
    """List skills by a part of any of their names."""
    return listed(request, queries.skills_listed(name=request.asked["q"] or ""), SkillRow)


@room.reads("/skills/{uuid:uuid}", SkillRow, public=True)
def skill_detail(request: Request, uuid: UUID) -> Any:
    """Read a skill."""
    return one(Skill.objects.all(), access.EVERYBODY, SkillRow, uuid=uuid)


@room.writes("/skills/starter", Loaded)
def skills_start(request: Request) -> Any:
    """Add what the shipped list of skills has and ours lacks."""
    access.require(rules.can_write_skills(request.user))
    return {"skills": services.load_starter_skills(by=request.user, at=clock.now())}


@room.lists("/achievements", AchievementRow, filters=AchievementFilter, public=True)
def achievement_list(request: Request) -> Any:
    """List what can be achieved."""
    asked = request.asked
    found = queries.achievements_listed(name=asked["q"] or "", kind=asked["kind"] or "")
    return listed(request, found, AchievementRow)


@room.reads("/achievements/{uuid:uuid}", AchievementOut, public=True)
def achievement_detail(request: Request, uuid: UUID) -> Any:
    """Read what an achievement takes and proves."""
    found = one(Achievement.objects.all(), access.EVERYBODY, AchievementOut, uuid=uuid)
    skills = Skill.objects.filter(achievements__uuid=uuid)
    return found | {"skills": every(skills, SkillRow)}


@room.writes("/achievements", Made, status=201, body=AchievementForm)
def achievement_create(request: Request) -> Any:
    """Write down what can be achieved."""
    access.require(rules.can_create_achievement(request.user))
    form = bind(request, AchievementForm, person=request.user)
    row = services.create_achievement(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": row.uuid}


@room.writes("/achievements/{uuid:uuid}", Made, method="PATCH", body=AchievementWordsForm)
def achievement_change(request: Request, uuid: UUID) -> Any:
    """Change words and skills of an achievement; what was issued keeps its own."""
    row = _managed(request, uuid)
    form = bind(request, AchievementWordsForm, instance=row)
    at = clock.now()
    services.update_achievement(achievement=row, **form.facts(), by=request.user, at=at)
    return {"uuid": uuid}


@room.writes("/achievements/{uuid:uuid}/retirement", Made)
def achievement_retire(request: Request, uuid: UUID) -> Any:
    """Issue an achievement no more."""
    row = _managed(request, uuid)
    services.retire_achievement(achievement=row, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.lists("/credentials/own", CredentialRow)
def own_list(request: Request) -> Any:
    """List one's own credentials."""
    return listed(request, queries.credentials_of(request.user), CredentialRow)


@room.lists("/credentials", CredentialRow, filters=CredentialFilter)
def issued_list(request: Request) -> Any:
    """List what one's organisation and its partners issued; the reading is recorded."""
    access.require(rules.can_read_issued(request.user))
    asked = request.asked
    found = queries.credentials_listed(
        rules.credentials_overseen_by(request.user),
        name=asked["q"] or "",
        kind=asked["kind"] or "",
        state=asked["state"] or "",
        achievement=asked["achievement"] or "",
    )
    page = listed(request, found, CredentialRow)
    people = [row["person"] for row in page["items"]]
    journal.note_page(request, people, what="credentials.issued_list", purpose=_("Certificates"))
    return page


room.hands_out("/credentials.{form}", pages.issued_file, CSV, XLSX, name="issued_file",
               filters=CredentialFilter)  # fmt: skip


@room.reads("/credentials/{uuid:uuid}", CredentialOut)
def credential_detail(request: Request, uuid: UUID) -> Any:
    """Read a credential; the reading is recorded."""
    visible = rules.credentials_visible_to(request.user)
    found = one(Credential.objects.all(), visible, CredentialOut, uuid=uuid)
    journal.note_page(
        request,
        [found["person"]],
        what="credentials.credential_detail",
        purpose=_("Certificates"),
        about=uuid,
    )
    row = Credential.objects.select_related("achievement").get(uuid=uuid)
    if not rules.can_read_revocation_note(request.user, row):
        found["revocation_note"] = ""
    return found


room.hands_out("/credentials/{uuid:uuid}/file", pages.credential_file, JSON, name="credential_file")
room.hands_out("/credentials/{uuid:uuid}/paper", pages.credential_paper, PDF,
               name="credential_paper")  # fmt: skip


@room.writes("/credentials/{uuid:uuid}/revocation", Made, body=RevocationForm)
def credential_revoke(request: Request, uuid: UUID) -> Any:
    """Revoke a credential, with a reason."""
    rows = Credential.objects.select_related("achievement")
    row = access.get(rows, rules.credentials_visible_to(request.user), uuid=uuid)
    access.require(rules.can_revoke_credential(request.user, row))
    facts = bind(request, RevocationForm).cleaned_data
    services.revoke_credential(credential=row, **facts, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.reads("/verification/{str:code}", VerificationOut, public=True)
def verify_code(request: Request, code: str) -> Any:
    """Check a credential by its code."""
    return _found(queries.verify_code(code))


@room.writes(
    "/verification",
    VerificationOut,
    body=CredentialFileForm,
    files=("file",),
    most_bytes=DOOR.most_bytes,
    public=True,
)
def verify_file(request: Request) -> Any:
    """Check a credential by its file, which is not kept."""
    require_files(request)
    content = bind(request, CredentialFileForm).cleaned_data["file"]
    return _found(queries.verify_file(content))


@room.lists("/keys", KeyRow, public=True)
def key_list(request: Request) -> Any:
    """List the public keys of every issuer."""
    return listed(request, queries.issuer_keys(), KeyRow)


room.hands_out("/status/{uuid:uuid}", checking.status_list, JSON, name="status_list", public=True)


def _found(found: queries.Verification) -> dict[str, Any]:
    return {name: getattr(found, name) for name in VerificationOut.model_fields}


def _managed(request: Request, uuid: UUID) -> Achievement:
    rows = Achievement.objects.select_related("issuer")
    return access.get(rows, rules.achievements_manageable_by(request.user), uuid=uuid)
