"""The journal: what is written, what cannot be changed, and how a forgery is named."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.core import jobs, journal
from bitgoeul.core.journal import keeping, overviews, protection, queries
from bitgoeul.core.journal.models import Entry, Leaf, Reading, ReadingSubject, Salt, Seal
from bitgoeul.core.journal.services import SEAL_AT_MOST, Change
from bitgoeul.engines import evidence

pytestmark = pytest.mark.django_db

AT = dt.datetime(2025, 6, 2, 9, 0, tzinfo=dt.UTC)


def thing(name: str = "가나다") -> Organisation:
    return Organisation.objects.create(name_ko=f"{name} {uuid4().hex[:6]}", kind="company")


def write(number: int = 1, *, name: str = "비밀") -> list[Entry]:
    return [
        journal.record(
            event="organisation.created",
            by=None,
            at=AT + dt.timedelta(seconds=place),
            on=thing(),
            after={"name": f"{name} {place}"},
        )
        for place in range(number)
    ]


@pytest.fixture
def forged() -> Iterator[Callable[..., None]]:
    """Change a row as somebody with the database's password could."""
    protection.unprotect(connection)

    def change(statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    yield change
    protection.protect(connection)


# What is written


def test_an_entry_holds_digests_and_no_state() -> None:
    (entry,) = write(name="김비밀")
    assert entry.before_digest == ""
    assert len(entry.after_digest) == 64
    assert "김비밀" not in str(entry.content())
    salt = Salt.objects.get(object_uuid=entry.object_uuid).value
    assert entry.after_digest == evidence.salted_digest(bytes.fromhex(salt), {"name": "김비밀 0"})


def test_the_same_state_of_two_objects_has_two_digests() -> None:
    one, two = (
        journal.record(event="x.y", by=None, at=AT, on=thing(), after={"sex": "female"})
        for _ in range(2)
    )
    assert one.after_digest != two.after_digest
    again = journal.record(
        event="x.y",
        by=None,
        at=AT,
        on=Organisation.objects.get(uuid=one.object_uuid),
        after={"sex": "female"},
    )
    assert again.after_digest == one.after_digest


def test_an_entry_lives_and_dies_with_its_change() -> None:
    class Crash(Exception):
        pass

    def crash() -> None:
        with transaction.atomic():
            write()
            raise Crash

    with pytest.raises(Crash):
        crash()
    assert not Entry.objects.exists()
    assert not Salt.objects.exists()


def test_what_has_no_uuid_cannot_be_journalled() -> None:
    with pytest.raises(TypeError):
        journal.record(event="x.y", by=None, at=AT, on=Seal())


def test_many_changes_cost_few_statements(django_assert_max_num_queries: Any) -> None:
    changes = [Change(on=thing(), after={"n": n}) for n in range(300)]
    with django_assert_max_num_queries(8):
        entries = journal.record_many(event="x.y", by=None, at=AT, changes=changes)
    assert len(entries) == 300


def test_a_reading_names_everybody_but_the_reader() -> None:
    reader, subject = thing(), thing()
    reading = journal.record_reading(
        by=reader, at=AT, of=[subject.uuid, reader.uuid, subject.uuid], what="a.b", purpose="시험"
    )
    assert reading is not None
    assert reading.subjects == 1
    assert reading.of.get().subject_uuid == subject.uuid
    assert list(queries.readings_about(subject.uuid)) == [reading]
    assert (
        journal.record_reading(by=reader, at=AT, of=[reader.uuid], what="a.b", purpose="시험")
        is None
    )


def test_a_reading_goes_when_its_time_is_over_and_not_before() -> None:
    """Two years by the job; the database itself lets none go that is younger than one."""
    now = timezone.now()
    for days in (1, 400, 729, 731, 3000):
        journal.record_reading(
            by=thing(),
            at=now - dt.timedelta(days=days),
            of=[uuid4(), uuid4()],
            what="a.b",
            purpose="시험",
        )
    assert keeping.erase_readings(at=now) == 2
    assert keeping.erase_readings(at=now) == 0
    assert (Reading.objects.count(), ReadingSubject.objects.count()) == (3, 6)
    with pytest.raises(DatabaseError), transaction.atomic():
        keeping.erase_readings(at=now + dt.timedelta(days=2000))


@pytest.mark.parametrize(("asked", "kept"), [(730, 730), (3650, 3650), (1, 366)])
def test_no_setting_keeps_readings_shorter_than_the_law(
    settings: Any, asked: int, kept: int
) -> None:
    settings.BITGOEUL_READINGS_KEEP_DAYS = asked
    assert keeping.keep_days() == kept


# What cannot be changed


@pytest.mark.parametrize("verb", ["update", "delete"])
@pytest.mark.parametrize("model", [Entry, Leaf, Seal, Reading, ReadingSubject])
def test_the_database_refuses_to_change_the_journal(model: Any, verb: str) -> None:
    write()
    journal.seal(at=AT)
    now = timezone.now()
    journal.record_reading(by=thing(), at=now, of=[uuid4()], what="a.b", purpose="시험")
    fields = {Entry: "event", Leaf: "position", Seal: "entries", Reading: "what"}
    row = model.objects.order_by("-pk").first()
    assert row is not None
    rows = model.objects.filter(pk=row.pk)
    field = fields.get(model, "subject_uuid")

    def change() -> None:
        with transaction.atomic():
            if verb == "delete":
                rows._raw_delete(rows.db)
            else:
                rows.update(**{field: getattr(row, field)})

    with pytest.raises(DatabaseError):
        change()
    assert model.objects.filter(pk=row.pk).exists()


def test_a_salt_may_be_erased_and_the_chain_stands() -> None:
    entries = write(3)
    journal.seal(at=AT)
    Salt.objects.filter(object_uuid=entries[1].object_uuid).delete()
    verdict = journal.verify()
    assert verdict.ok
    assert verdict.entries == 3
    # Without its salt nobody can check a guess against the digest any more.
    assert not Salt.objects.filter(object_uuid=entries[1].object_uuid).exists()


# Sealing


def test_nothing_new_needs_no_seal() -> None:
    assert journal.seal(at=AT) is None
    assert journal.head() == ""
    write(2)
    made = journal.seal(at=AT)
    assert made is not None
    assert (made.number, made.entries) == (1, 2)
    assert journal.head() == made.digest
    assert journal.seal(at=AT) is None


def test_seals_are_chained() -> None:
    heads = []
    for _ in range(3):
        write(2)
        journal.seal(at=AT)
        heads.append(journal.head())
    seals = list(Seal.objects.order_by("number"))
    assert [seal.previous_digest for seal in seals] == ["", *heads[:2]]
    verdict = journal.verify()
    assert (verdict.ok, verdict.seals, verdict.entries, verdict.head) == (True, 3, 6, heads[-1])


def test_a_row_committed_late_with_a_lower_id_is_sealed_later() -> None:
    late, early = write(2)
    # The first transaction is still open when the other one is sealed: hide it by its id.
    protection.unprotect(connection)
    Entry.objects.filter(pk=late.pk).delete()
    protection.protect(connection)
    journal.seal(at=AT)
    late.save(force_insert=True)
    assert late.pk < early.pk
    made = journal.seal(at=AT)
    assert made is not None
    assert made.entries == 1
    assert journal.verify().ok


def test_a_seal_takes_a_bounded_bite() -> None:
    assert SEAL_AT_MOST >= 10_000


def test_the_job_seals_and_the_job_verifies() -> None:
    from bitgoeul.core.journal.tasks import seal_journal, verify_journal

    write(2)
    jobs.enqueue(seal_journal)
    job = jobs.enqueue(verify_journal)
    assert jobs.run_pending(at=AT) == 2
    job.refresh_from_db()
    assert job.result is not None
    assert (job.result["ok"], job.result["seals"]) == (True, 1)
    assert overviews.state().verification == job


# Forgery


def sealed_twice() -> list[Entry]:
    entries = write(3)
    journal.seal(at=AT)
    entries += write(2)
    journal.seal(at=AT)
    assert journal.verify().ok
    return entries


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event", "organisation.removed"),
        ("actor_uuid", "a" * 32),
        ("object_uuid", "b" * 32),
        ("after_digest", "0" * 64),
        ("reason", "because"),
        ("noun", "alliance.user"),
        ("at", "2025-06-02 09:00:00.000001"),
        ("details", '{"a": 1}'),
    ],
)
def test_an_altered_row_is_named(forged: Callable[..., None], field: str, value: str) -> None:
    victim = sealed_twice()[1]
    forged(f"UPDATE journal_entry SET {field} = %s WHERE id = %s", value, victim.pk)
    verdict = journal.verify()
    assert not verdict.ok
    assert str(victim.uuid) in verdict.reason
    assert "altered" in verdict.reason


