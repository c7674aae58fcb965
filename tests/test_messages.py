"""tools/messages.py on a small tree of its own: each fault is found, the catalogue is stable."""

from __future__ import annotations

import gettext
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import polib
import pytest

TOOL = Path(__file__).resolve().parent.parent / "tools" / "messages.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


messages = _load()

VIEW = """
from django.utils.translation import gettext as _, ngettext
def seats(n):
    return ngettext("%(n)s seat", "%(n)s seats", n) % {"n": n}
TITLE = _("Vacancies")
"""
PAGE = """{% load i18n %}
<h1>{% translate "Vacancies" %}</h1>
{% blocktranslate trimmed with name=person %}
  Welcome,
  %(x)s {{ name }}
{% endblocktranslate %}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    room = tmp_path / "src" / "bitgoeul" / "apps" / "careers"
    (room / "templates" / "careers").mkdir(parents=True)
    (room / "__init__.py").write_text('"""A room."""\n')
    (room / "views.py").write_text(VIEW)
    (room / "templates" / "careers" / "list.html").write_text(PAGE.replace("%(x)s ", ""))
    return tmp_path


def _fragment(tree: Path, name: str = "careers") -> Path:
    return tree / "src" / "bitgoeul" / "locale" / "ko" / f"{name}.po"


def _translate(tree: Path, korean: dict[str, str]) -> None:
    po = polib.pofile(str(_fragment(tree)))
    for entry in po:
        text = korean.get(entry.msgid, "")
        if entry.msgid_plural:
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = text
    po.save(str(_fragment(tree)))


COMPLETE = {
    "Vacancies": "채용 공고",
    "%(n)s seat": "%(n)s석",
    "Welcome, %(name)s": "%(name)s 님, 환영합니다",
}


def _complete(tree: Path) -> None:
    messages.main(["update"], root=tree)
    _translate(tree, COMPLETE)
    assert messages.main(["compile"], root=tree) == 0


def test_python_and_template_texts_are_found_once_each(tree: Path) -> None:
    assert messages.main(["update"], root=tree) == 0
    po = polib.pofile(str(_fragment(tree)))
    assert {entry.msgid for entry in po} == set(COMPLETE)
    heading = po.find("Vacancies")
    assert [name for name, _line in heading.occurrences] == [
        "apps/careers/templates/careers/list.html",
        "apps/careers/views.py",
    ]


def test_missing_korean_fails_and_complete_korean_passes(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    messages.main(["update"], root=tree)
    assert messages.main(["check"], root=tree) == 1
    assert "has no Korean text" in capsys.readouterr().err
    _complete(tree)
    assert messages.main(["check"], root=tree) == 0


@pytest.mark.parametrize(
    ("korean", "fault"),
    [
        ({"%(n)s seat": "%(m)s석"}, "other placeholders"),
        ({"Welcome, %(name)s": "환영합니다"}, "other placeholders"),
        ({"Vacancies": ""}, "has no Korean text"),
    ],
)
def test_wrong_korean_is_named(
    tree: Path, capsys: pytest.CaptureFixture[str], korean: dict[str, str], fault: str
) -> None:
    _complete(tree)
    _translate(tree, COMPLETE | korean)
    assert messages.main(["check"], root=tree) == 1
    assert fault in capsys.readouterr().err


def test_reworded_english_keeps_its_korean_as_a_proposal(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _complete(tree)
    page = tree / "src/bitgoeul/apps/careers/templates/careers/list.html"
    page.write_text(page.read_text().replace("Welcome,", "Welcome back,"))
    assert messages.main(["check"], root=tree) == 1
    said = capsys.readouterr().err
    assert "'Welcome back, %(name)s'" in said
    assert "obsolete" in said
    messages.main(["update"], root=tree)
    entry = polib.pofile(str(_fragment(tree))).find("Welcome back, %(name)s")
    assert entry.fuzzy
    assert entry.msgstr == COMPLETE["Welcome, %(name)s"]
    assert messages.main(["check"], root=tree) == 1


def test_two_rooms_must_agree_on_one_text(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _complete(tree)
    core = tree / "src/bitgoeul/core"
    core.mkdir()
    (core / "menu.py").write_text('TITLE = _("Vacancies")\n')
    messages.main(["update", "core"], root=tree)
    other = polib.pofile(str(_fragment(tree, "core")))
    other.find("Vacancies").msgstr = "빈자리"
    other.save(str(_fragment(tree, "core")))
    assert messages.main(["compile"], root=tree) == 1
    said = capsys.readouterr().err
    assert "'채용 공고' in careers.po" in said
    assert "'빈자리' in core.po" in said


def test_unnamed_placeholders_and_korean_msgids_are_refused(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    views = tree / "src/bitgoeul/apps/careers/views.py"
    views.write_text('A = _("%s seats")\nB = _("환영합니다")\nC = _("100%% of %(n)d")\n')
    messages.main(["check", "careers"], root=tree)
    said = capsys.readouterr().err
    assert said.count("a placeholder without a name") == 1
    assert said.count("the msgid is the English text") == 1


def test_an_override_needs_its_reason(tree: Path) -> None:
    _complete(tree)
    po = polib.pofile(str(_fragment(tree)))
    po.append(polib.POEntry(msgid="Sign Out", msgstr="로그아웃"))
    po.save(str(_fragment(tree)))
    assert messages.main(["check", "careers"], root=tree) == 1
    po.find("Sign Out").tcomment = "kept: overrides allauth"
    po.save(str(_fragment(tree)))
    assert messages.main(["check", "careers"], root=tree) == 0
    messages.main(["update"], root=tree)
    assert polib.pofile(str(_fragment(tree))).find("Sign Out").msgstr == "로그아웃"


def test_compiling_is_repeatable_and_gettext_reads_it(tree: Path) -> None:
    _complete(tree)
    compiled = _fragment(tree).parent / "LC_MESSAGES" / "django.mo"
    first = compiled.read_bytes()
    assert messages.main(["update"], root=tree) == 0
    assert messages.main(["compile"], root=tree) == 0
    assert compiled.read_bytes() == first
    with compiled.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Vacancies") == COMPLETE["Vacancies"]
    assert catalogue.ngettext("%(n)s seat", "%(n)s seats", 3) == COMPLETE["%(n)s seat"]


def test_a_stale_catalogue_fails(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _complete(tree)
    _translate(tree, COMPLETE | {"Vacancies": "구인 공고"})
    assert messages.main(["check"], root=tree) == 1
    assert "older than the fragments" in capsys.readouterr().err
