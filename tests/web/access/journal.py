"""Who may reach the journal's pages."""

from bitgoeul.core.journal import services
from tests.web.access import ALL_OFFICERS, OFFICERS, Kwargs, Route, action, fixed, page
from tests.world import AT, World

ADMINISTRATOR = frozenset({"administrator"})
REVIEWERS = ADMINISTRATOR | {"officer_city"}


def _entry() -> Kwargs:
    def kwargs(world: World, role: str, ownership: str) -> dict[str, object] | None:
        if ownership != "other":
            return None
        if "entry" not in world.more:
            world.more["entry"] = services.record(
                event="organisation.created", by=None, at=AT, on=world.city
            )
        return {"uuid": world.city.uuid}

    return kwargs


ROUTES: dict[str, Route] = {
    "journal:home": page(ALL_OFFICERS | ADMINISTRATOR),
    "journal:verify": action(ALL_OFFICERS | ADMINISTRATOR),
    "journal:history": page(OFFICERS | ADMINISTRATOR, _entry()),
    "journal:readings": page(REVIEWERS),
    "journal:reading_list": page(REVIEWERS),
    "journal:sign_off": action(REVIEWERS, fixed(month=lambda world: "2025-05")),
}
