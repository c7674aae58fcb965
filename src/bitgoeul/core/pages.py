"""Long lists page by page, at a cost that does not grow with the table.

Counting a million rows for every page costs more than the page. So a count stops at `LISTED`:
then the list says "10,000+" and asks for a narrower question.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

from bitgoeul.core import formats

LISTED = 10_000
"""So many rows can be leafed through; whoever needs more narrows the list or exports it."""
PER_PAGE = 50

M = TypeVar("M", bound=Model)


class BoundedPaginator(Paginator[Any]):
    """A paginator that counts no further than `LISTED`, and not at all what is `known`."""

    known: int | None = None

    @cached_property
    def _counted(self) -> int:
        if self.known is not None:
            return self.known
        rows = self.object_list
        if isinstance(rows, QuerySet) and not rows.query.is_sliced:
            return rows.order_by()[: LISTED + 1].count()
        return len(rows)

    @property
    def count(self) -> int:
        """How many rows can be leafed through."""
        return min(self._counted, LISTED)

    @property
    def capped(self) -> bool:
        """There is more than can be leafed through."""
        return self._counted > LISTED

    @property
    def shown(self) -> str:
        """The count as people read it: "3,218" or "10,000+"."""
        return formats.number(self.count) + ("+" if self.capped else "")


def page_of(
    rows: QuerySet[M] | Sequence[Any],
    number: str | None,
    *,
    per_page: int = PER_PAGE,
    known: int | None = None,
) -> "Page[Any]":
    """Return one page of a list; a number that makes no sense gives the nearest page.

    `known` is the number of rows, where the page has counted them anyway.
    """
    paginator = BoundedPaginator(rows, per_page)
    paginator.known = known
    page = paginator.get_page(number)
    page.object_list = list(page.object_list)
    return page
