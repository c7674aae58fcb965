"""Cells of a CSV file as bytes: where they end, what they hash to, which number they hold.

Compiled by numba; every loop works on one byte after the other. Unsigned 64-bit numbers are
written with their type, because numba turns a sum of signed and unsigned into a float.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

M1, M2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
U0, U1, U8, U29, U32, U64 = (np.uint64(n) for n in (0, 1, 8, 29, 32, 64))
LOW = np.uint64(0xFFFFFFFF)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
NINE_BITS = np.uint64(0x1FF)
U52, FRACTION = np.uint64(52), np.uint64((1 << 52) - 1)
TOP = np.uint64(1 << 63)
EXACT = np.uint64(1 << 53)
TEN = np.uint64(10)
ZERO, NINE, NINETEEN, TWENTY_TWO = (np.uint64(n) for n in (48, 9, 19, 22))

QUOTE, COMMA, LF, CR = 34, 44, 10, 13
OK, NOT_A_NUMBER, NOT_FINITE, SLOW, UNCLOSED, BAD_QUOTE, CONTROL = 0, 3, 4, 9, 10, 11, 15
NAN, INF, INFINITY = (tuple(word) for word in (b"nan", b"inf", b"infinity"))


def compiled(function: F) -> F:
    """numba's compiler, with the types of the function kept for ours."""
    try:
        return cast(F, njit(cache=True, nogil=True)(function))
    except RuntimeError:
        # Read-only files and no home: nothing is kept, each process compiles for itself.
        return cast(F, njit(nogil=True)(function))


def inlined(function: F) -> F:
    """The same, written into each place that calls it."""
    return cast(F, njit(inline="always")(function))


def powers() -> tuple[Any, Any]:
    """Powers of ten that floats hold exactly, and 128 bits of the powers of five.

    References
    ----------
    Lemire (2021), Number parsing at a gigabyte per second.
    """
    fives = np.empty((651, 2), dtype=np.uint64)
    for power in range(-342, 309):
        if power < 0:
            five = 5**-power
            bits = five.bit_length()
            if power >= -27:
                whole = 2 ** (bits + 127) // five + 1
            else:
                whole = 2 ** (2 * bits + 128) // five + 1
                whole >>= whole.bit_length() - 128
        else:
            whole = 5**power
            short = 128 - whole.bit_length()
            whole = whole << short if short >= 0 else whole >> -short
        fives[power + 342] = whole >> 64, whole & (2**64 - 1)
    return np.array([10.0**n for n in range(23)]), fives


@inlined
def _step(state: Any, word: Any) -> Any:
    state = (state ^ word) * M2
    return state ^ (state >> U32)


@inlined
def _finish(state: Any, word: Any, count: Any) -> Any:
    state = (state ^ word ^ (count * M1)) * M2
    state ^= state >> U29
    state *= M1
    return state ^ (state >> U32)


@compiled
def hash_cell(b: Any, start: int, end: int, doubled: bool, key: Any) -> Any:
    """64 bits of the bytes and of a key; of a doubled quotation mark one counts."""
    state, word, shift, count = key, U0, U0, U0
    i = start
    while i < end:
        if doubled and b[i] == QUOTE:
            i += 1
        word |= np.uint64(b[i]) << shift
        shift += U8
        count += U1
        i += 1
        if shift == U64:
            state, word, shift = _step(state, word), U0, U0
    return _finish(state, word, count)


@inlined
def hash_ahead(b: Any, i: Any, key: Any) -> Any:
    """The hash up to the first byte that is a comma or below, and where that is."""
    state, word, shift, count = key, U0, U0, U0
    at = np.uint64(i)  # unsigned: numba then does not ask of each place whether it is negative
    while b[at] > COMMA:
        word |= np.uint64(b[at]) << shift
        shift += U8
        count += U1
        at += U1
        if shift == U64:
            state, word, shift = _step(state, word), U0, U0
    return np.int64(at), _finish(state, word, count)


