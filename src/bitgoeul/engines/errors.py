"""The one shape in which every engine refuses an input."""

from __future__ import annotations


class EngineError(ValueError):
    """An input that an engine cannot accept.

    Engines speak no language: the caller phrases ``code`` for people and fills in the
    other fields.

    Parameters
    ----------
    code : str
        What is wrong, e.g. ``"duplicate_rank"``.
    file : str
        Name of the file, or of the argument when the input was not a file.
    line : int
        Line in that file, counted from 1; 0 when no single line is at fault.
    column : str
        Column or key at fault.
    value : str
        The offending text, as it was given.
    expected : str
        What would have been accepted: a list of names or a short pattern.

    Examples
    --------
    >>> str(EngineError("negative_capacity", file="positions.csv", line=3, value="-2"))
    'negative_capacity: file=positions.csv line=3 value=-2'
    """

    def __init__(
        self,
        code: str,
        *,
        file: str = "",
        line: int = 0,
        column: str = "",
        value: object = "",
        expected: str = "",
    ) -> None:
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.value = str(value)
        self.expected = expected
        given = ((name, getattr(self, name)) for name in self.fields() if name != "code")
        known = " ".join(f"{name}={text}" for name, text in given if text)
        super().__init__(f"{code}: {known}" if known else code)

    def fields(self) -> dict[str, object]:
        """Everything there is to say about the refusal, for a message or for JSON."""
        return {
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "expected": self.expected,
        }
