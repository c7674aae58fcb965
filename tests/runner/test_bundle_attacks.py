"""What submitted code of a contest may try against its keeper, its folders and its scorer."""

from __future__ import annotations

import pytest

from bitgoeul.runner import LocalRunner, run_code
from bitgoeul.runner.bundles import BundleVerdict, read_codabench, run_submission

from ..conftest import LONG
from .bundle_files import DOUBLE, bundle, zipped

KEEP = bundle()


@pytest.fixture(autouse=True)
def _the_parent_survives(here: LocalRunner):
    before = here._parent
    yield
    assert run_code("x = 6 * 7", runner=here, answer="x").value == 42
    assert here._parent is before


def verdict(here: LocalRunner, source: str, **more) -> tuple[BundleVerdict, dict]:
    found = run_submission(
        read_codabench(KEEP), 0, zipped({"model.py": source}), runner=here, **more
    )
    assert found.scores.get("right", 0) in {0.0, 3.0, None}, found
    return found.verdict, dict(found.scores)


GIVES_NOTHING = {
    "kills_its_keeper": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n",
    "talks_in_its_keeper_s_name": (
        "import os, json, struct\n"
        "body = json.dumps({'exit': 0, 'files': {'answer.txt': 'MiA0IDYgOQ=='}}).encode()\n"
        "for door in range(3, 64):\n"
        "    try: os.write(door, struct.pack('!I', len(body)) + body)\n"
        "    except OSError: pass\n"
    ),
    "fills_the_folder": (
        "try:\n"
        "    with open('/app/output/x', 'wb') as f:\n"
        "        for _ in range(20): f.write(b'x' * (1 << 25))\n"
        "except OSError: pass\n"
        "import os\nos.truncate('/app/output/x', 0) if os.access('/app/output/x', os.W_OK) else 0\n"
    ),
    "leaves_files_without_number": (
        "for n in range(5000):\n"
        "    try: open(f'/app/output/f{n}', 'w').close()\n"
        "    except OSError: break\n"
        "import os\n"
        "for n in range(5000):\n"
        "    try: os.unlink(f'/app/output/f{n}')\n"
        "    except OSError: break\n"
    ),
    "replaces_the_programs": (
        "import os, glob\n"
        "for name in glob.glob('/app/program/*'):\n"
        "    try: open(name, 'w').write('raise SystemExit(0)')\n"
        "    except OSError: pass\n"
    ),
    "leaves_a_daemon": (
        "import os, time\n"
        "if os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\n    os._exit(0)\n"
    ),
    "leaves_links": (
        "import os\n"
        "for target in ('/etc/passwd', '/proc/self/environ', '/app/program', '/'):\n"
        "    os.symlink(target, f'/app/output/{abs(hash(target))}')\n"
    ),
}


SLOW = {"fills_the_folder"}


@pytest.mark.parametrize("name", [name for name in GIVES_NOTHING if LONG or name not in SLOW])
def test_it_gains_nothing_by_it(here: LocalRunner, name: str) -> None:
    found, scores = verdict(here, GIVES_NOTHING[name] + DOUBLE, seconds=5, memory_mb=512)
    if found is BundleVerdict.SCORED:
        assert scores["right"] == 3.0
    else:
        assert found in {BundleVerdict.RUNTIME, BundleVerdict.MEMORY, BundleVerdict.TIME}, name


def test_a_family_that_eats_memory_is_ended(here: LocalRunner) -> None:
    eats = (
        "import os, time\n"
        "for _ in range(8):\n"
        "    if os.fork() == 0:\n        x = bytearray(60 << 20)\n        time.sleep(30)\n"
        "time.sleep(30)\n"
    )
    found, _scores = verdict(here, eats, seconds=10, memory_mb=200)
    assert found is BundleVerdict.MEMORY


SCORERS = {
    "reads_the_house": (
        "import os\nfound = [p for p in ('/work', '/var/lib', '/etc/passwd') "
        "if os.path.exists(p) and os.access(p, os.R_OK) and (not os.path.isdir(p) or "
        "[n for n in os.listdir(p) if n not in ('u',)])]\n"
        "open('/app/output/scores.txt', 'w').write(f'right: {len(found)}')"
    ),
    "calls_out": (
        "import socket\nopened = 0\n"
        "for family in (socket.AF_INET, socket.AF_INET6):\n"
        "    try:\n        s = socket.socket(family)\n        s.settimeout(1)\n"
        "        s.connect(('127.0.0.1', 22))\n        opened += 1\n"
        "    except OSError: pass\n"
        "open('/app/output/scores.txt', 'w').write(f'right: {opened}')"
    ),
}


@pytest.mark.parametrize("name", SCORERS)
def test_the_organiser_s_scorer_is_behind_the_same_walls(here: LocalRunner, name: str) -> None:
    given = read_codabench(bundle(scoring__score_py=SCORERS[name]))
    found = run_submission(given, 0, zipped({"answer.txt": "1"}), runner=here)
    if found.verdict is BundleVerdict.SCORED:
        assert found.scores["right"] == 0.0
    else:
        assert found.verdict is BundleVerdict.SCORER, found
