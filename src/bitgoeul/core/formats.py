"""How money, moments, shares, phone numbers and particles read in Korean and in English.

Everything here is pure: the language is an argument, never looked up. The template filters in
`core.templatetags.bitgoeul` pass the active language.
"""

import re
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")

_KOREAN_UNITS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))
_ENGLISH_UNITS = ((10**12, "tn"), (10**9, "bn"), (10**6, "m"))

# How a digit is read aloud decides its final consonant: 0 영/십, 1 일, 3 삼, 6 육, 7 칠, 8 팔.
_DIGIT_FINALS = {"0": "ㅇ", "1": "ㄹ", "3": "ㅁ", "6": "ㄱ", "7": "ㄹ", "8": "ㄹ"}
# Names of Latin letters that end in a consonant: L 엘, M 엠, N 엔, R 알.
_LETTER_FINALS = {"l": "ㄹ", "m": "ㅁ", "n": "ㄴ", "r": "ㄹ"}
# Latin words are read as Korean loan words; these endings carry a final consonant there
# (Google 구글, online 온라인, web 웹), others get a vowel (network 네트워크, test 테스트).
_WORD_FINALS = (
    (re.compile(r"ng$"), "ㅇ"),
    (re.compile(r"(l|le)$"), "ㄹ"),
    (re.compile(r"(m|me)$"), "ㅁ"),
    (re.compile(r"(n|ne)$"), "ㄴ"),
    (re.compile(r"[aeiou][bp]$"), "ㅂ"),
    (re.compile(r"(ck|[aeiou]k|ic)$"), "ㄱ"),
)
# Signs are read as words: 퍼센트, 도, 플러스, 원, 제곱미터, 앤드.
_SIGN_FINALS = {"%": "", "℃": "", "+": "", "₩": "ㄴ", "㎡": "", "&": ""}
# A round number closes with its last place: 십, 백, 천, then four each of 만, 억, 조 and 경.
_PLACE_FINALS = ("", "ㅂ", "ㄱ", "ㄴ", *("ㄴ",) * 4, *("ㄱ",) * 4, *("",) * 4, *("ㅇ",) * 4)

# The other order is accepted too; anything else must be written "after consonant/after vowel".
_TURNED = {
    "는/은": "은/는",
    "가/이": "이/가",
    "를/을": "을/를",
    "와/과": "과/와",
    "로/으로": "으로/로",
    "나/이나": "이나/나",
    "랑/이랑": "이랑/랑",
    "야/아": "아/야",
}


def won(value: int | Decimal | None, language: str = "ko") -> str:
    """Write an amount short: "12억 8,400만 원" or "₩1.28bn"; nothing becomes "–".

    Korean keeps the two largest units and rounds to the smaller of them, English keeps two
    decimals. Use `won_exact` for the full figure (title, CSV).
    """
    if value is None:
        return "–"
    amount = int(value)
    sign = "-" if amount < 0 else ""
    if language == "ko":
        return f"{sign}{_won_korean(abs(amount))} 원"
    return f"{sign}₩{_won_english(abs(amount))}"


def _won_korean(amount: int) -> str:
    amount = _round_to_second_unit(amount)
    parts = []
    for size, name in _KOREAN_UNITS:
        count, amount = divmod(amount, size)
        if count:
            parts.append(f"{count:,}{name}")
    if amount:
        parts.append(f"{amount:,}")
    return " ".join(parts[:2]) or "0"


