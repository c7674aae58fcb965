"""Longer texts that people write for others: Markdown in, clean HTML out.

What is HTML in the text stays text. Afterwards everything is cleaned once more by a list of what
may stand there: no scripts, no styles, no images; a picture becomes a link to it, for a page
fetches nothing from elsewhere on its reader's behalf.
"""

from functools import cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
    "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_LAST = 6


def rendered(text: str) -> SafeString:
    """Return a text in Markdown as HTML that may stand in any page.

    Headings begin one below the page's own. A line break in the text is one on the page: most
    who write have never heard of Markdown, and their lines should stay.
    """
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        _fit(token)
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 -- cleaned in the line above


@cache
def _parser() -> MarkdownIt:
    options: dict[str, Any] = {"html": False, "linkify": False, "breaks": True}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


def _fit(token: Token) -> None:
    """Set a heading one lower, and make links of pictures."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(_LAST, int(token.tag[1:]) + 1)}"
    if token.children:
        token.children = [made for child in token.children for made in _inline(child)]


def _inline(child: Token) -> list[Token]:
    if child.type != "image":
        return [child]
    begin = Token("link_open", "a", 1, attrs={"href": str(child.attrGet("src") or "")})
    words = Token("text", "", 0, content=child.content or str(child.attrGet("src") or ""))
    return [begin, words, Token("link_close", "a", -1)]
