"""Kaggle's solution with its column Usage becomes a truth that the scoring engine reads."""

from __future__ import annotations

import pytest

from bitgoeul.engines import scoring
from bitgoeul.runner.bundles import BundleError, read_kaggle
from bitgoeul.runner.bundles.reasons import PROBLEMS

from .bundle_files import zipped

SOLUTION = "Id,SalePrice,Usage\n1,10,Public\n2,20,Private\n3,30,private\n4,40,Ignored\n"
SAMPLE = "Id,SalePrice\n1,0\n2,0\n3,0\n4,0\n"


def test_a_solution_becomes_a_truth_with_its_split() -> None:
    found = read_kaggle(zipped({"house/solution.csv": SOLUTION, "sample_submission.csv": SAMPLE}))
    assert (found.id, found.targets, found.usage) == ("Id", ("SalePrice",), "Usage")
    assert (found.public, found.private, found.ignored) == (1, 2, 1)
    assert found.truth.splitlines()[3:] == [b"3,30,Private", b"4,40,Ignored"]
    assert found.sample == SAMPLE.encode()
    scored = scoring.score(
        found.truth, b"Id,SalePrice\n1,11\n2,20\n3,33\n4,0\n",
        metric="mae", id=found.id, target=found.targets[0], usage=found.usage,
    )  # fmt: skip
    assert (scored.public, scored.private) == (1.0, 1.5)


def test_a_file_alone_will_do_and_the_sample_names_the_columns() -> None:
    extra = "rowid,Usage,group,y\na,Public,g,1\nb,Private,g,0\n"
    assert read_kaggle(extra.encode()).targets == ("group", "y")
    both = zipped({"solution.csv": extra, "sampleSubmission.csv": "rowid,y\na,0\n"})
    assert read_kaggle(both).targets == ("y",)
    assert read_kaggle("번호,값,Usage\n1,2,Public\n".encode("cp949")).id == "번호"


BAD = {
    "no_usage": b"id,y\n1,2\n",
    "bad_usage": b"id,y,Usage\n\n1,2,Public\n\n2,3,Hidden\n",
    "bad_csv": b"id,y,Usage\n1,2\n",
    "no_target": b"id,Usage\n1,Public\n",
    "not_text": b"id,\xc1,Usage\n",
    "no_id": zipped({"solution.csv": SOLUTION, "sample_submission.csv": "key,y\n1,2\n"}),
    "no_solution": zipped({"a.csv": SOLUTION, "b.csv": SOLUTION}),
}


@pytest.mark.parametrize("code", BAD)
def test_what_is_no_solution_says_why(code: str) -> None:
    with pytest.raises(BundleError) as caught:
        read_kaggle(BAD[code])
    assert caught.value.code == code
    assert code in PROBLEMS
    if code == "bad_usage":
        assert (caught.value.line, caught.value.value) == (5, "Hidden")
