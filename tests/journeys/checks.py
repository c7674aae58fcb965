"""What every page must be, looked at in a real browser: `check_page(page)`.

axe alone misses reflow, unlinked errors, double ids and broken markup, so each has its own check.
"""

from typing import Any
from weakref import WeakKeyDictionary

import html5lib
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],  # what passes need not be described: that took most of the time
}
WIDTHS = (320, 390, 1280)


class Watch:
    """What a page was answered and what it complained about since `watch` or the last check."""

    def __init__(self) -> None:
        self.refused: list[tuple[int, str]] = []
        self.complaints: list[str] = []
        self.document: Response | None = None

    def answered(self, response: Response) -> None:
        """Note an answer."""
        if response.status >= 400:
            self.refused.append((response.status, response.url))
        if response.request.resource_type == "document":
            self.document = response

    def complained(self, message: ConsoleMessage) -> None:
        """Note an error of the console, such as a breach of the content security policy."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


_watches: WeakKeyDictionary[Page, Watch] = WeakKeyDictionary()


def watch(page: Page) -> Page:
    """Begin to note answers and complaints; the `page` fixture does it by itself."""
    seen = Watch()
    _watches[page] = seen
    page.on("response", seen.answered)
    page.on("console", seen.complained)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    return page


def check_page(page: Page, *, status: int = 200) -> None:
    """Assert that the page shown now is accessible, whole, and fits every width."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => true)")  # the widths depend on the letters
    faults = [
        *_answers(page, status=status),
        *_markup(page),
        *_structure(page),
        *_axe(page),
        *_widths(page),
    ]
    assert not faults, f"{page.url}:\n" + "\n".join(faults)


def _answers(page: Page, *, status: int) -> list[str]:
    seen = _watches[page]
    faults = [
        f"{code} for {address}"
        for code, address in seen.refused
        if not (code == status and address.split("#")[0] == page.url.split("#")[0])
    ]
    faults += [f"console: {text}" for text in seen.complaints]
    if seen.document is not None and seen.document.status != status:
        faults.append(f"the page answered {seen.document.status}, not {status}")
    seen.refused.clear()
    seen.complaints.clear()
    return faults


def _markup(page: Page) -> list[str]:
    """Parse what the server sent; the browser's own tree would hide mistakes."""
    document = _watches[page].document
    if document is None:
        return ["no document was seen: call watch(page) before the first goto"]
    parser = html5lib.HTMLParser()
    parser.parse(document.text())
    return [f"markup: line {line}, {code} {more}" for (line, _at), code, more in parser.errors]


def _structure(page: Page) -> list[str]:
    found: dict[str, Any] = page.evaluate(
        """() => {
        const all = (what) => [...document.querySelectorAll(what)];
        const ids = all('[id]').map(e => e.id);
        const told = (e) => {
            const owner = e.hasAttribute('aria-describedby') ? e : e.closest('fieldset');
            const names = (owner?.getAttribute('aria-describedby') || '').split(' ');
            return names[0] && names.every(n => document.getElementById(n))
                && names.some(n => n.endsWith('_error'));
        };
        const first = all('a[href], button, input, select, textarea, summary')[0];
        return {
            twice: ids.filter((id, i) => ids.indexOf(id) !== i),
            untold: all('[aria-invalid=true]').filter(e => !told(e)).map(e => e.outerHTML),
            lost: all('.err-sum a, a[href^="#"]').map(a => a.getAttribute('href').slice(1))
                .filter(id => id && !document.getElementById(id)),
            skips: first?.getAttribute('href') === '#main' && !!document.getElementById('main'),
            heads: all('h1').length,
            lang: document.documentElement.lang,
            // KWCAG 5.3.2: nothing is drawn in another order than it is read.
            moved: all('body *').filter(e => {
                const s = getComputedStyle(e);
                return s.order !== '0' || s.flexDirection.endsWith('reverse')
                    || s.flexWrap.endsWith('reverse') || s.float !== 'none' || e.tabIndex > 0;
            }).map(e => e.outerHTML.slice(0, 120)),
            // KWCAG 5.4.1: a state says itself in a word, a link in a text is underlined.
            wordless: all('.b, .btn, [aria-current], .err').filter(e => !e.textContent.trim())
                .map(e => e.outerHTML.slice(0, 120)),
            plain: all('main p a[href], main li a[href]').filter(e =>
                !getComputedStyle(e).textDecorationLine.includes('underline')
                && getComputedStyle(e).borderStyle === 'none'
                && [...e.parentNode.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                .map(e => e.outerHTML.slice(0, 120)),
        }}"""
    )
    faults = [f"id twice: {name}" for name in found["twice"]]
    faults += [f"error not linked: {html}" for html in found["untold"]]
    faults += [f"link to nothing: #{name}" for name in found["lost"]]
    faults += [f"drawn in another order than it is read: {html}" for html in found["moved"]]
    faults += [f"a state without a word: {html}" for html in found["wordless"]]
    faults += [f"a link that only its colour tells: {html}" for html in found["plain"]]
    if not found["skips"]:
        faults.append("the first thing one reaches is not a link to the content")
    if found["heads"] != 1:
        faults.append(f"{found['heads']} h1")
    if found["lang"] not in {"ko", "en"}:
        faults.append(f"language {found['lang']!r}")
    return faults


def _axe(page: Page) -> list[str]:
    violations = Axe().run(page, options=WCAG).response["violations"]
    return [
        f"axe {violation['id']}: {node['html'][:160]} | {node['failureSummary'][:200]}"
        for violation in violations
        for node in violation["nodes"][:3]
    ]


def _widths(page: Page) -> list[str]:
    size = page.viewport_size
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            faults.append(f"{needed} px wide on a screen of {width}: {_widest(page)}")
    if size is not None:
        page.set_viewport_size(size)
    return faults


def _widest(page: Page) -> str:
    found: str = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1
            && !e.closest('.tw, .sr-only, .skip'))
        .map(e => e.outerHTML.slice(0, 120)).slice(-1)[0] || 'unknown'"""
    )
    return found
