"""The room's files: organisations, members, commitments."""

from bitgoeul.apps.alliance.imports.commitments import COMMITMENTS
from bitgoeul.apps.alliance.imports.members import MEMBERS
from bitgoeul.apps.alliance.imports.organisations import ORGANISATIONS
from bitgoeul.core import imports

for _kind in (ORGANISATIONS, MEMBERS, COMMITMENTS):
    imports.register(_kind)
