"""Bundles made by hand, small enough to run without anything imported."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

CONTESTS = Path(__file__).resolve().parents[2].parent / "shared/data/contests"
CODABENCH = CONTESTS / "codabench"

YAML = """\
version: 2
title: No
image: logo.png
terms: terms.md
pages:
  - {title: Start, file: pages/start.md}
tasks:
  - index: 0
    name: First
    input_data: data/
    reference_data: truth.txt
    ingestion_program: ingestion.zip
    scoring_program: scoring/
phases:
  - name: Practice
    start: 8-7-2019
    end: 2019.09.30 9:00
    tasks: [0]
    max_submissions_per_day: 5
    execution_time_limit: 5
    hide_output: YES
  - name: Final
    start: 2019-10-01T00:00:00+09:00
    tasks: [0]
    execution_time_limit: 5
    auto_migrate_to_this_phase: On
leaderboards:
  - title: Results
    key: main
    submission_rule: Force_Best
    columns:
      - {title: Right, key: right, index: 0}
      - {title: Wrong, key: wrong, index: 1, sorting: asc, precision: 0}
      - {title: Both, key: both, index: 2, computation: sum, computation_indexes: [0, 1]}
"""
SCORE = """\
import os, sys
truth = open('/app/input/ref/truth.txt').read().split()
given = open(os.path.join(sys.argv[1], 'res', 'answer.txt')).read().split()
right = sum(a == b for a, b in zip(truth, given))
open(os.path.join(sys.argv[2], 'scores.txt'), 'w').write(
    f'right: {right}\\nwrong: {len(truth) - right}\\nspeed: 3')
"""
INGEST = """\
import os, sys
data, output, program, submission = sys.argv[1:]
sys.path.append(submission)
import model
lines = open(os.path.join(data, 'questions.txt')).read().split()
with open(os.path.join(output, 'answer.txt'), 'w') as f:
    f.write(' '.join(str(model.answer(int(line))) for line in lines))
"""
DOUBLE = "def answer(x): return 2 * x"


def zipped(files: Mapping[str, str | bytes], *, links: tuple[str, ...] = ()) -> bytes:
    """A zip with these members; some of them symbolic links."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            about = zipfile.ZipInfo(name)
            about.compress_type = zipfile.ZIP_DEFLATED
            if name in links:
                about.external_attr = (stat.S_IFLNK | 0o777) << 16
            made.writestr(about, content)
    return out.getvalue()


def members(**changes: str | bytes | None) -> dict[str, str | bytes]:
    """The members of a bundle; `scoring__score_py=…` changes one, None leaves it out."""
    ingestion = {
        "ingestion.py": INGEST,
        "metadata": "command: python3 $ingestion_program/ingestion.py "
        "$input $output $ingestion_program $submission_program",
    }
    files: dict[str, str | bytes | None] = {
        "competition.yaml": YAML,
        "__MACOSX/._competition.yaml": b"\0\5\26\7",
        ".DS_Store": b"\0",
        "logo.png": b"\x89PNG",
        "terms.md": "Terms",
        "pages/start.md": "Start",
        "data/questions.txt": "1 2 3 4",
        "truth.txt": "2 4 6 9",
        "ingestion.zip": zipped(ingestion),
        "scoring/score.py": SCORE,
        "scoring/metadata.yaml": "command: python3 /app/program/score.py /app/input/ /app/output/",
    }
    for word, content in changes.items():
        parts = word.split("__")
        files["/".join(part.replace("_py", ".py").replace("_yaml", ".yaml") for part in parts)] = (
            content
        )
    return {name: content for name, content in files.items() if content is not None}


def bundle(**changes: str | bytes | None) -> bytes:
    """A bundle whose answers are the doubles of numbers, but for the last."""
    return zipped(members(**changes))


def with_yaml(old: str, new: str) -> bytes:
    """The bundle with one place of its YAML changed."""
    assert old in YAML
    return bundle(competition_yaml=YAML.replace(old, new))
