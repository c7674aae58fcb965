"""The room's files: applicants, scores, attendance, remote progress, curricula, timetables."""

from bitgoeul.apps.programmes.imports import (
    applicants,
    attendance,
    modules,
    remote,
    stage_scores,
    timetable,
)
from bitgoeul.core.imports import register

KINDS = (
    applicants.KIND,
    stage_scores.KIND,
    attendance.KIND,
    remote.KIND,
    modules.KIND,
    timetable.KIND,
)

for kind in KINDS:
    register(kind)
