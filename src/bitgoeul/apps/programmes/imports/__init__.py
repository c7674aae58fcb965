"""The room's files: applicants, stage scores, attendance."""

from bitgoeul.apps.programmes.imports import applicants, attendance, stage_scores
from bitgoeul.core.imports import register

KINDS = (applicants.KIND, stage_scores.KIND, attendance.KIND)

for kind in KINDS:
    register(kind)
