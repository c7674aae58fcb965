"""Runs submitted code behind walls, never bare.

    from bitgoeul import runner

    here = runner.LocalRunner(folder=data_folder / "runner")   # one warmed parent for all jobs
    runner.run_code("print(1)", runner=here)                    # -> Outcome
    runner.call_function(text, "area", [runner.Input((2, 3))], runner=here)  # -> Calls
    runner.same(answer.value, expected)                         # compared in your own process

Each call ends in a state with a reason, also where no walls stand (``REFUSED``) and where it is
our own fault (``PLATFORM``): `Outcome.counts` says whether the attempt may be charged.

It knows no web and no database: what to run, for whom and what it is worth is decided above.
"""

from .calling import Answer, Calls, Input, call_function, run_code, run_scorer
from .comparing import same
from .local import LocalRunner, Runner
from .request import Limits, Outcome, State, Task, Tier, Usage
from .warm import Unavailable, WarmParent, Warmth

__all__ = [
    "Answer",
    "Calls",
    "Input",
    "Limits",
    "LocalRunner",
    "Outcome",
    "Runner",
    "State",
    "Task",
    "Tier",
    "Unavailable",
    "Usage",
    "WarmParent",
    "Warmth",
    "call_function",
    "run_code",
    "run_scorer",
    "same",
]
