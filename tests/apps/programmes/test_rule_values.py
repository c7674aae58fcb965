"""Thresholds are data that refuses to be nonsense; the presets say what the sources say."""

import dataclasses
import json
from decimal import Decimal
from pathlib import Path

import pytest

from bitgoeul.apps.programmes.models import PRESETS, RuleValues, RuleValuesError

KDT = Path(__file__).parents[4] / "shared/data/programmes/kdt/kdt_rules_2026.json"


def test_values_survive_json() -> None:
    for preset in (*PRESETS.values(), RuleValues()):
        assert RuleValues.from_json(json.loads(json.dumps(preset.as_json()))) == preset


def test_left_out_values_keep_their_default() -> None:
    assert RuleValues.from_json({}) == RuleValues()
    changed = RuleValues.from_json({"attendance_share_at_least": 0.9})
    assert changed.attendance_share_at_least == Decimal("0.9")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"attendance_share_at_least": 1.2}, "attendance_share_at_least"),
        ({"attendance_share_at_least": "most"}, "attendance_share_at_least"),
        ({"attendance_share_at_least": True}, "attendance_share_at_least"),
        ({"attendance_share_at_least": None}, "attendance_share_at_least"),
        ({"attendance_unit": "weeks"}, "attendance_unit"),
        ({"events_per_absence": 1}, "events_per_absence"),
        ({"events_per_absence": 2.5}, "events_per_absence"),
        ({"age_from": 40, "age_to": 18}, "age_to"),
        ({"employment_window_months": 9}, "evidence_deadline_months"),
        ({"retention_checkpoints_months": [6, 3]}, "retention_checkpoints_months"),
        ({"retention_checkpoints_months": 3}, "retention_checkpoints_months"),
        ({"work_statuses": "seeking"}, "work_statuses"),
        ({"excuse_days_at_most": {"leave": "six"}}, "excuse_days_at_most"),
        ({"exam_pass_mark": 101}, "exam_pass_mark"),
        ({"favourite_colour": "blue"}, "favourite_colour"),
    ],
)
def test_nonsense_is_refused_and_named(values: dict[str, object], field: str) -> None:
    with pytest.raises(RuleValuesError) as refusal:
        RuleValues.from_json(values)
    assert refusal.value.field == field


def test_every_rule_names_its_source() -> None:
    for one in dataclasses.fields(RuleValues):
        assert RuleValues.source_of(one.name), one.name


@pytest.mark.skipif(not KDT.exists(), reason="the shared rule data is not beside this checkout")
def test_k_digital_preset_says_what_the_guideline_says() -> None:
    """Oracle: the transcription of the 2026 guideline in the shared data."""
    source = json.loads(KDT.read_text())
    preset = PRESETS["k-digital-2026"]
    attendance, removal = source["attendance"], source["removal"]
    assert float(preset.day_absent_below) == attendance["day_counts_absent_if_taken_below"]
    assert preset.events_per_absence == attendance["late_early_out_per_absence"]
    assert attendance["conversion_period"]["value"].startswith(preset.conversion_period)
    assert float(preset.unit_absent_share_at_least or 0) == removal["unit_absent_share_at_least"]
    assert preset.unit_days_at_least == removal["unit_min_days_for_rule"]
    assert float(preset.total_absent_share_above or 0) == removal["total_absent_share_above"]
    completion = source["completion"]
    assert float(preset.attendance_share_at_least) == completion["attended_share_at_least"]
    assert preset.completion_report_days == completion["report_within_days_of_end"]
    recognised = attendance["recognised_absence"]
    assert preset.excuse_days_at_most["own_wedding"] == recognised["own_wedding"]
    assert preset.excuse_days_at_most["death_near"] == recognised["death_spouse_parent"]
    employment = source["employment"]
    assert preset.employment_window_months == employment["counts_if_within_months_of_end"]
    assert preset.evidence_deadline_months == employment["report_within_months_of_end"]
