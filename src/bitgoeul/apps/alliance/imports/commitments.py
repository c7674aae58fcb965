"""The file of what each party promised."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance import rules, services
from bitgoeul.apps.alliance.models import (
    Agreement,
    Article,
    Commitment,
    User,
)
from bitgoeul.core import indicators
from bitgoeul.core.imports import CellError, Column, Kind, Row, clean

_NOT_A_PARTY = _("“%(found)s” is not a party of this agreement.")
_NO_ARTICLE = _("This agreement has no article %(found)s.")
_NO_INDICATOR = _("There is no indicator called “%(found)s”. There are: %(expected)s.")
_ENDS_BEFORE = _("The end lies before the beginning.")


def _commitments_known(
    *, target: Agreement, rows: Sequence[Row], by: User | None
) -> dict[str, Any]:
    parties = [party.organisation for party in target.signatories.select_related("organisation")]
    return {
        "parties": {p.name_ko: p for p in parties} | {p.name_en: p for p in parties if p.name_en},
        "articles": {article.number: article for article in target.articles.all()},
        "indicators": sorted(indicators.collect()),
        "commitments": {
            (c.indicator_key, c.title_ko): c
            for c in target.commitments.select_related("article", "responsible")
        },
    }


def _match_commitment(row: Row, context: dict[str, Any]) -> Commitment | None:
    found: Commitment | None = context["commitments"].get((row["indicator_key"], row["title_ko"]))
    return found


def _check_commitment(row: Row, context: dict[str, Any]) -> Iterable[CellError]:
    if row["responsible"] not in context["parties"]:
        yield CellError("not_a_party", _NOT_A_PARTY, column="responsible", found=row["responsible"])
    if row["article"] and row["article"] not in context["articles"]:
        yield CellError("no_article", _NO_ARTICLE, column="article", found=row["article"])
    if row["indicator_key"] not in context["indicators"]:
        yield CellError(
            "no_indicator",
            _NO_INDICATOR,
            column="indicator_key",
            found=row["indicator_key"],
            expected=", ".join(context["indicators"]),
        )
    if row["ends_on"] < row["starts_on"]:
        yield CellError("ends_before", _ENDS_BEFORE, column="ends_on")


def _write_commitments(
    *,
    target: Agreement,
    rows: Sequence[Row],
    by: User | None,
    at: dt.datetime,
    context: dict[str, Any],
) -> list[UUID]:
    articles: dict[int, Article] = context["articles"]
    return [
        services.add_commitment(
            agreement=target,
            responsible=context["parties"][row["responsible"]],
            article=articles[row["article"]] if row["article"] else None,
            title_ko=row["title_ko"],
            title_en=row["title_en"] or "",
            indicator_key=row["indicator_key"],
            target=row["target"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            by=by,
            at=at,
        ).uuid
        for row in rows
    ]


def _undo_commitments(
    *,
    target: Agreement,
    created: Sequence[UUID],
    changed: Sequence[Any],
    by: User | None,
    at: dt.datetime,
) -> None:
    services.remove_commitments(agreement=target, uuids=created, by=by, at=at)


def _agreements_managed_by(user: User) -> QuerySet[Agreement]:
    if rules.is_administrator(user):
        return Agreement.objects.all()
    return Agreement.objects.filter(rules.overseen_agreements(user)).distinct()


COMMITMENTS = Kind(
    key="commitments",
    personal=False,
    title=_("Commitments"),
    help=_(
        "What each party promised, with the indicator that measures it. Signed promises are not "
        "changed by a later file: a row that is there already is left as it is."
    ),
    target="alliance.Agreement",
    columns=[
        Column(
            "article",
            ("조항", "조", "article", "article number"),
            clean.integer(min=1, max=999, unit="조"),
            required=False,
            example="1",
        ),
        Column(
            "responsible",
            ("이행 주체", "담당 기관", "responsible", "party"),
            clean.text(max=120, min=1),
            example="광주광역시",
        ),
        Column(
            "title_ko",
            ("약속", "이행 과제", "title_ko", "promise"),
            clean.text(max=200, min=1),
            example="교육과정 수료 300명",
        ),
        Column(
            "title_en",
            ("약속(영문)", "영문 과제명", "title_en", "promise in english"),
            clean.text(max=200),
            required=False,
            default="",
            example="300 completions",
        ),
        Column(
            "indicator_key",
            ("지표", "지표 코드", "indicator", "indicator_key"),
            clean.text(max=80, min=1),
            example="programmes.completed",
        ),
        Column(
            "target",
            ("목표", "목표값", "target"),
            clean.integer(min=0, max=10**15),
            help=_("A whole number in the indicator's unit; shares in whole percent."),
            example="300",
        ),
        Column("starts_on", ("시작일", "from", "starts on"), clean.date(), example="2025-01-01"),
        Column("ends_on", ("종료일", "until", "ends on"), clean.date(), example="2025-12-31"),
    ],
    can=lambda user, target: (
        rules.is_officer(user) or rules.is_administrator(user)
        if target is None
        else rules.can_manage_agreement(user, target)
    ),
    prepare=_commitments_known,
    match=_match_commitment,
    check=_check_commitment,
    compare=lambda existing, row: False,
    apply=_write_commitments,
    undo=_undo_commitments,
    identity=lambda row: (row["indicator_key"], row["title_ko"]),
    target_lookup=lambda text: Agreement.objects.filter(title_ko=text).first(),
    targets=_agreements_managed_by,
)
