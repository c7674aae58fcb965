"""A small client of the programming interface, for scripts and for the command itself.

    from bitgoeul.client import Client

    with Client("https://bitgoeul.example", token=read_token("token.txt")) as client:
        for row in client.each("/alliance/organisations", kind="company"):
            print(row["name_ko"])

It knows neither Django nor the rooms: what an operation takes and answers is told by
`/api/v1/openapi.json` of the installation. What it adds is what every program would write again:
the token, calls that are repeated safely, pages of rows, files, waiting, and errors as exceptions.
"""

from .calls import Client, read_token
from .contests import ContestEntry
from .errors import ClientError, FieldError, Problem, Unexpected, Unreachable
from .imports import ImportState, Receipt, StagedImport

__all__ = [
    "Client",
    "ClientError",
    "ContestEntry",
    "FieldError",
    "ImportState",
    "Problem",
    "Receipt",
    "StagedImport",
    "Unexpected",
    "Unreachable",
    "read_token",
]
