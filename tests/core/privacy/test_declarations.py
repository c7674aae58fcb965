"""Every table says what it keeps about people; what is not said, or said wrongly, is found."""

from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import Profile
from bitgoeul.apps.programmes.models import Attendance, Enrolment
from bitgoeul.core import personal_data
from bitgoeul.core.privacy import registry
from bitgoeul.core.privacy.declarations import NOTHING, Kind, Part
from tests.world import build_world

ROOT = Path(__file__).resolve().parents[3]


def faults_with(monkeypatch: pytest.MonkeyPatch, model: Any, **changes: Any) -> list[str]:
    known = dict(registry.declared())
    if changes.pop("gone", False):
        del known[model]
    else:
        known[model] = replace(known[model], **changes)
    monkeypatch.setattr(registry, "declared", lambda: known)
    return registry.faults()


def test_everything_is_declared() -> None:
    assert registry.faults() == []


@pytest.mark.parametrize(
    ("model", "changes", "said"),
    [
        (Profile, {"gone": True}, "careers.Profile is not declared"),
        (Profile, {"plain": ()}, "visible is in no part"),
        (Profile, {"person": ""}, "person leads to an account and is neither"),
        (Profile, {"person": "about"}, "about does not lead to an account"),
        (Profile, {"parts": ()}, "it is personal and has no part"),
        (Profile, {"export": False}, "without a reason"),
        (Profile, {"plain": ("visible", "shoe_size")}, "there is no field shoe_size"),
        (User, {"kind": Kind.NONE, "parts": (), "plain": ()}, "phone reads like data"),
    ],
)
def test_what_is_wrong_is_said(
    monkeypatch: pytest.MonkeyPatch, model: Any, changes: dict[str, Any], said: str
) -> None:
    assert any(said in fault for fault in faults_with(monkeypatch, model, **changes))


def test_a_period_needs_a_day_to_count_from(monkeypatch: pytest.MonkeyPatch) -> None:
    (part,) = registry.declared()[Attendance].parts
    without: Part = replace(part, after=())
    assert any(
        "from which day" in f for f in faults_with(monkeypatch, Attendance, parts=(without,))
    )
    wrong = replace(part, after=("enrolment__state",))
    found = faults_with(monkeypatch, Attendance, parts=(wrong,))
    assert any("is no date" in fault for fault in found)


def test_an_undeclared_model_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {m: said for m, said in registry.declared().items() if m is not Enrolment}
    monkeypatch.setattr(registry, "declared", lambda: known)
    assert registry.faults() == ["programmes.Enrolment is not declared"]
    known[Enrolment] = NOTHING
    assert "programmes.Enrolment: person leads to an account" in registry.faults()[0]


def test_the_page_is_as_declared() -> None:
    spec = spec_from_file_location("privacy_table", ROOT / "tools" / "privacy_table.py")
    assert spec is not None
    assert spec.loader is not None
    table = module_from_spec(spec)
    spec.loader.exec_module(table)
    with translation.override("en"):
        assert table.page() == table.PAGE.read_text("utf-8"), "run python tools/privacy_table.py"


@pytest.mark.django_db
def test_a_download_holds_every_table_that_says_so() -> None:
    """Every room with a table that is exported gives something about somebody in the world."""
    world = build_world()
    found = personal_data.collect(world.people["graduate"])
    rooms = {model._meta.app_label for model, said in registry.personal() if said.export}
    # What the core keeps is handed out with the account, beside the roles.
    assert rooms - {"journal", "notices"} <= found.keys()
    assert {"placements", "profile", "offers"} <= found["careers"].keys()


# No resident registration number, in no text field


def text_inputs() -> list[Any]:
    """Every text input of every form that the house defines, or that a library shows here."""
    import bitgoeul.web.urls  # noqa: F401 -- brings in every page and with it every form

    found: list[Any] = []
    waiting: list[Any] = [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field, forms.CharField) and not field.disabled:
                found.append(pytest.param(field, id=f"{form.__module__}.{form.__name__}.{name}"))
    return found


def test_every_text_input_refuses_a_resident_number() -> None:
    fields = text_inputs()
    assert len(fields) > 50
    number = "900101-1234567"
    open_ones = []
    for param in fields:
        (field,) = param.values
        try:
            field.run_validators(number)
        except ValidationError as refusal:
            if any(each.code == "resident_number" for each in refusal.error_list):
                continue
        open_ones.append(param.id)
    assert open_ones == []


def test_every_text_column_refuses_a_resident_number() -> None:
    """The API and the services come this way: they clean the model before they save."""
    from bitgoeul.core.validators import no_resident_number

    columns = [
        f"{model._meta.label}.{field.name}"
        for model in registry.declared()
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and no_resident_number not in field.validators
    ]
    assert columns == []


@pytest.mark.parametrize(
    "text",
    [
        "문의 900101-1234567",
        "9001011234567",
        "９００１０１－１２３４５６７",
        "외국인 900101-5234567",
    ],
)
def test_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        forms.CharField().clean(text)
    assert refused.value.error_list[0].code == "resident_number"


@pytest.mark.parametrize("text", ["010-1234-5678", "2025-06-02", "000-12-34567", "900101"])
def test_what_is_no_resident_number_passes(text: str) -> None:
    assert forms.CharField().clean(text) == text