def test_a_missing_row_is_named(forged: Callable[..., None]) -> None:
    victim = sealed_twice()[4]
    forged("DELETE FROM journal_entry WHERE id = %s", victim.pk)
    verdict = journal.verify()
    assert (verdict.ok, verdict.seals) == (False, 1)
    assert str(victim.uuid) in verdict.reason
    assert "missing" in verdict.reason


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_removed_with_its_place_is_noticed(forged: Callable[..., None], place: int) -> None:
    victim = sealed_twice()[place]
    forged("DELETE FROM journal_leaf WHERE entry_id = %s", victim.pk)
    forged("DELETE FROM journal_entry WHERE id = %s", victim.pk)
    verdict = journal.verify()
    assert not verdict.ok
    assert "seal 1" in verdict.reason
    assert "missing" in verdict.reason


def test_a_row_slipped_into_a_seal_is_noticed(forged: Callable[..., None]) -> None:
    sealed_twice()
    (extra,) = write()
    Leaf.objects.create(
        entry_id=extra.pk,
        entry_uuid=extra.uuid,
        seal=Seal.objects.get(number=1),
        position=3,
        digest=evidence.digest(extra.content()),
    )
    verdict = journal.verify()
    assert not verdict.ok
    assert "seal 1" in verdict.reason
    assert str(extra.uuid) in verdict.reason