def _round_to_second_unit(amount: int) -> int:
    """Round half up to the unit below the largest one, so that no third unit is left."""
    for (size, _), (step, _) in zip(_KOREAN_UNITS, (*_KOREAN_UNITS[1:], (1, "")), strict=True):
        if amount >= size:
            return (amount + step // 2) // step * step
    return amount


def _won_english(amount: int) -> str:
    for size, name in _ENGLISH_UNITS:
        # 999,995,000 would read "1000m": step up where rounding reaches the next unit.
        if amount >= size - (size // 200_000 if size > 10**6 else 0):
            short = (Decimal(amount) / size).quantize(Decimal("0.01"), ROUND_HALF_UP)
            return f"{short:,.2f}".rstrip("0").rstrip(".") + name
    return f"{amount:,}"


def won_exact(value: int | Decimal | None, language: str = "ko") -> str:
    """Write an amount in full: "1,284,000,000원" or "₩1,284,000,000"."""
    if value is None:
        return "–"
    return f"{int(value):,}원" if language == "ko" else f"₩{int(value):,}".replace("₩-", "-₩")


def josa(word: object, pair: str) -> str:
    """Put the right particle behind a word: `josa("수료", "이/가")` is "수료가".

    `pair` is "after consonant/after vowel" (이/가, 으로/로, 이라고/라고 …). Digits, Latin
    letters and words, percent signs and closing brackets are read the way they are spoken; for
    으로/로 a final ㄹ counts as a vowel. A word whose sound cannot be told gets "을(를)".
    """
    text = str(word)
    return text + particle(text, pair)


def particle(word: object, pair: str) -> str:
    """Give only the particle that follows `word`; see `josa`."""
    pair = _TURNED.get(pair, pair)
    after_consonant, separator, after_vowel = pair.partition("/")
    if not separator:
        raise ValueError(f"a pair of particles has a slash: {pair!r}")
    final = final_consonant(str(word))
    if final is None:
        return _undecided(after_consonant, after_vowel)
    if final == "" or (final == "ㄹ" and after_consonant.startswith("으로")):
        return after_vowel
    return after_consonant


def _undecided(after_consonant: str, after_vowel: str) -> str:
    if after_consonant.endswith(after_vowel):
        return f"({after_consonant[: -len(after_vowel)]}){after_vowel}"
    return f"{after_consonant}({after_vowel})"


def final_consonant(word: str) -> str | None:
    """Say which consonant closes the word when read in Korean: "" for none, None if unknown."""
    # What stands in closing brackets or quotes is read as well; the marks themselves are not.
    core = word.rstrip(" \t\n\"'”’」』》〉)]}>.,!?…·:;~")
    if not core:
        return None
    last = core[-1]
    if "가" <= last <= "힣":
        return _jongseong(last)
    if last.isascii() and last.isdigit():
        return _number_final(core)
    if last.isascii() and last.isalpha():
        return _latin_final(core)
    return _SIGN_FINALS.get(last)


def _jongseong(syllable: str) -> str:
    finals = (
        "", "ㄱ", "ㄲ", "ㄳ", "ㄴ", "ㄵ", "ㄶ", "ㄷ", "ㄹ", "ㄺ", "ㄻ", "ㄼ", "ㄽ", "ㄾ",
        "ㄿ", "ㅀ", "ㅁ", "ㅂ", "ㅄ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ",
    )  # fmt: skip
    return finals[(ord(syllable) - ord("가")) % 28]


def _number_final(text: str) -> str:
    found = re.search(r"(\d[\d,]*)(\.\d+)?$", text)
    if found is None or found.group(2):
        return _DIGIT_FINALS.get(text[-1], "")  # decimals are read digit by digit
    digits = found.group(1).replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0"))
    if zeros == 0 or zeros == len(digits):
        return _DIGIT_FINALS.get(digits[-1], "")
    return _PLACE_FINALS[zeros] if zeros < len(_PLACE_FINALS) else _DIGIT_FINALS["0"]


def _latin_final(text: str) -> str:
    found = re.search(r"[A-Za-z]+$", text)
    word = found.group() if found else text[-1]
    if word.isupper() or len(word) == 1:
        return _LETTER_FINALS.get(word[-1].lower(), "")  # read letter by letter: AI, LLM, GIST
    lowered = word.lower()
    return next((final for ending, final in _WORD_FINALS if ending.search(lowered)), "")


def day(value: date | datetime | None, language: str = "ko") -> str:
    """Write a date: "2026. 11. 22." or "22 Nov 2026"."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = _local(value, SEOUL)
    if language == "ko":
        return f"{value.year}. {value.month}. {value.day}."
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock_time(value: datetime | None, language: str = "ko", *, zone: tzinfo = SEOUL) -> str:
    """Write a time of day: "오후 3:13" or "3:13 pm"."""
    if value is None:
        return "–"
    local = _local(value, zone)
    hour = local.hour % 12 or 12
    if language == "ko":
        return f"{'오전' if local.hour < 12 else '오후'} {hour}:{local.minute:02d}"
    return f"{hour}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime | None, language: str = "ko", *, zone: tzinfo = SEOUL) -> str:
    """Write date and time: "2026. 11. 22. 오후 3:13" or "22 Nov 2026, 3:13 pm"."""
    if value is None:
        return "–"
    local = _local(value, zone)
    joint = " " if language == "ko" else ", "
    return day(local.date(), language) + joint + clock_time(local, language, zone=zone)


def local_date(value: datetime, *, zone: tzinfo = SEOUL) -> date:
    """Give the date of a moment where the alliance is."""
    return _local(value, zone).date()


def _local(value: datetime, zone: tzinfo) -> datetime:
    return value.astimezone(zone) if value.tzinfo else value


def share(value: float | Decimal | None, *, digits: int = 1) -> str:
    """Write a ratio (0.674) as "67.4%"; nothing becomes "–". Halves round up."""
    if value is None:
        return "–"
    # Through str, so that 0.6745 is the number that was typed and not its binary neighbour.
    percent = Decimal(str(value)) * 100
    return f"{percent.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,}%"


def number(value: float | Decimal | None, *, digits: int | None = None) -> str:
    """Write a number with thousands commas; with `digits`, exactly so many decimals."""
    if value is None:
        return "–"
    return f"{value:,}" if digits is None else f"{value:,.{digits}f}"


def phone(value: str) -> str:
    """Write a Korean phone number with hyphens; what is not one comes back unchanged."""
    digits = re.sub(r"[^\d+]", "", value)
    if digits.startswith("+82"):
        digits = "0" + digits[3:].removeprefix("0")
    if not digits.isdigit():
        return value
    for pattern in (r"(02)(\d{3,4})(\d{4})", r"(0\d{2})(\d{3,4})(\d{4})", r"(1\d{3})(\d{4})"):
        if found := re.fullmatch(pattern, digits):
            return "-".join(found.groups())
    return value
