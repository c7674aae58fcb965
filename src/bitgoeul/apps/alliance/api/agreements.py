"""Agreements: read by everybody, entered and completed by those who may."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.api.room import made, room
from bitgoeul.apps.alliance.forms import AgreementForm, CommitmentForm
from bitgoeul.apps.alliance.models import Agreement, Article, Commitment, Party
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, body_of, given
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one
from bitgoeul.core.api.values import Line


class AgreementRow(Row):
    """An agreement in a list."""

    uuid: UUID
    title_ko: str
    title_en: str
    signed_on: dt.date
    ends_on: dt.date | None


class PartyRow(Row):
    """Who signed."""

    organisation: Annotated[UUID, At("organisation__uuid")]
    name_ko: Annotated[str, At("organisation__name_ko")]
    name_en: Annotated[str, At("organisation__name_en")]


class ArticleRow(Row):
    """An article."""

    uuid: UUID
    number: int
    text_ko: str
    text_en: str


class CommitmentRow(Row):
    """What a party promised."""

    uuid: UUID
    article: Annotated[UUID | None, At("article__uuid")]
    responsible: Annotated[UUID, At("responsible__uuid")]
    title_ko: str
    title_en: str
    indicator_key: str
    target: int
    starts_on: dt.date
    ends_on: dt.date


class AgreementOut(AgreementRow):
    """An agreement with its parties, articles and commitments."""

    parties: Annotated[list[PartyRow], At("")]
    articles: Annotated[list[ArticleRow], At("")]
    commitments: Annotated[list[CommitmentRow], At("")]


class ArticleIn(Body):
    """An article to enter; the numbers follow the order."""

    text_ko: Annotated[Line, Field(min_length=1, pattern=r"^[^|\r\n]*$")]
    text_en: Annotated[Line, Field(pattern=r"^[^|\r\n]*$")] = ""


AgreementIn = body_of(
    AgreementForm,
    replace={"articles": Annotated[list[ArticleIn], Field(min_length=1, max_length=200)]},
    suffix="Body",
)


@room.lists("/agreements", AgreementRow, public=True)
def agreement_list(request: Request) -> Any:
    """List agreements."""
    found = Agreement.objects.filter(rules.agreements_visible_to(request.user))
    return listed(request, found, AgreementRow)


@room.reads("/agreements/{uuid:uuid}", AgreementOut, public=True)
def agreement_detail(request: Request, uuid: UUID) -> Any:
    """Read an agreement with its parties, articles and commitments."""
    visible = rules.agreements_visible_to(request.user)
    found = one(Agreement.objects.all(), visible, AgreementOut, uuid=uuid)
    of = {"agreement__uuid": uuid}
    return found | {
        "parties": every(Party.objects.filter(**of), PartyRow),
        "articles": every(Article.objects.filter(**of), ArticleRow),
        "commitments": every(Commitment.objects.filter(**of), CommitmentRow),
    }


@room.writes("/agreements", Made, status=201, body=AgreementIn)
def agreement_create(request: Request) -> Made:
    """Enter what was signed: parties and articles."""
    access.require(rules.can_enter_agreements(request.user))
    values = given(request).model_dump(exclude_unset=True)
    lines = [f"{a['text_ko']} | {a.get('text_en', '')}" for a in values["articles"]]
    data = {**values, "articles": "\n".join(lines)}
    form = bind(request, AgreementForm, data=data, person=request.user)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.sign_agreement(**facts))


@room.writes("/agreements/{uuid:uuid}/commitments", Made, status=201, body=CommitmentForm)
def commitment_create(request: Request, uuid: UUID) -> Made:
    """Write down what a party promises, and the indicator that measures it."""
    visible = rules.agreements_visible_to(request.user)
    agreement = access.get(queries.agreements(), visible, uuid=uuid)
    access.require(rules.can_manage_agreement(request.user, agreement))
    form = bind(request, CommitmentForm, agreement=agreement)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.add_commitment(agreement=agreement, **facts))
