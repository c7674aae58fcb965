"""The room's files for the two-phase importer."""

from bitgoeul.apps.careers.imports.exclusions import EXCLUSIONS
from bitgoeul.apps.careers.imports.placements import PLACEMENTS
from bitgoeul.apps.careers.imports.rankings import RANKINGS
from bitgoeul.apps.careers.imports.ratings import RATINGS
from bitgoeul.apps.careers.imports.retention import RETENTION
from bitgoeul.apps.careers.imports.vacancies import VACANCIES
from bitgoeul.core import imports

KINDS = (VACANCIES, RANKINGS, RATINGS, PLACEMENTS, RETENTION, EXCLUSIONS)

for kind in KINDS:
    imports.register(kind)
