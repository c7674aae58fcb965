"""The passes over a file: parse a block of rows, then find their places, 128 at a time.

Rows of one block are looked up together, so that the waits for memory overlap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bitgoeul.engines.scoring._bytes import (
    CR,
    LF,
    NOT_FINITE,
    OK,
    QUOTE,
    SLOW,
    U0,
    U1,
    UNCLOSED,
    bounds,
    compiled,
    hash_ahead,
    hash_cell,
    number_ahead,
    number_cell,
)

BLOCK = 512
ID, SKIPPED = -2, -1
NUMBER, TEXT = 0, 1
LAZY = 2  # instead of quotation marks: the places of the row's other cells were not written down
MORE, WRONG_COUNT, LABELS_FULL = 12, 13, 14
UNKNOWN_ID, DUPLICATE_ID, OUT_OF_RANGE = 1, 2, 5
CODES = 6
# Places in the state that the passes and the driver hand to each other.
POS, LINE, LAST_LINE, ROWS, ERRORS, LABELS, FRESH, FROM, TO, NEXT, KEPT = range(11)
STATE = 11


@compiled
def count_lines(b: Any, end: int) -> Any:
    """At most so many lines end here."""
    count: Any = 0
    for i in range(end):
        count += np.int64(b[i] == LF) + np.int64(b[i] == CR)
    return count


@compiled
def known_label(h: Any, hashes: Any, codes: Any) -> Any:
    """The code of a text, or -1 when it is new."""
    mask = len(hashes) - 1
    h = max(h, U1)
    p = np.int64(h & np.uint64(mask))
    while hashes[p] != U0:
        if hashes[p] == h:
            return codes[p]
        p = (p + 1) & mask
    return -1


@compiled
def _label(h: Any, start: int, end: int, doubled: bool, names: Any, state: Any) -> Any:
    """The code of a text; a new one gets the next."""
    hashes, codes, fresh = names
    mask = len(hashes) - 1
    h = max(h, np.uint64(1))
    p = np.int64(h & np.uint64(mask))
    while hashes[p] != U0:
        if hashes[p] == h:
            return codes[p]
        p = (p + 1) & mask
    code = state[LABELS]
    hashes[p], codes[p] = h, code
    row = state[FRESH]
    fresh[row, 0], fresh[row, 1], fresh[row, 2] = start, end, doubled
    state[LABELS] += 1
    state[FRESH] += 1
    return code


@compiled
def place_labels(given: Any, codes: Any, table: Any, table_codes: Any) -> None:
    """Put known labels into an empty table."""
    mask = len(table) - 1
    for k in range(len(given)):
        h = max(given[k], np.uint64(1))
        p = np.int64(h & np.uint64(mask))
        while table[p] != U0:
            p = (p + 1) & mask
        table[p], table_codes[p] = h, codes[k]


@compiled
def _hint(hints: Any, start: int) -> Any:
    """What Python said of the cell that begins here: whether it did, and the value."""
    at, value = hints
    for k in range(len(at)):
        if at[k] == start:
            return True, value[k]
    return False, 0.0


@compiled
def _odd_cell(
    b: Any, i: int, hi: int, k: int, slot: int, asked: Any, block: Any, state: Any
) -> Any:
    """A cell of any kind: its fault, its end, lines, whether it is filled."""
    _, kinds, key, names, hints, tens, fives = asked
    hashes, values, faults, places, _ = block
    fault, start, end, i, doubled, lines = bounds(b, i, hi)
    if fault or slot == SKIPPED:
        return fault, i, lines, end > start
    place = max(slot, -1) + 1
    places[k, place, 0], places[k, place, 1], places[k, place, 2] = start, end, doubled
    if slot == ID:
        hashes[k] = hash_cell(b, start, end, doubled, key)
    elif kinds[slot] == TEXT:
        h = hash_cell(b, start, end, doubled, key)
        values[k, slot] = _label(h, start, end, doubled, names, state)
    else:
        code, value = number_cell(b, start, end, tens, fives)
        if code == SLOW:
            known, value = _hint(hints, start)
            code = NOT_FINITE if np.isinf(value) else OK
            if not known:
                state[FROM], state[TO] = start, end
                return SLOW, i, lines, True
        values[k, slot], faults[k, slot] = value, code
    return OK, i, lines, end > start


@compiled
def _quick_rows(  # noqa: C901, PLR0912, PLR0915 - one loop, so that nothing is handed on in it
    b: Any, i: int, hi: int, k: int, want: Any, kinds: Any, key: Any, tens: Any, fives: Any,
    hashes: Any, values: Any, faults: Any, places: Any, label_hashes: Any, label_codes: Any,
) -> Any:  # fmt: skip
    """Rows of plain cells, as most are, with one look at each byte: where they end, how many.

    Arrays are given one by one, and the small steps are written into the loop by the compiler:
    taking arrays out of a tuple, or handing them on, costs more than reading a row.
    """
    columns, lazy = len(want), want[0] == ID
    while k < BLOCK and i < hi:
        at, column = i, 0
        while column < columns:
            slot, start = want[column], at
            if slot == SKIPPED:
                while b[at] > 44:
                    at += 1
            elif slot != ID and kinds[slot] == NUMBER:
                at, value, plain = number_ahead(b, at, tens, fives)
                if not plain:
                    break
                values[k, slot], faults[k, slot] = value, OK
            else:
                at, h = hash_ahead(b, at, key)
                if slot == ID:
                    hashes[k] = h
                else:
                    code = known_label(h, label_hashes, label_codes)
                    if code < 0:
                        break
                    values[k, slot] = code
            column += 1
            end = at
            if column == columns and b[at] == CR and at + 1 < hi:
                at += 1
            if b[at] != (44 if column < columns else LF) or end == start:
                column = -1
                break
            if slot == ID:
                places[k, 0, 0], places[k, 0, 1], places[k, 0, 2] = start, end, LAZY * lazy
            elif slot != SKIPPED and not lazy:
                place = slot + 1
                places[k, place, 0], places[k, place, 1], places[k, place, 2] = start, end, 0
            at += 1
        if column < columns or at > hi:
            break
        i = at
        k += 1
    return i, k


@compiled
def _record(
    b: Any, i: int, hi: int, final: bool, k: int, asked: Any, block: Any, state: Any
) -> Any:
    """One record: its fault, where the next begins, its lines, its cells, whether one is filled."""
    want = asked[0]
    cells, lines, filled = 0, 1, False
    while True:
        slot = want[cells] if cells < len(want) else SKIPPED
        fault, i, more, full = _odd_cell(b, i, hi, k, slot, asked, block, state)
        if fault:
            return fault, i, lines, cells, filled
        cells += 1
        lines += more
        filled |= full
        if i >= hi:
            return (OK if final else MORE), i, lines, cells, filled
        if b[i] != 44:
            break
        i += 1
    if b[i] == CR:
        if i + 1 >= hi and not final:
            return MORE, i, lines, cells, filled
        if i + 1 < hi and b[i + 1] == LF:
            i += 1
    return OK, i + 1, lines, cells, filled


@compiled
def parse(  # noqa: PLR0915 - the same
    b: Any, hi: int, final: bool, asked: Any, block: Any, state: Any
) -> Any:
    """Up to a block of rows from the state's place on: how it ended, and how many rows.

    ``b[hi]`` is a line feed that is not part of the file.
    """
    want, kinds, key, names, _, tens, fives = asked
    hashes, values, faults, places, lines_of = block
    label_hashes, label_codes, fresh = names
    k, i, line = 0, state[POS], state[LINE]
    spare = BLOCK * len(kinds)
    full = 2 * (state[LABELS] + spare) > len(label_hashes)
    if full or state[FRESH] + spare > len(fresh):
        return LABELS_FULL, 0
    fault = OK
    while k < BLOCK:
        before = k
        i, k = _quick_rows(
            b, i, hi, k, want, kinds, key, tens, fives, hashes, values, faults, places,
            label_hashes, label_codes,
        )  # fmt: skip
        for row in range(before, k):
            lines_of[row] = line
            line += 1
        if k > before:
            state[LAST_LINE] = line - 1
        if k == BLOCK:
            break
        if i >= hi:
            fault = MORE
            break
        fault, after, lines, cells, filled = _record(b, i, hi, final, k, asked, block, state)
        if fault == UNCLOSED and not final:
            fault = MORE
        if filled and not fault and cells != len(want):
            state[FROM] = cells
            fault = WRONG_COUNT
        if fault:
            break
        state[LAST_LINE] = line
        lines_of[k] = line
        k += filled
        line += lines
        i = after
    state[LINE], state[POS] = line, i
    return fault, k


@compiled
def find_rows(
    hashes: Any, k: int, known: Any, table: Any, low: Any, entries: Any, rows: Any, state: Any
) -> None:
    """The truth's row of each hash of a block, -1 for none."""
    mask, n, follow = np.uint64(len(table) - 1), len(known), state[NEXT]
    # Most files keep the order of the sample: the next row is where the last one ended.
    if k and follow + k <= n and known[follow] == hashes[0]:
        for j in range(k):
            rows[j] = follow + j if known[follow + j] == hashes[j] else -1
    else:
        rows[:k] = -1
        for j in range(k):  # nothing but loads, so that they wait for memory together
            entries[j] = table[np.int64(hashes[j] & mask)]
        for j in range(k):
            if entries[j] != U0 and (entries[j] ^ hashes[j]) <= low:
                rows[j] = np.int64(entries[j] & low) - 1
    for j in range(k):
        if rows[j] < 0:
            rows[j] = _walk(hashes[j], table, low, mask)
    if k and rows[k - 1] >= 0:
        state[NEXT] = rows[k - 1] + 1