@compiled
def _product(a: Any, b: Any) -> Any:
    """The 128 bits of a product, high and low."""
    a0, a1, b0, b1 = a & LOW, a >> U32, b & LOW, b >> U32
    low, mid, mid2, high = a0 * b0, a1 * b0, a0 * b1, a1 * b1
    carry = (low >> U32) + (mid & LOW) + (mid2 & LOW)
    return high + (mid >> U32) + (mid2 >> U32) + (carry >> U32), (carry << U32) | (low & LOW)


@compiled
def _leading_zeros(word: Any) -> Any:
    count = 0
    while word & TOP == U0:
        word <<= U1
        count += 1
    return count


@compiled
def nearest(digits: Any, power: Any, tens: Any, fives: Any) -> Any:
    """The float nearest to digits · 10^power; -1 where Python has to decide, inf beyond.

    Notes
    -----
    Eisel and Lemire's algorithm, without subnormal numbers.
    """
    if digits == U0:
        return 0.0
    if digits < EXACT and -22 <= power <= 22:
        return np.float64(digits) / tens[-power] if power < 0 else np.float64(digits) * tens[power]
    if power > 308:
        return np.inf
    if power < -342:
        return -1.0
    zeros = _leading_zeros(digits)
    word = digits << np.uint64(zeros)
    high, low = _product(word, fives[power + 342, 0])
    if high & NINE_BITS == NINE_BITS:
        more, _ = _product(word, fives[power + 342, 1])
        low += more
        if low < more:
            high += U1
    return _rounded(high, low, zeros, power)


@compiled
def _rounded(high: Any, low: Any, zeros: int, power: int) -> Any:
    upper = np.int64(high >> np.uint64(63))
    shift = np.uint64(upper + 9)
    mantissa = high >> shift
    exponent = ((217706 * power) >> 16) + 63 + upper - zeros
    if exponent < -1020:
        return -1.0
    halfway = low <= U1 and -4 <= power <= 23 and mantissa & np.uint64(3) == U1
    if halfway and (mantissa << shift) == high:
        mantissa &= ~U1
    mantissa = (mantissa + (mantissa & U1)) >> U1
    if mantissa >= EXACT:
        mantissa, exponent = mantissa >> U1, exponent + 1
    if exponent > 1023:
        return np.inf
    bits = (np.uint64(exponent + 1023) << U52) | (mantissa & FRACTION)
    return np.uint64(bits).view(np.float64)


@inlined
def ends(byte: int) -> Any:
    """Whether a cell without quotation marks ends here."""
    return byte in (COMMA, LF, CR)


@inlined
def number_ahead(b: Any, i: Any, tens: Any, fives: Any) -> Any:
    """A plain number up to the end of its cell: where it ends, its value, whether it is one."""
    at = np.uint64(i)
    negative = b[at] == 45
    if negative:
        at += U1
    digits, first, after = U0, at, U0
    digit = np.uint64(b[at]) - ZERO
    while digit <= NINE:
        digits = digits * TEN + digit
        at += U1
        digit = np.uint64(b[at]) - ZERO
    count = at - first
    if b[at] == 46:
        at += U1
        first = at
        digit = np.uint64(b[at]) - ZERO
        while digit <= NINE:
            digits = digits * TEN + digit
            at += U1
            digit = np.uint64(b[at]) - ZERO
        after = at - first
        count += after
    i = np.int64(at)
    if count < U1 or count > NINETEEN or not ends(b[at]):
        return i, 0.0, False
    if digits < EXACT and after <= TWENTY_TWO:
        value = np.float64(digits) / tens[after]
    else:
        value = nearest(digits, -np.int64(after), tens, fives)
    return i, -value if negative else value, value >= 0.0


@compiled
def _digits(b: Any, i: int, end: int, digits: Any, count: int) -> Any:
    """Digits from here on: the number, how many count, how many were too many, if any was lost."""
    over: Any = 0
    lost: Any = False
    while i < end and 48 <= b[i] <= 57:
        digit = np.uint64(b[i]) - np.uint64(48)
        if count < 19:
            digits = digits * TEN + digit
            count += 1 if digits > U0 else 0
        else:
            over += 1
            lost = lost or digit > U0
        i += 1
    return i, digits, count, over, lost


