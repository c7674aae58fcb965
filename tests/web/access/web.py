"""Who may reach the pages that belong to no room."""

from tests.web.access import ALL_OFFICERS, EVERYONE, Route, action, page  # noqa: F401

ROUTES: dict[str, Route] = {
    "home": page(EVERYONE),
    "set_language": action(EVERYONE),
    "health": page(EVERYONE),
}