@compiled
def _walk(h: Any, table: Any, low: Any, mask: Any) -> Any:
    p = np.int64(h & mask)
    entry = table[p]
    while entry != U0:
        if (entry ^ h) <= low:
            return np.int64(entry & low) - 1
        p = (p + 1) & np.int64(mask)
        entry = table[p]
    return -1


@compiled
def _report(
    k: int, place: int, code: int, block: Any, errors: Any, counts: Any, state: Any
) -> None:
    counts[code] += 1
    row = state[ERRORS]
    if row < len(errors) and not state[KEPT]:
        errors[row, 0], errors[row, 1], errors[row, 2] = block[4][k], code, place
        for part in range(3):
            errors[row, 3 + part] = block[3][k, place, part]
        state[ERRORS] += 1


@compiled
def _settle(
    b: Any, hi: int, k: int, row: int, asked: Any, limits: Any, block: Any, out: Any, told: Any,
    state: Any,
) -> None:  # fmt: skip
    """Write one row to its place, or tell what is wrong with it."""
    values, faults, places = block[1], block[2], block[3]
    if places[k, 0, 2] == LAZY:
        places[k, 0, 2] = 0
        _record(b, places[k, 0, 0], hi, True, k, asked, block, state)
    errors, counts = told
    least, most, shares = limits
    if row < 0:
        _report(k, 0, UNKNOWN_ID, block, errors, counts, state)
    elif out[row, 0] == out[row, 0]:
        _report(k, 0, DUPLICATE_ID, block, errors, counts, state)
    wrong, some = False, not shares
    for slot in range(values.shape[1]):
        value, code = values[k, slot], faults[k, slot]
        if code == OK and not least <= value <= most:
            code = OUT_OF_RANGE
        some |= value != 0.0
        if code:
            _report(k, slot + 1, code, block, errors, counts, state)
            wrong = True
        elif row >= 0:
            out[row, slot] = value
    if not wrong and not some:
        _report(k, 1, OUT_OF_RANGE, block, errors, counts, state)
    if wrong and row >= 0:
        out[row, 0] = np.inf  # a number, so that the id counts as seen


