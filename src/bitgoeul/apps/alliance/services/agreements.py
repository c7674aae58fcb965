"""What the parties sign, and what each of them promises in figures."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.models import (
    Agreement,
    Article,
    Commitment,
    Organisation,
    Party,
    User,
)
from bitgoeul.apps.alliance.services.organisations import check
from bitgoeul.core import indicators, journal
from bitgoeul.core.errors import Refused


@dataclass(frozen=True, kw_only=True)
class ArticleText:
    """One article as it is signed."""

    number: int
    text_ko: str
    text_en: str = ""


def sign_agreement(
    *,
    title_ko: str,
    signed_on: dt.date,
    parties: Sequence[Organisation],
    articles: Sequence[ArticleText],
    by: User | None,
    at: dt.datetime,
    title_en: str = "",
    ends_on: dt.date | None = None,
) -> Agreement:
    """Enter a signed agreement with its parties, in their order, and its articles."""
    if by is not None and not rules.can_sign_agreement(by, parties):
        raise Refused(_("You may not enter an agreement for these parties."))
    if len({party.pk for party in parties}) < 2:
        raise Refused(_("An agreement has at least two parties."))
    if ends_on is not None and ends_on < signed_on:
        raise Refused(_("An agreement cannot end before it was signed."))
    agreement = Agreement(
        title_ko=title_ko, title_en=title_en, signed_on=signed_on, ends_on=ends_on
    )
    with transaction.atomic():
        check(agreement)
        agreement.save(force_insert=True)
        for order, party in enumerate(parties, start=1):
            Party.objects.create(agreement=agreement, organisation=party, order=order)
        for text in articles:
            article = Article(
                agreement=agreement,
                number=text.number,
                text_ko=text.text_ko,
                text_en=text.text_en,
            )
            check(article)
            article.save(force_insert=True)
        journal.record(
            event="agreement.signed",
            by=by,
            at=at,
            on=agreement,
            after=_state(agreement, parties, articles),
            details={
                "parties": [str(party.uuid) for party in parties],
                "articles": len(articles),
            },
        )
    return agreement


def add_commitment(
    *,
    agreement: Agreement,
    responsible: Organisation,
    title_ko: str,
    indicator_key: str,
    target: int,
    starts_on: dt.date,
    ends_on: dt.date,
    by: User | None,
    at: dt.datetime,
    title_en: str = "",
    article: Article | None = None,
) -> Commitment:
    """Write down what a party promises by when, measured by a registered indicator.

    Raises
    ------
    Refused
        When the indicator is unknown, or the organisation or article is not of this agreement.
    """
    if by is not None and not rules.can_manage_agreement(by, agreement):
        raise Refused(_("You may not change this agreement's commitments."))
    if indicator_key not in indicators.collect():
        raise Refused(_("There is no indicator called “%(key)s”.") % {"key": indicator_key})
    if not agreement.signatories.filter(organisation=responsible).exists():
        raise Refused(
            _("%(organisation)s is not a party of this agreement.")
            % {"organisation": responsible.name}
        )
    if article is not None and article.agreement_id != agreement.pk:
        raise Refused(_("The article belongs to another agreement."))
    commitment = Commitment(
        agreement=agreement,
        article=article,
        responsible=responsible,
        title_ko=title_ko,
        title_en=title_en,
        indicator_key=indicator_key,
        target=target,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    with transaction.atomic():
        check(commitment)
        commitment.save(force_insert=True)
        journal.record(
            event="commitment.added",
            by=by,
            at=at,
            on=commitment,
            after=commitment_state(commitment),
            details={"indicator": indicator_key, "target": target},
        )
    return commitment


def commitment_state(commitment: Commitment) -> dict[str, object]:
    """What of a commitment the journal digests."""
    return {
        "agreement": commitment.agreement.uuid,
        "article": commitment.article.number if commitment.article else None,
        "responsible": commitment.responsible.uuid,
        "title_ko": commitment.title_ko,
        "title_en": commitment.title_en,
        "indicator_key": commitment.indicator_key,
        "target": commitment.target,
        "starts_on": commitment.starts_on,
        "ends_on": commitment.ends_on,
    }


def _state(
    agreement: Agreement, parties: Sequence[Organisation], articles: Sequence[ArticleText]
) -> dict[str, object]:
    return {
        "title_ko": agreement.title_ko,
        "title_en": agreement.title_en,
        "signed_on": agreement.signed_on,
        "ends_on": agreement.ends_on,
        "parties": [party.uuid for party in parties],
        "articles": [[text.number, text.text_ko, text.text_en] for text in articles],
    }
