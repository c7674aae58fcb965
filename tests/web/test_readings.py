"""Every page and file that shows somebody else's data leaves a reading of it, whoever opens it.

The pages come from the access table: each role opens each address it may open, and the answer is
searched for the names, addresses and telephone numbers of everybody else. No list of pages is kept
here, so a new page is looked at as soon as it has its row in the table.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.test import TestCase
from django.urls import reverse

from bitgoeul.core.journal.models import Reading, ReadingSubject
from tests.web import access
from tests.web.test_access_table import _client, declared
from tests.world import ROLES, World, build_world

REASON = {"reason": "The committee asked for it."}


OWN = {"alliance:me", "alliance:my_data", "privacy:my_file"}
"""Who read one's own data is a part of one's own data: these name readers to whom they read."""


def text_of(response: Any) -> str:
    """What an answer says, unpacked when it is a workbook or a zip."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:4] != b"PK\x03\x04":
        return str(content.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


def shown(text: str, world: World, *, but: str) -> set[UUID]:
    """Whose name, address or telephone number stands in a text."""
    found = set()
    for role, person in world.people.items():
        marks = [person.full_name, person.email]
        if role != but and any(mark and mark in text for mark in marks):
            found.add(person.uuid)
    return found


def newest() -> int:
    return Reading.objects.order_by("-id").values_list("id", flat=True).first() or 0


def written_since(reading: int, world: World, role: str) -> set[UUID]:
    """Whose data the role is written down to have read after a reading."""
    rows = ReadingSubject.objects.filter(
        reading__id__gt=reading, reading__actor_uuid=world.people[role].uuid
    )
    return set(rows.values_list("subject_uuid", flat=True))


def opened(world: World) -> Iterator[tuple[str, str, str, set[UUID]]]:
    """Every address that a role may open, with the answer; a reason is given where one is asked."""
    for name, route in sorted(declared().items()):
        if route.method != "get" or name in OWN:
            continue
        for role in ROLES:
            for ownership in access.OWNERSHIPS:
                if role == "public" or role not in route.allowed.get(ownership, frozenset()):
                    continue
                kwargs = route.kwargs(world, role, ownership)
                if kwargs is None:
                    continue
                client = _client(world, role)
                address = reverse(name, kwargs=kwargs) + route.query
                before = newest()
                response = client.get(address)
                if any(t.name == "journal/reason.html" for t in response.templates):
                    yield role, address, text_of(response), set()
                    response = client.post(address, REASON)
                yield role, address, text_of(response), written_since(before, world, role)


class TestReadings(TestCase):
    world: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = build_world()

    def test_whoever_is_shown_is_written_down(self) -> None:
        faults, pages = [], 0
        for role, address, text, written in opened(self.world):
            seen = shown(text, self.world, but=role)
            pages += bool(seen)
            if seen - written:
                people = {p.uuid: key for key, p in self.world.people.items()}
                faults.append(f"{role} {address}: {sorted(people[u] for u in seen - written)}")
        assert faults == [], "\n".join(faults)
        assert pages > 40, "the search itself would have found nothing"