@compiled
def _place(
    first: int, k: int, rows: Any, values: Any, faults: Any, out: Any,
    least: float, most: float, shares: bool,
) -> Any:  # fmt: skip
    """Write the rows of a block to their places; stops at the first that is not all right."""
    if values.shape[1] == 1 and not shares:  # the most frequent shape, in a third of the time
        for j in range(first, k):
            row, value = rows[j], values[j, 0]
            fine = (row >= 0) & (faults[j, 0] == 0) & (value >= least) & (value <= most)
            if not fine or out[row, 0] == out[row, 0]:
                return j
            out[row, 0] = value
        return k
    for j in range(first, k):
        row = rows[j]
        if row < 0 or not np.isnan(out[row, 0]):
            return j
        some = not shares
        for slot in range(values.shape[1]):
            value = values[j, slot]
            if faults[j, slot] or not least <= value <= most:
                return j
            some |= value != 0.0
        if not some:
            return j
        for slot in range(values.shape[1]):
            out[row, slot] = values[j, slot]
    return k


@compiled
def read_submission(
    b: Any, hi: int, final: bool, asked: Any, block: Any, state: Any,
    index: Any, limits: Any, out: Any, rows: Any, told: Any,
) -> Any:  # fmt: skip
    """Parse, look up and write until the bytes end or somebody else has to decide."""
    hashes, values, faults = block[0], block[1], block[2]
    known, table, low, entries = index
    least, most, shares = limits
    while True:
        if state[ERRORS] + BLOCK * (out.shape[1] + 2) > len(told[0]):
            state[KEPT] = 1
        status, k = parse(b, hi, final, asked, block, state)
        find_rows(hashes, k, known, table, low, entries, rows, state)
        j = _place(0, k, rows, values, faults, out, least, most, shares)
        while j < k:
            _settle(b, hi, j, rows[j], asked, limits, block, out, told, state)
            j = _place(j + 1, k, rows, values, faults, out, least, most, shares)
        state[ROWS] += k
        if status != OK:
            return status


