"""An empty state says only what stands beside it: it must not pick up a link from further up.

`{% url … as url %}` outlives the part it was written for. A later `parts/empty.html` in the same
block would draw it, as a link to what is only for buttons.
"""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "bitgoeul"
TAG = re.compile(r"{%\s*(.*?)\s*%}", re.DOTALL)
NAMED = re.compile(r"\b(?:as|asvar)\s+(\w+)")
TAKEN = ("text", "url")
OPENS, CLOSES = {"for", "with", "block"}, {"endfor", "endwith", "endblock"}
BRANCHES = {"if", "elif", "else", "endif", "for", "empty", "endfor", "with", "endwith"}


def picked_up(template: str) -> list[str]:
    """What empty states of a template take over from further up, with their lines."""
    found: list[str] = []
    scopes: list[set[str]] = [set()]
    beside: set[str] = set()
    end = 0
    for tag in TAG.finditer(template):
        words = tag[1].split()
        if template[end : tag.start()].strip() and words[0] != "endblocktranslate":
            beside = set()
        end = tag.end()
        if words[0] in OPENS:
            scopes.append(set())
        elif words[0] in CLOSES and len(scopes) > 1:
            scopes.pop()
        if words[0] in BRANCHES:
            beside = set()
        if words[0] in {"url", "translate", "blocktranslate"} and (name := NAMED.search(tag[1])):
            scopes[-1].add(name[1])
            beside.add(name[1])
        if words[0] != "include":
            continue
        if "parts/empty.html" in words[1]:
            line = template.count("\n", 0, tag.start()) + 1
            found += [
                f"{line}: {name}"
                for name in TAKEN
                if any(name in scope for scope in scopes)
                and name not in beside
                and f"{name}=" not in tag[1]
            ]
        beside = set()
    return found


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.html")), ids=lambda path: path.relative_to(SOURCE).as_posix()
)
def test_an_empty_state_takes_nothing_from_further_up(path: Path) -> None:
    assert picked_up(path.read_text("utf-8")) == []


def test_the_search_would_find_one() -> None:
    above = "{% url 'a' as url %}{% include 'parts/confirm.html' %}"
    title = "{% translate 'Nothing' as title %}"
    assert picked_up(above + title + "{% include 'parts/empty.html' %}") == ["1: url"]
    assert picked_up(above + title + "{% include 'parts/empty.html' with url='' %}") == []
    beside = title + "{% url 'b' as url %}{% include 'parts/empty.html' %}"
    assert picked_up(above + beside) == []
    assert picked_up("{% with x=1 %}" + above + "{% endwith %}" + title) == []