def test_two_rows_that_changed_places_are_noticed(forged: Callable[..., None]) -> None:
    first, second, *_ = sealed_twice()
    for pk, place in ((first.pk, 90), (second.pk, 0), (first.pk, 1)):
        forged("UPDATE journal_leaf SET position = %s WHERE entry_id = %s", place, pk)
    verdict = journal.verify()
    assert not verdict.ok
    assert "seal 1" in verdict.reason


def test_an_altered_row_with_a_fitting_leaf_breaks_the_root(forged: Callable[..., None]) -> None:
    victim = sealed_twice()[0]
    forged("UPDATE journal_entry SET reason = 'x' WHERE id = %s", victim.pk)
    victim.refresh_from_db()
    digest = evidence.digest(victim.content())
    forged("UPDATE journal_leaf SET digest = %s WHERE entry_id = %s", digest, victim.pk)
    assert "Merkle root" in journal.verify().reason


def test_a_whole_seal_remade_breaks_the_chain(forged: Callable[..., None]) -> None:
    victim = sealed_twice()[0]
    forged("UPDATE journal_entry SET reason = 'x' WHERE id = %s", victim.pk)
    victim.refresh_from_db()
    leaf_digest = evidence.digest(victim.content())
    forged("UPDATE journal_leaf SET digest = %s WHERE entry_id = %s", leaf_digest, victim.pk)
    seal = Seal.objects.get(number=1)
    leaves = [bytes.fromhex(leaf.digest) for leaf in seal.leaves.order_by("position")]
    root = evidence.merkle_root(leaves).hex()
    digest = evidence.seal_digest(number=1, previous="", root=root, count=3, at=_moment(seal.at))
    forged("UPDATE journal_seal SET merkle_root = %s, digest = %s WHERE number = 1", root, digest)
    assert journal.verify().reason == "seal 2 was altered"


@pytest.mark.parametrize("number", [1, 2])
def test_a_missing_seal_is_noticed_or_changes_the_head(
    forged: Callable[..., None], number: int
) -> None:
    sealed_twice()
    head = journal.head()
    seal = Seal.objects.get(number=number)
    forged("DELETE FROM journal_leaf WHERE seal_id = %s", seal.pk)
    forged("DELETE FROM journal_seal WHERE id = %s", seal.pk)
    verdict = journal.verify()
    if number == 1:
        assert verdict.reason == "seal 1 is missing"
    else:
        # The last seal can only be missed by whoever holds the published head.
        assert verdict.ok
        assert verdict.head != head


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class AnyBatches(TestCase):
    """Whatever is written in whatever batches: the chain stands, and any change is noticed."""

    @given(
        batches=st.lists(st.integers(1, 4), min_size=1, max_size=4),
        victim=st.integers(0, 100),
        text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
    )
    def test_any_change_is_noticed(self, batches: list[int], victim: int, text: str) -> None:
        # The chain starts with whatever the example before it left behind: nothing.
        written: list[Entry] = []
        for size in batches:
            written += [
                journal.record(event="x.y", by=None, at=timezone.now(), on=thing(), reason=text)
                for _ in range(size)
            ]
            journal.seal(at=AT)
        assert journal.verify().ok
        assert journal.verify().entries == sum(batches)
        chosen = written[victim % len(written)]
        protection.unprotect(connection)
        try:
            Entry.objects.filter(pk=chosen.pk).update(reason=text + "!")
        finally:
            protection.protect(connection)
        assert str(chosen.uuid) in journal.verify().reason


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_is_emptied_and_protected_again(turn: int) -> None:
    assert not Entry.objects.exists()
    write()
    with pytest.raises(DatabaseError):
        Entry.objects.all().delete()


@pytest.mark.django_db
def test_a_cut_tail_is_found_by_a_head_that_was_published() -> None:
    for turn in range(2):
        journal.record(event="a.b", by=None, at=AT, on=thing(), details={"turn": turn})
        journal.seal(at=AT)
    published = journal.head()
    protection.unprotect(connection)
    last = Seal.objects.order_by("-number")[0]
    entries = list(last.leaves.values_list("entry_id", flat=True))
    last.leaves.all().delete()
    Entry.objects.filter(pk__in=entries).delete()
    last.delete()
    assert journal.verify().ok
    verdict = journal.verify(heads=[published])
    assert not verdict.ok
    assert published in verdict.reason
