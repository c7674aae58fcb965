"""The model against the rules where the truth is known, and as plain numbers."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bitgoeul.engines.analysis.warning import (
    COHORTS_AT_LEAST,
    Model,
    Records,
    WarningError,
    compare,
    fit,
)
from bitgoeul.engines.analysis.warning.synthetic import make_records


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_model_wins_where_several_signs_tell_together(seed: int) -> None:
    found = compare(make_records(cohorts=4, people=200, seed=seed))
    assert found.better
    assert found.found_by_model > 1.3 * found.found_by_rules


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_rules_stay_where_they_are_the_truth(seed: int) -> None:
    found = compare(make_records(cohorts=4, people=200, seed=seed, truth="rule"))
    assert not found.better
    assert found.found_by_rules == found.dropped


def test_both_warn_of_as_many_at_every_moment() -> None:
    records = make_records(cohorts=3, people=60, seed=4)
    found = compare(records)
    for cohort in range(3):
        for moment in range(2):
            here = (records.cohort == cohort) & (records.moment == moment)
            assert found.warned_by_model[here].sum() == records.warned[here].sum()


def test_with_fewer_cohorts_nothing_is_said() -> None:
    found = compare(make_records(cohorts=COHORTS_AT_LEAST - 1, people=200, seed=1))
    assert not found.better
    assert not compare(make_records(cohorts=1, people=200, seed=1)).held_out


def test_a_cohort_is_held_against_a_model_that_has_not_seen_it() -> None:
    """Whatever becomes of a cohort, who of it is warned of stays the same."""
    records = make_records(cohorts=3, people=80, seed=5)
    inside = records.cohort == 1
    turned = replace(records, dropped=records.dropped ^ inside)
    before, after = compare(records), compare(turned)
    assert (before.warned_by_model[inside] == after.warned_by_model[inside]).all()


def test_plain_numbers_say_what_scikit_learn_says() -> None:
    records = make_records(cohorts=2, people=150, seed=6)
    model = fit(records)
    assert model is not None
    scaled = (records.signs - records.signs.mean(axis=0)) / records.signs.std(axis=0)
    oracle = LogisticRegression(max_iter=1_000).fit(scaled, records.dropped.astype(int))
    expected = oracle.predict_proba(scaled)[:, 1]
    assert np.allclose(model.probabilities(records.signs), expected)
    again = Model.from_json(json.loads(json.dumps(model.as_json())))
    assert again == model
    one = records.signs[0]
    parts = model.contributions(one)
    odds = np.log(expected[0] / (1 - expected[0]))
    assert sum(parts.values()) + model.intercept == pytest.approx(odds)
    assert (model.probabilities(records.signs) >= model.threshold).sum() == records.warned.sum()


def test_bad_records_and_models_are_refused() -> None:
    records = make_records(cohorts=2, people=3, seed=1)
    with pytest.raises(WarningError):
        replace(records, warned=records.warned[:-1])
    with pytest.raises(WarningError):
        replace(records, names=("one",))
    with pytest.raises(WarningError):
        replace(records, signs=records.signs * np.nan)
    for stored in ({}, {"names": ["a"], "means": [0], "scales": [0], "weights": [1]}):
        with pytest.raises(WarningError):
            Model.from_json(stored)
    model = fit(records)
    assert model is None or isinstance(records, Records)
