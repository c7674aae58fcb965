"""The one gate for every file that comes in, by whichever door.

A door (a form, a command, an address of the API) says which files it takes; the gate judges name,
size, kind and content the same way everywhere, in a confined child, and says no in words.

Nouns: Door. Neighbours: imports (whose refusals and confined child it uses).
"""

from .gate import Door, admit, check_kind, check_name, check_size
from .names import safe_name, suffix_of
from .papers import PAPERS, admit_paper
from .sizes import body_up_to

__all__ = [
    "PAPERS",
    "Door",
    "admit",
    "admit_paper",
    "body_up_to",
    "check_kind",
    "check_name",
    "check_size",
    "safe_name",
    "suffix_of",
]
