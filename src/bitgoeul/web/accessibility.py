# ruff: noqa: E501 -- a table: one item a line, one sentence each
"""The 33 check items of KWCAG 2.2, how each was checked here, and what came of it.

`test` names the file (or file::test) that fails when the item is broken; `manual` says what a
person did and when. `docs/accessibility.md` holds the same table; a test compares the two.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHECKED_ON = dt.date(2026, 11, 25)
_EVERY = "tests/journeys/test_every_page.py"
_KEYS = "tests/journeys/test_accessibility.py"
_LOOK = "tests/journeys/test_look.py"
_SOURCE = "tests/web/test_accessibility_page.py"


class Result(StrEnum):
    """What came of a check."""

    MET = "met"
    PARTLY = "partly"
    NONE = "none"


@dataclass(frozen=True)
class Item:
    """One check item."""

    number: str
    title: "str | Promise"
    result: Result
    how: "str | Promise"
    test: str = ""


_NONE_HERE = _("There is nothing of this kind on any page.")

ITEMS: tuple[Item, ...] = (
    Item("5.1.1", _("Text alternatives"), Result.MET, _("Every picture and chart has a text; every chart has its table."), _EVERY),
    Item("5.2.1", _("Captions"), Result.NONE, _("There is no video or sound."), _SOURCE),
    Item("5.3.1", _("Structure of tables"), Result.MET, _("Header cells with their scope, a name for each table. On a phone the rows are shown as cards; how screen readers announce these was not tried."), _EVERY),
    Item("5.3.2", _("Linear order of the content"), Result.MET, _("On every page nothing is drawn in another order than it stands in the markup, and Tab follows it."), _EVERY),
    Item("5.3.3", _("Clear instructions"), Result.MET, _("By hand: no instruction refers to shape, place or colour alone.")),
    Item("5.4.1", _("Not by colour alone"), Result.MET, _("On every page each state has a word beside its colour, and a link inside a text is underlined; errors have text and a thicker border."), _EVERY),
    Item("5.4.2", _("No automatic sound"), Result.NONE, _NONE_HERE, _SOURCE),
    Item("5.4.3", _("Contrast of text"), Result.MET, _("At least 4.5 : 1 on every page, measured by axe."), _EVERY),
    Item("5.4.4", _("Distinction between contents"), Result.MET, _("By hand: sections have headings, lines or distance between them.")),
    Item("6.1.1", _("Use by keyboard"), Result.MET, _("Every control is reached with Tab and none holds it."), _KEYS),
    Item("6.1.2", _("Moving and visible focus"), Result.MET, _("Focus follows the order of the page and is always drawn."), _KEYS),
    Item("6.1.3", _("Size of controls"), Result.PARTLY, _("Buttons, fields and menu entries measure at least 6 mm across the diagonal and 24 pixels in height. Links inside a sentence or a table cell are as high as their line, and neighbouring ones can be closer."), _KEYS),
    Item("6.1.4", _("Single-character shortcuts"), Result.NONE, _("No shortcut keys are defined."), _SOURCE),
    Item("6.2.1", _("Time limits"), Result.PARTLY, _("A session ends after twelve hours without a warning; a filled form that is sent later has to be filled in again. No other limit is shorter than days.")),
    Item("6.2.2", _("Stopping movement"), Result.MET, _("Only progress bars move, and they stop for whoever asks the system for less movement."), _SOURCE),
    Item("6.3.1", _("No flashing"), Result.NONE, _NONE_HERE, _SOURCE),
    Item("6.4.1", _("Skipping repeated parts"), Result.MET, _("The first thing reached is a link to the content."), _KEYS),
    Item("6.4.2", _("Titles"), Result.MET, _("Every page has its own title and exactly one main heading."), _EVERY),
    Item("6.4.3", _("Telling link texts"), Result.MET, _("Every link has a text; repeated buttons name the row for screen readers."), _EVERY),
    Item("6.4.4", _("Fixed reference points"), Result.NONE, _("There are no electronic documents with page numbers on the pages; published reports carry numbered values.")),
    Item("6.5.1", _("One pointer is enough"), Result.MET, _("No page listens for gestures: links, buttons and fields of the browser do everything."), _SOURCE),
    Item("6.5.2", _("Cancelling a press"), Result.MET, _("No page acts on pressing down: links and buttons of the browser act on release."), _SOURCE),
    Item("6.5.3", _("Label and name"), Result.MET, _("The visible label is part of the name that is read out."), _EVERY),
    Item("6.5.4", _("Use without moving the device"), Result.NONE, _("Nothing is operated by moving the device."), _SOURCE),
    Item("7.1.1", _("Language of the page"), Result.PARTLY, _("Every page names its language. Names and texts that people entered in the other language are not marked one by one."), _LOOK),
    Item("7.2.1", _("Nothing happens unasked"), Result.MET, _("No new windows, no change of page by choosing in a list; a page of running work renews one part of itself, and the application form says in one place that it saved itself."), _LOOK),
    Item("7.2.2", _("Help in the same place"), Result.PARTLY, _("Menu, my menu and footer stand in the same place on every page. There is no telephone number or chat; whoever runs an installation has to add theirs.")),
    Item("7.3.1", _("Correcting errors"), Result.MET, _("Errors are summed up at the top, linked to their fields, and explained in words."), _LOOK),
    Item("7.3.2", _("Labels"), Result.MET, _("Every field has a visible label; required ones are marked."), _EVERY),
    Item("7.3.3", _("Accessible signing in"), Result.MET, _("By hand: passwords can be pasted, a passkey needs no memory, and no puzzle is asked.")),
    Item("7.3.4", _("Nothing twice"), Result.MET, _("By hand: applications fill in what the account knows; drafts keep what was written.")),
    Item("8.1.1", _("No errors of markup"), Result.MET, _("What the server sends is parsed strictly; no id stands twice."), _EVERY),
    Item("8.2.1", _("Accessible applications"), Result.MET, _("Names, roles and states of all controls are checked by axe; every form works without scripts."), _EVERY),
)  # fmt: skip

OPEN = (
    _(
        "No person who uses a screen reader has tried these pages yet; NVDA and Sense Reader were not available for the checks."
    ),
    _(
        "On a phone, making the text alone twice as large makes the header wider than the screen; enlarging the whole page to 400 % does not."
    ),
    _("No certification body has looked at them; this is our own statement."),
)
