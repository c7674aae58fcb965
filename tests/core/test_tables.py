"""Long lists: a count that stops, and a table that escapes whatever its cells hold."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.safestring import SafeString

from bitgoeul.apps.alliance.enums import OrganisationKind, Region
from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.core import pages, tables
from bitgoeul.core.db.inserting import insert_rows
from bitgoeul.core.tables import Column
from bitgoeul.core.templatetags.bitgoeul import forget_drawn

EVIL = "<script>\"&'%s"


@dataclass
class Row:
    name: str
    mark: object = ""


def test_a_cell_and_a_label_are_escaped_unless_they_are_markup() -> None:
    columns = (
        Column(label="100% <b>", cell=lambda row: row.name, heads=True),
        Column(label='"%d" <i>', cell=lambda row: row.mark, number=True),
    )
    shown = tables.table([Row(EVIL, 3), Row("나", SafeString("<em>x</em>"))], columns, label=EVIL)
    assert "<script>" not in shown
    assert "&lt;script&gt;&quot;&amp;&#x27;%s" in shown
    assert '<td class="num" data-l="&quot;%d&quot; &lt;i&gt;">3</td>' in shown
    assert "<em>x</em>" in shown
    assert shown.count("<tr>") == 3
    assert isinstance(shown, SafeString)


def test_links_badges_and_lines_escape_what_they_hold() -> None:
    for made in (tables.link(EVIL, EVIL), tables.badge(EVIL), tables.lines([EVIL, "b"])):
        assert "<script>" not in made
        assert "&lt;script&gt;" in made


def test_an_address_is_the_one_that_reverse_gives() -> None:
    uuid = UUID("01234567-89ab-cdef-0123-456789abcdef")
    assert tables.Address("alliance:person_detail")(uuid) == f"/alliance/people/{uuid}/"


@pytest.mark.django_db
class TestPages:
    def test_a_count_stops_and_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = [
            (UUID(int=n), f"회사 {n:03d}", "", "company", "", Region.GWANGJU.value)
            for n in range(1, 31)
        ]
        names = ("uuid", "name_ko", "name_en", "kind", "business_number", "region")
        insert_rows(Organisation, names, rows)
        made = Organisation.objects.get(name_ko="회사 007")
        assert (made.kind, made.region) == (OrganisationKind.COMPANY, Region.GWANGJU)
        assert made.uuid == UUID(int=7)
        monkeypatch.setattr(pages, "LISTED", 20)
        with CaptureQueriesContext(connection) as asked:
            page = pages.page_of(Organisation.objects.all(), "2", per_page=10)
        assert "LIMIT 21" in asked.captured_queries[0]["sql"]
        paginator = page.paginator
        assert (paginator.count, paginator.capped, paginator.shown) == (20, True, "20+")
        assert next(row.name_ko for row in page) == "회사 011"
        last = pages.page_of(Organisation.objects.all(), "99", per_page=10)
        assert last.number == 2

    @pytest.mark.parametrize(("number", "given"), [("0", 1), ("-3", 1), ("x", 1), (None, 1)])
    def test_a_number_that_makes_no_sense_gives_a_page(self, number: str, given: int) -> None:
        assert pages.page_of(Organisation.objects.all(), number).number == given

    def test_a_short_list_is_counted_whole(self) -> None:
        paginator = pages.page_of([1, 2, 3], "1").paginator
        assert (paginator.count, paginator.capped, paginator.shown) == (3, False, "3")


def test_a_part_is_drawn_once_for_each_value_and_language() -> None:
    part = Template(
        "{% load bitgoeul i18n %}"
        "{% drawn_once x a %}{% translate 'Search' context 'menu' %} {{ a }}{{ b }}"
        "{% enddrawn_once %}"
    )
    forget_drawn()
    with translation.override("en"):
        assert part.render(Context({"a": 1, "b": "first"})) == "Search 1first"
        assert part.render(Context({"a": 1, "b": "second"})) == "Search 1first"
        assert part.render(Context({"a": 2, "b": "second"})) == "Search 2second"
    with translation.override("ko"):
        assert part.render(Context({"a": 1, "b": "third"})) == "검색 1third"
    forget_drawn()
