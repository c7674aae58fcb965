"""Mutated files: no traceback, no partial import, bounded memory.

Ten thousand files here; a million with BITGOEUL_LONG=1. Every file follows from its number, so a
failure is repeated by calling `mutated(number)`.
"""

import io
import os
import random
import resource
import zipfile

import pytest

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.core.imports import FileRefused, ImportRefused, limited, readers, resident, services
from bitgoeul.core.imports.enums import ImportState
from bitgoeul.core.imports.limits import LIMITS
from bitgoeul.core.imports.models import StagedRow
from bitgoeul.core.imports.readers import read_table
from bitgoeul.core.imports.staging import understand
from tests.core.imports.old_excel import xls_bytes
from tests.core.imports.samples import AT, GOOD, HEADER, csv_bytes, make_kind, put, xlsx_bytes

LONG = os.environ.get("BITGOEUL_LONG") == "1"
FILES = int(os.environ.get("BITGOEUL_FUZZ_FILES", "1000000")) if LONG else 10_000
WHOLE = 2_000 if LONG else 60
BATCH = 250

ROWS = [
    ["2026년 협약 기관"],
    [],
    HEADER,
    GOOD,
    ["나주식품", 612345678, "2019. 3. 2.", "12억 8,400만 원", "전남", "×"],
    ["담양목재", "061-345-6789", "21.4.15", "", "", ""],
    ["※ 이상입니다"],
]
TOKENS = [
    b"\x00", b"\xed\xa0\x80", b"\xff\xfe", b'"', b'""', b"\n", b"\r", b",", b"\t", b";",
    b"=1+1", b"900101-1234567", b"A" * 12_000, b"\xb0\xa1", "가".encode(), b"<", b"&#x0;",
    b"&#xD800;", b"1e999", b"-0", b"9" * 30, "２０２１．４．１５".encode(), b"\xef\xbb\xbf",
    "\u202e".encode(), b"#N/A", b"TRUE", b"]]>", b"<!DOCTYPE x>", b'r="XFD1048576"', b't="s"',
]  # fmt: skip
SEEDS = [
    csv_bytes(ROWS),
    csv_bytes(ROWS, "utf-8-sig"),
    csv_bytes(ROWS, "cp949"),
    csv_bytes(ROWS, "utf-16"),
    csv_bytes(ROWS, delimiter="\t"),
    xlsx_bytes(ROWS),
    xls_bytes(ROWS),
    xlsx_bytes({"안내": [["읽어 주세요"]], "명단": ROWS}),
]


def scrambled(content, dice):
    """A few bytes changed, cut, doubled or replaced by something nasty."""
    content = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        at = dice.randrange(len(content) + 1)
        match dice.randrange(6):
            case 0 if content:
                content[min(at, len(content) - 1)] = dice.randrange(256)
            case 1:
                content[at:at] = dice.choice(TOKENS)
            case 2:
                del content[at : at + dice.choice((1, 3, 50))]
            case 3:
                content[at:at] = content[max(0, at - 40) : at]
            case 4 if content:
                del content[dice.randrange(len(content) // 2 + 1, len(content) + 1) :]
            case _:
                token = dice.choice(TOKENS)
                content[at : at + len(token)] = token
    return bytes(content)


def mutated(number):
    """File number so and so."""
    dice = random.Random(number)
    seed = dice.choice(SEEDS)
    if not seed.startswith(b"PK") or dice.random() < 0.4:
        return scrambled(seed, dice)
    # Inside the archive: the parts are changed and the archive is whole again.
    with zipfile.ZipFile(io.BytesIO(seed)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    victim = dice.choice(
        [n for n in parts if n.startswith("xl/")] if dice.random() < 0.8 else list(parts)
    )
    parts[victim] = scrambled(parts[victim], dice)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def parsed(path, kind):
    """In the child: what `parse` yields, or why it refuses."""
    try:
        return list(readers.parse(path, kind.keys_by_label, LIMITS))
    except FileRefused as refusal:
        return dict(refusal.stored())


def together(paths, kind):
    """What one child finds in many files; None for one that is too much for it."""
    try:
        return limited.run(
            lambda: (parsed(path, kind) for path in paths),
            memory_mb=512,
            seconds=120,
            output_bytes=LIMITS.output_bytes,
        )
    except FileRefused:
        if len(paths) == 1:
            return [None]
        half = len(paths) // 2
        return together(paths[:half], kind) + together(paths[half:], kind)


def tables(numbers, folder, kind):
    """The table of each file, or why there is none; most files share a child with others."""
    paths = {n: put(folder, mutated(n), f"{n % BATCH}.bin") for n in numbers}
    found = together(list(paths.values()), kind)
    for (number, path), items in zip(paths.items(), found, strict=True):
        try:
            if isinstance(items, dict):
                raise FileRefused(items["code"], items["message"], **items["params"])
            alone = items is None or number % BATCH == 0
            yield number, read_table(path, kind) if alone else readers.assemble(items, kind)
        except FileRefused as refusal:
            yield number, refusal


@pytest.mark.slow
def test_every_file_is_understood_or_refused_in_words(tmp_path, caplog):
    kind = make_kind(prepare=None, match=None)
    refused = understood = 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for start in range(0, FILES, BATCH):
        for number, table in tables(range(start, start + BATCH), tmp_path, kind):
            if isinstance(table, FileRefused):
                assert str(table)
                refused += 1
                continue
            understood += 1
            for staged in understand(kind, table, target=None, by=None).rows:
                assert not resident.in_cells(staged.raw), f"file {number}, row {staged.line}"
                assert "\x00" not in "".join(staged.raw)
    assert min(refused, understood) > FILES / 10, "the mutations are too tame or too wild"
    assert "a parser failed" not in caplog.text
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200_000, f"{grown} kB more than before"


@pytest.mark.slow
@pytest.mark.django_db
def test_no_file_is_imported_by_halves(kind):
    """Through every step: before confirmation nothing, after it all good rows or none."""
    for number in range(10**7, 10**7 + WHOLE):
        imported = services.upload_file(
            kind=kind, target=None, name="x", content=[mutated(number)], by=None, at=AT
        )
        services.stage_import(imported=imported, by=None, at=AT)
        assert Organisation.objects.count() == 0, f"file {number}"
        if imported.state == ImportState.REFUSED:
            assert not StagedRow.objects.filter(of=imported).exists()
            continue
        try:
            receipt = services.confirm_import(
                imported=imported, by=None, at=AT, leave_out_errors=True
            )
        except ImportRefused as refusal:
            raise AssertionError(f"file {number}") from refusal
        assert Organisation.objects.count() == len(receipt.written) == imported.to_write
        services.undo_import(imported=imported, by=None, at=AT)
        assert Organisation.objects.count() == 0
