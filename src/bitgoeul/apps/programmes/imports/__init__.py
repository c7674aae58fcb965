"""The room's files: applicants, stage scores, attendance, curricula."""

from bitgoeul.apps.programmes.imports import applicants, attendance, modules, stage_scores
from bitgoeul.core.imports import register

KINDS = (applicants.KIND, stage_scores.KIND, attendance.KIND, modules.KIND)

for kind in KINDS:
    register(kind)
