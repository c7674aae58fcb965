"""Who may reach an import: whoever uploaded it, and whoever may import the same there."""

from typing import Any

from bitgoeul.core.imports import storage
from bitgoeul.core.imports.models import Import, StagedRow
from tests.web.access import NOBODY, OFFICERS, SIGNED_IN, Kwargs, Route, page
from tests.world import AT, World

SEE_ORGANISATIONS = OFFICERS | {"administrator"}
"""Those who may import organisations, and hence see and change each other's imports of them."""

IMPORTERS = frozenset(
    {
        "instructor",
        "recruiter",
        "officer_city",
        "officer_university",
        "officer_company",
        "administrator",
    }
)
"""Those for whom any room has something to import."""


def _import(state: str) -> Kwargs:
    def kwargs(world: World, role: str, ownership: str) -> dict[str, Any] | None:
        if ownership == "same" or (ownership == "own" and role == "public"):
            return None  # an import belongs to its uploader and to those with the same task
        ended = {"confirmed_at": AT} if state == "confirmed" else {}
        imported = Import.objects.create(
            kind="organisations",
            state=state,
            file_name="organisations.csv",
            file_size=10,
            file_digest="0" * 64,
            headings=[{"letter": "A", "text": "기관명", "key": "name_ko"}],
            errors=1,
            uploaded_by=world.people[role] if ownership == "own" else None,
            uploaded_at=AT,
            **ended,
        )
        StagedRow.objects.create(of=imported, line=2, state="error", raw=[""])
        storage.keep(imported.uuid, ["기관명\n".encode()])
        return {"uuid": imported.uuid}

    return kwargs


def _kind(world: World, role: str, ownership: str) -> dict[str, Any] | None:
    return {"kind": "organisations"} if ownership == "other" else None


SEEN = {"own": SIGNED_IN, "same": NOBODY, "other": SEE_ORGANISATIONS}
CHANGED = {"own": SEE_ORGANISATIONS, "same": NOBODY, "other": SEE_ORGANISATIONS}


def _change(state: str, **more: Any) -> Route:
    ok = frozenset({302, 422})
    return Route(allowed=CHANGED, kwargs=_import(state), method="post", ok=ok, **more)


ROUTES: dict[str, Route] = {
    "imports:import_list": page(IMPORTERS),
    "imports:upload": page(SEE_ORGANISATIONS, _kind),
    "imports:template": page(SIGNED_IN, _kind),
    "imports:detail": Route(allowed=SEEN, kwargs=_import("staged")),
    "imports:errors": Route(allowed=SEEN, kwargs=_import("staged")),
    "imports:confirm": _change("staged"),
    "imports:restage": _change("staged"),
    "imports:undo": _change("confirmed"),
    "imports:discard": _change("staged"),
}