@compiled
def _exponent(b: Any, i: int, end: int) -> Any:
    """The exponent from its letter on, and where it ends; -1 when it is none."""
    i += 1
    negative = i < end and b[i] == 45
    if i < end and b[i] in (43, 45):
        i += 1
    first: Any = i
    power: Any = 0
    while i < end and 48 <= b[i] <= 57:
        power = power * 10 + np.int64(b[i]) - 48
        i += 1
        if i - first > 3:
            return -1, 0
    return (i if i > first else -1), (-power if negative else power)


@compiled
def number_cell(b: Any, start: int, end: int, tens: Any, fives: Any) -> Any:
    """A code and a number: as `bitgoeul.engines.csvfile.parse_float`, byte by byte."""
    i = start
    negative = i < end and b[i] == 45
    if i < end and b[i] in (43, 45):
        i += 1
    first = i
    i, digits, count, over, lost = _digits(b, i, end, U0, 0)
    seen, power = i - first, over
    if i < end and b[i] == 46:
        first = i + 1
        i, digits, count, over, also = _digits(b, first, end, digits, count)
        lost = lost or also
        seen, power = seen + i - first, power - (i - first - over)
    if seen and i < end and b[i] in (69, 101):
        i, ten = _exponent(b, i, end)
        power += ten
    if not seen or i != end:
        return (NOT_FINITE if _is_named(b, start, end) else NOT_A_NUMBER), 0.0
    value = nearest(digits, power, tens, fives)
    if value < 0.0 or (lost and nearest(digits + U1, power, tens, fives) != value):
        return SLOW, 0.0
    return (NOT_FINITE if value == np.inf else OK), -value if negative else value


@compiled
def _is_named(b: Any, start: int, end: int) -> Any:
    """Whether the cell says nan, inf or infinity."""
    if start < end and b[start] in (43, 45):
        start += 1
    size = end - start
    if size == 3:
        return _says(b, start, NAN) or _says(b, start, INF)
    return size == 8 and _says(b, start, INFINITY)


@compiled
def _says(b: Any, start: int, word: Any) -> Any:
    same = True
    for k in range(len(word)):
        same &= b[start + k] | 32 == word[k]
    return same


@compiled
def _blank(byte: int) -> Any:
    return byte in (32, 9, 11, 12, 10, 13)


@inlined
def _is_control(byte: int) -> Any:
    return byte < 9 or 13 < byte < 32


@compiled
def bounds(b: Any, i: int, hi: int) -> Any:
    """Any cell: fault, first and last byte without spaces, where it ends, marks, line ends."""
    fault, doubled, lines, start, end = OK, False, 0, i, i
    if b[i] == QUOTE:
        start, end, i, doubled, lines, fault = _quoted(b, i + 1, hi)
    else:
        while not ends(b[i]):
            if _is_control(b[i]):
                fault = CONTROL
            i += 1
        end = i
    while start < end and _blank(b[start]):
        start += 1
    while start < end and _blank(b[end - 1]):
        end -= 1
    return fault, start, end, i, doubled, lines


@compiled
def _quoted(b: Any, i: int, hi: int) -> Any:
    start, doubled, lines, fault = i, False, 0, OK
    while i < hi:
        if _is_control(b[i]):
            fault = CONTROL
        if b[i] == QUOTE:
            if i + 1 < hi and b[i + 1] == QUOTE:
                doubled = True
                i += 1
            else:
                break
        elif b[i] == LF or (b[i] == CR and b[i + 1] != LF):
            lines += 1
        i += 1
    if i >= hi:
        return start, i, i, doubled, lines, UNCLOSED
    if not ends(b[i + 1]):
        fault = BAD_QUOTE
    return start, i, i + 1, doubled, lines, fault
