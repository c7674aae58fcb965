"""The room's files: applicants, stage scores, attendance, curricula, timetables."""

from bitgoeul.apps.programmes.imports import (
    applicants,
    attendance,
    modules,
    stage_scores,
    timetable,
)
from bitgoeul.core.imports import register

KINDS = (applicants.KIND, stage_scores.KIND, attendance.KIND, modules.KIND, timetable.KIND)

for kind in KINDS:
    register(kind)
