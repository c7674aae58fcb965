"""Markdown in, clean HTML out: what people write never runs and fetches nothing."""

import html5lib
import pytest

from bitgoeul.core.markdown import rendered

LESSON = """# 1주차

**굵게** and *aslant*, `code`, ~~gone~~
둘째 줄

- 하나
- 둘

| a | b |
|--:|---|
| 1 | 2 |

> quoted

```python
print("<b>")
```

[words](https://example.org/a?b=1&c=2)
"""


def test_what_a_lesson_is_written_in() -> None:
    html = rendered(LESSON)
    for part in ("<h2>1주차</h2>", "<strong>굵게</strong>", "<em>aslant</em>", "<s>gone</s>",
                 "<br>", "<li>하나</li>", "<th>a</th>", "<td>2</td>", "<blockquote>",
                 "print(&quot;&lt;b&gt;&quot;)", 'rel="noopener noreferrer nofollow"'):  # fmt: skip
        assert part in html.replace('"&lt;', "&quot;&lt;").replace('&gt;"', "&gt;&quot;"), part
    assert "style=" not in html
    assert "<h1" not in html


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
     "[a](JaVaScRiPt:alert(1))", "[a](data:text/html,<script>alert(1)</script>)",
     "![x](https://elsewhere.example/a.png)", "![x](javascript:alert(1))",
     "<iframe src=//elsewhere.example></iframe>", "<https://a.example/\"onclick=alert(1)>",
     "```html\n<script>alert(1)</script>\n```", "[a]: javascript:alert(1)\n[a]",
     "<a href=javascript:alert(1)>x</a>", "<style>*{}</style>", "&lt;script&gt;"],
)  # fmt: skip
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    tree = html5lib.parseFragment(rendered(text), namespaceHTMLElements=False)
    for one in tree.iter():
        if not isinstance(one.tag, str):
            continue
        assert one.tag not in {"script", "img", "iframe", "style", "object", "svg"}, text
        assert set(one.attrib) <= {"href", "rel", "start"}, text
        assert not one.attrib.get("href", "").lower().startswith(("javascript:", "data:")), text


def test_a_picture_becomes_a_link_to_it() -> None:
    html = rendered("![a diagram](https://example.org/a.png)")
    assert (
        '<a href="https://example.org/a.png" rel="noopener noreferrer nofollow">a diagram</a>'
        in html
    )


def test_plain_lines_stay_lines() -> None:
    assert rendered("하나\n둘\n\n셋") == "<p>하나<br>\n둘</p>\n<p>셋</p>\n"
    assert rendered("") == ""
