"""kill -9 of workers at random moments loses nothing and doubles nothing.

The oracle is the table of effects, which has no constraint: a doubled effect would be there.
"""

import os

import pytest

from tests.core.jobs import chaos

LONG = bool(os.environ.get("BITGOEUL_LONG"))


@pytest.mark.slow
def test_random_kills(tmp_path, django_db_blocker, record_property):
    with django_db_blocker.unblock():
        figures = chaos.run(
            tmp_path,
            kills=200 if LONG else 5,
            jobs=2000 if LONG else 60,
            seed=20261122,
            longest=0.3 if LONG else 1.0,
            patience=900 if LONG else 60,
        )
    record_property("figures", figures)
    assert figures["done"] == figures["jobs"] == (2000 if LONG else 60)
    assert (figures["lost"], figures["doubled"]) == (0, 0)
    assert figures["integrity"] in {"ok", "postgresql"}
    assert figures["interrupted"] > 0, "no kill met a job: the test tested nothing"
