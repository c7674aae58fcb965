"""Who may reach the pages that belong to no room."""

from tests.web.access import EVERYONE, SIGNED_IN, Route, action, fixed, page

ROUTES: dict[str, Route] = {
    "home": page(EVERYONE),
    "set_language": action(EVERYONE),
    "accessibility": page(EVERYONE),
    "health": page(EVERYONE),
    "ready": page(EVERYONE),
    # Tests ask from this machine; tests/web/test_watching.py asks from elsewhere.
    "metrics": page(EVERYONE),
    "overview": page(frozenset({"administrator"})),
    # Whose session it is, is looked at there: somebody else's answers like one that has ended.
    "session_end": action(SIGNED_IN, fixed(pk=lambda world: 0), ok=frozenset({302})),
    "search": page(EVERYONE, query="?q=%ED%95%9C"),
}
