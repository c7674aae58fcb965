"""The life of a report: written, then published once and for all."""

from dataclasses import dataclass

from bitgoeul.apps.reports.enums import ReportState


@dataclass(frozen=True)
class Step:
    """From a state, by an action, to the next state, by whom (a rule's name)."""

    state: ReportState
    action: str
    next_state: ReportState
    rule: str


REPORT_STEPS = (Step(ReportState.DRAFT, "publish", ReportState.PUBLISHED, "can_manage_report"),)
