"""A rubric is published in versions and never changed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.reviews import rules
from bitgoeul.apps.reviews.models import Rubric, RubricItem
from bitgoeul.apps.reviews.services.permission import check, require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

WHOLE = 100


@dataclass(frozen=True, kw_only=True)
class ItemPlan:
    """An item to be, with its weight in percent."""

    key: str
    label_ko: str
    weight: int
    label_en: str = ""
    top_score: int = 5


def publish_rubric(
    *,
    owner: Organisation,
    key: str,
    name_ko: str,
    items: Sequence[ItemPlan],
    by: User | None,
    at: dt.datetime,
    name_en: str = "",
) -> Rubric:
    """Publish a rubric, or the next version of it: panels that judge by an earlier one stay."""
    require(by, rules.can_publish_rubric, owner)
    if sum(item.weight for item in items) != WHOLE:
        raise Refused(_("The weights of the items must add up to 100."), code="invalid")
    with transaction.atomic():
        # The owner's row is the lock: two versions of one moment would share a number.
        Organisation.objects.select_for_update().get(pk=owner.pk)
        last = Rubric.objects.filter(owner=owner, key=key).order_by("-version").first()
        rubric = Rubric(
            owner=owner,
            key=key,
            version=last.version + 1 if last else 1,
            name_ko=name_ko,
            name_en=name_en,
            published_at=at,
            published_by=by,
        )
        check(rubric)
        rubric.save(force_insert=True)
        for order, item in enumerate(items, start=1):
            row = RubricItem(rubric=rubric, order=order, **asdict(item))
            check(row)
            row.save(force_insert=True)
        journal.record(
            event="rubric.published",
            by=by,
            at=at,
            on=rubric,
            details={
                "key": key,
                "version": rubric.version,
                "items": [asdict(item) for item in items],
            },
        )
    return rubric
