"""Who may reach the pages that belong to no room."""

from tests.web.access import EVERYONE, Route, action, page

ROUTES: dict[str, Route] = {
    "home": page(EVERYONE),
    "set_language": action(EVERYONE),
    "health": page(EVERYONE),
}
