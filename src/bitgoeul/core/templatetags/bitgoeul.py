"""Template filters and tags of the house: `{% load bitgoeul %}`."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from bitgoeul.core import devices, formats
from bitgoeul.core.words import WORDS

register = template.Library()


def _language() -> str:
    return "ko" if (get_language() or "ko").startswith("ko") else "en"


@register.filter
def won(value: int | Decimal | None) -> SafeString:
    """Short amount; the exact one stands in the title."""
    if value is None or value == "":
        return SafeString("–")
    language = _language()
    return format_html(
        '<span title="{}">{}</span>',
        formats.won_exact(value, language),
        formats.won(value, language).replace(" 원", "\N{NO-BREAK SPACE}원"),
    )


@register.filter
def won_text(value: int | Decimal | None) -> str:
    """Short amount as bare text, for attributes and messages."""
    return formats.won(value, _language())


@register.filter
def won_exact(value: int | Decimal | None) -> str:
    """Full amount: 1,284,000,000원."""
    return formats.won_exact(value, _language())


@register.filter
def josa(word: object, pair: str) -> str:
    """Word with its particle: {{ name|josa:"이/가" }}."""
    return formats.josa(word, pair)


@register.filter
def device(user_agent: str) -> str:
    """Browser and system of a user agent string, as far as they are known."""
    return devices.named(user_agent)


@register.filter
def share(value: float | Decimal | None, digits: int = 1) -> str:
    """Ratio as per cent: {{ 0.674|share }} is 67.4%."""
    return formats.share(value, digits=digits)


@register.filter
def number(value: float | Decimal | None, digits: int | None = None) -> str:
    """Number with commas; {{ score|number:2 }} has two decimals."""
    return formats.number(value, digits=digits)


@register.filter
def count(value: int | None) -> str:
    """Number of people; what `core.disclosure` withholds (None) says so."""
    return _("withheld") if value is None else formats.number(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """Date: 2026. 11. 22."""
    return formats.day(value or None, _language())


@register.filter
def moment(value: datetime | None) -> str:
    """Date and time: 2026. 11. 22. 오후 3:13."""
    return formats.moment(value or None, _language())


@register.filter
def clock_time(value: datetime | None) -> str:
    """Time of day: 오후 3:13."""
    return formats.clock_time(value or None, _language())


@register.filter
def phone(value: str) -> str:
    """Phone number with hyphens."""
    return formats.phone(str(value)) if value else "–"


@register.simple_tag
def explain(key: str) -> SafeString:
    """What a technical word means, behind a question mark beside it; needs no script."""
    word = WORDS[key]
    return format_html(
        '<details class="help"><summary><span aria-hidden="true">?</span>'
        '<span class="sr-only">{}</span></summary><div>{}</div></details>',
        gettext("What “%(word)s” means") % {"word": word.term},
        word.text,
    )


@register.filter
def get(mapping: Mapping[object, object], key: object) -> object:
    """Value of a mapping by a variable key: {{ totals|get:track.uuid }}."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def first_control(field: BoundField) -> str:
    """Id that an error summary links to: the control, or the first one of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def page_numbers(page: "Page[Any]") -> list[int | None]:
    """Numbers to show in the page navigation; None stands for a gap."""
    last, here = page.paginator.num_pages, page.number
    shown = sorted({1, last} | {n for n in range(here - 1, here + 2) if 1 <= n <= last})
    numbers: list[int | None] = []
    for before, n in zip([0, *shown], shown, strict=False):
        if n - before > 1:
            numbers.append(before + 1 if n - before == 2 else None)
        numbers.append(n)
    return numbers


class RememberNode(template.Node):
    """Renders what stands between the tags once and keeps it in the context."""

    def __init__(self, *, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> str:
        """Keep the rendered, stripped content; print nothing."""
        # Rendered by the engine, so already escaped; marking it safe escapes it no second time.
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308
        return ""


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """{% remember name %}…{% endremember %}: base.html shows one block in two places with it."""
    parts = token.split_contents()
    if len(parts) != 2:
        raise template.TemplateSyntaxError("remember takes exactly one name")
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist=nodelist, name=parts[1])


_drawn: dict[tuple[Any, ...], SafeString] = {}
DRAWN_AT_MOST = 2000


def forget_drawn() -> None:
    """Have every `drawn_once` drawn again: the catalogues were exchanged."""
    _drawn.clear()


class DrawnNode(template.Node):
    """Renders a part once a process for each language and each value that it depends on."""

    def __init__(self, nodelist: NodeList, name: str, values: list[FilterExpression]) -> None:
        self.nodelist, self.name, self.values = nodelist, name, values

    def render(self, context: Context) -> SafeString:
        """Return what was drawn before for the same values."""
        key = (self.name, get_language(), *(value.resolve(context) for value in self.values))
        if (drawn := _drawn.get(key)) is None:
            if len(_drawn) >= DRAWN_AT_MOST:
                _drawn.clear()
            drawn = _drawn[key] = self.nodelist.render(context)
        return drawn


@register.tag
def drawn_once(parser: Parser, token: Token) -> DrawnNode:
    """{% drawn_once name value… %}…{% enddrawn_once %}: a part that depends on these values alone.

    Nothing in it may depend on the person or the request in any other way: everybody gets it.
    """
    _tag, *parts = token.split_contents()
    if not parts:
        raise template.TemplateSyntaxError("drawn_once takes a name")
    nodelist = parser.parse(("enddrawn_once",))
    parser.delete_first_token()
    return DrawnNode(nodelist, parts[0], [parser.compile_filter(part) for part in parts[1:]])


@register.inclusion_tag("saved/bar.html", takes_context=True)
def saved_views(context: Context) -> dict[str, Any]:
    """The reader's views of this list, and the form that keeps the present one."""
    from bitgoeul.core.saved import listing, services

    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or not request.user.is_authenticated:
        return {}
    asked = request.GET.copy()
    asked.pop("view", None)
    return {
        "keeps": listing.is_list(match.func),
        "kept": listing.views_of(request),
        "path": request.path,
        "query": services.cleaned_query(asked.urlencode()),
        "token": context.get("csrf_token"),
    }
