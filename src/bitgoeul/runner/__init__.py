"""Runs submitted code behind walls, never bare.

    from bitgoeul import runner

    here = runner.LocalRunner(folder=data_folder / "runner")   # one warmed parent for all jobs
    runner.run_code("print(1)", runner=here)                    # -> Outcome
    runner.call_function(text, "area", [runner.Input((2, 3))], runner=here)  # -> Calls
    runner.same(answer.value, expected)                         # compared in your own process

Each call ends in a state with a reason, also where no walls stand (``REFUSED``) and where it is
our own fault (``PLATFORM``): `Outcome.counts` says whether the attempt may be charged.

    source = runner.read_source(source_bytes)        # NotebookError says what is wrong with it
    runner.grade_notebook(source, submitted_bytes, runner=here, mode=runner.Mode.COUNTED)
                                                     # -> GradedNotebook, whatever was handed in

Codes of reasons and faults are phrased by `runner.reasons` (English; Korean by its catalogue).

It knows no web and no database: what to run, for whom and what it is worth is decided above.
"""

from . import reasons
from .calling import Answer, Calls, Input, call_function, run_code, run_scorer
from .comparing import same
from .local import LocalRunner, Runner
from .notebooks.aligning import Fault
from .notebooks.autotests import has_autotests, templates_of, with_tests
from .notebooks.grading import Patience, grade_notebook
from .notebooks.marks import CellReport, CheckMarks, GradedNotebook, Mode, Verdict
from .notebooks.parts import Check, Source
from .notebooks.practising import visible
from .notebooks.reading import NotebookError
from .notebooks.releasing import release
from .notebooks.source import read_source
from .probing import Probe, landlock_version, obstacle, probe
from .request import Limits, Outcome, State, Task, Tier, Usage
from .warm import Unavailable, WarmParent, Warmth

__all__ = [
    "Answer",
    "Calls",
    "CellReport",
    "Check",
    "CheckMarks",
    "Fault",
    "GradedNotebook",
    "Input",
    "Limits",
    "LocalRunner",
    "Mode",
    "NotebookError",
    "Outcome",
    "Patience",
    "Probe",
    "Runner",
    "Source",
    "State",
    "Task",
    "Tier",
    "Unavailable",
    "Usage",
    "Verdict",
    "WarmParent",
    "Warmth",
    "call_function",
    "grade_notebook",
    "has_autotests",
    "landlock_version",
    "obstacle",
    "probe",
    "read_source",
    "reasons",
    "release",
    "run_code",
    "run_scorer",
    "same",
    "templates_of",
    "visible",
    "with_tests",
]