@compiled
def read_truth_rows(
    b: Any, hi: int, final: bool, asked: Any, block: Any, state: Any,
    values: Any, lines: Any, ids: Any, id_ends: Any,
) -> Any:  # fmt: skip
    """Copy ids, values and lines of a truth, row after row; `NOT_A_NUMBER` ends it."""
    places, found, faults = block[3], block[1], block[2]
    used = id_ends[state[ROWS] - 1] if state[ROWS] else 0
    while True:
        status, k = parse(b, hi, final, asked, block, state)
        for j in range(k):
            row = state[ROWS]
            for slot in range(values.shape[1]):
                values[row, slot] = found[j, slot]
                if faults[j, slot]:
                    return faults[j, slot]
            i = places[j, 0, 0]
            while i < places[j, 0, 1]:
                if places[j, 0, 2] == 1 and b[i] == QUOTE:
                    i += 1
                ids[used] = b[i]
                used += 1
                i += 1
            id_ends[row], lines[row] = used, block[4][j]
            state[ROWS] += 1
        if status != OK:
            return status


@compiled
def hash_ids(ids: Any, id_ends: Any, key: Any, hashes: Any) -> None:
    """The hash of every id."""
    start = 0
    for row in range(len(id_ends)):
        hashes[row] = hash_cell(ids, start, id_ends[row], False, key)
        start = id_ends[row]


@compiled
def fill_table(hashes: Any, table: Any, low: Any) -> Any:
    """Open addressing: high bits of the hash and the row plus one; two rows of one hash, or -1.

    The low bits of the hash are the place in the table, so that nearly all of them are compared.
    """
    mask = len(table) - 1
    for row in range(len(hashes)):
        h = hashes[row]
        p = np.int64(h & np.uint64(mask))
        while table[p] != U0:
            if (table[p] ^ h) <= low:
                return np.int64(table[p] & low) - 1, row
            p = (p + 1) & mask
        table[p] = (h & ~low) | np.uint64(row + 1)
    return -1, -1


@compiled
def doubled_area(ups: Any, downs: Any) -> Any:
    """Twice the pairs in which the first is above, ties once; both sorted."""
    below: Any = 0
    level: Any = 0
    total: Any = 0
    n = len(downs)
    for value in ups:
        while below < n and downs[below] < value:
            below += 1
        level = max(level, below)
        while level < n and downs[level] == value:
            level += 1
        total += below + level
    return total


@compiled
def spread(values: Any, low: float, high: float, counts: Any, out: Any) -> Any:
    """Sort numbers that lie spread between two; False where too many lie together.

    One pass counts them by place, one puts them there, and the few of each place are put in
    order: O(n) for what models give as probabilities.
    """
    cells = len(counts) - 1
    scale = cells / (high - low) * (1 - 1e-12)
    for value in values:
        counts[np.int64((value - low) * scale) + 1] += 1
    if counts.max() > 64:
        return False
    for k in range(cells):
        counts[k + 1] += counts[k]
    for value in values:
        place = np.int64((value - low) * scale)
        out[counts[place]] = value
        counts[place] += 1
    for k in range(1, len(out)):
        j: Any = k
        value = out[k]
        while j > 0 and out[j - 1] > value:
            out[j] = out[j - 1]
            j -= 1
        out[j] = value
    return True
