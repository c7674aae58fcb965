"""Who may reach the pages of the top room."""

from bitgoeul.apps.reports.models import Extract, Report
from tests.web.access import (
    ALL_OFFICERS,
    EVERYONE,
    OFFICERS,
    Kwargs,
    Route,
    action,
    page,
)
from tests.world import AT, DAY, World


def _draft(world: World) -> Report:
    if "report" not in world.more:
        world.more["report"] = Report.objects.create(
            agreement=world.agreement,
            cohort=world.cohort,
            title_ko="초안",
            as_of=DAY,
            created_at=AT,
            created_by=world.people["officer_university"],
        )
    return world.more["report"]


def draft(**more: str) -> Kwargs:
    """Ask for the draft, once per role."""

    def kwargs(world: World, role: str, ownership: str) -> dict[str, object] | None:
        return {"uuid": _draft(world).uuid, **more} if ownership == "other" else None

    return kwargs


def agreement(world: World, role: str, ownership: str) -> dict[str, object] | None:
    """Ask for the agreement, once per role."""
    return {"uuid": world.agreement.uuid} if ownership == "other" else None


KEY = "programmes.completed"

RESEARCHER = frozenset({"researcher"})


def _extract(world: World, role: str, ownership: str) -> dict[str, object] | None:
    """One that the researcher asked for and nobody has decided of."""
    if ownership != "other":
        return None
    if "extract" not in world.more:
        world.more["extract"] = Extract.objects.create(
            title="연구",
            purpose="영향",
            ethics="IRB 1",
            columns=["age"],
            starts_on=DAY,
            ends_on=DAY,
            days=30,
            asked_by=world.people["researcher"],
            asked_at=AT,
        )
        world.more["extract"].programmes.set([world.programme])
    return {"uuid": world.more["extract"].uuid}


ROUTES: dict[str, Route] = {
    "reports:extract_list": page(OFFICERS | RESEARCHER),
    "reports:extract_create": page(RESEARCHER),
    "reports:extract_detail": page(OFFICERS | RESEARCHER, _extract),
    # Four eyes: whoever asked does not decide.
    "reports:extract_decide": action(OFFICERS, _extract),
    # It is not made yet, so there is no file, for the researcher either (test_extracts).
    "reports:extract_file": page(frozenset(), _extract),
    "reports:extract_end": action(OFFICERS | RESEARCHER, _extract),
    "reports:report_list": page(EVERYONE),
    "reports:report_create": page(OFFICERS),
    "reports:check_report": page(EVERYONE),
    "reports:dashboard_list": page(ALL_OFFICERS),
    "reports:dashboard": page(ALL_OFFICERS, agreement),
    # A draft: the partners see it, the public does not; a published one is public (test_pages).
    "reports:report_detail": page(ALL_OFFICERS, draft()),
    "reports:report_json": page(ALL_OFFICERS, draft()),
    "reports:report_pdf": page(ALL_OFFICERS, draft()),
    "reports:report_xlsx": page(ALL_OFFICERS, draft()),
    "reports:number_detail": page(ALL_OFFICERS, draft(key=KEY)),
    "reports:number_rows": page(OFFICERS, draft(key=KEY)),
    "reports:number_row_file": page(OFFICERS, draft(key=KEY)),
    # A draft has no published rows to differ from.
    "reports:difference_list": page(frozenset(), draft()),
    "reports:report_publish": action(OFFICERS, draft()),
}
