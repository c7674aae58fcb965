"""How files write regions, sexes, majors and the like: Korean and English, official and short."""

from collections.abc import Mapping

from bitgoeul.apps.alliance.enums import Region, Sex
from bitgoeul.apps.programmes.enums import Excuse, Major, WorkStatus

REGIONS: Mapping[str, str] = {
    name: code
    for code, names in {
        Region.SEOUL: ("서울", "서울특별시", "서울시"),
        Region.BUSAN: ("부산", "부산광역시", "부산시"),
        Region.DAEGU: ("대구", "대구광역시", "대구시"),
        Region.INCHEON: ("인천", "인천광역시", "인천시"),
        Region.GWANGJU: ("광주", "광주광역시", "광주시"),
        Region.DAEJEON: ("대전", "대전광역시", "대전시"),
        Region.ULSAN: ("울산", "울산광역시", "울산시"),
        Region.SEJONG: ("세종", "세종특별자치시", "세종시"),
        Region.GYEONGGI: ("경기", "경기도"),
        Region.GANGWON: ("강원", "강원도", "강원특별자치도"),
        Region.CHUNGBUK: ("충북", "충청북도"),
        Region.CHUNGNAM: ("충남", "충청남도"),
        Region.JEONBUK: ("전북", "전라북도", "전북특별자치도"),
        Region.JEONNAM: ("전남", "전라남도"),
        Region.GYEONGBUK: ("경북", "경상북도"),
        Region.GYEONGNAM: ("경남", "경상남도"),
        Region.JEJU: ("제주", "제주도", "제주특별자치도"),
    }.items()
    for name in (*names, code.value, code.name.lower())
}

SEXES: Mapping[str, str] = {
    "여": Sex.FEMALE, "여성": Sex.FEMALE, "여자": Sex.FEMALE, "f": Sex.FEMALE,
    "female": Sex.FEMALE, "woman": Sex.FEMALE,
    "남": Sex.MALE, "남성": Sex.MALE, "남자": Sex.MALE, "m": Sex.MALE,
    "male": Sex.MALE, "man": Sex.MALE,
}  # fmt: skip

MAJORS: Mapping[str, str] = {
    "컴퓨터": Major.COMPUTING, "전산": Major.COMPUTING, "컴퓨터공학": Major.COMPUTING,
    "소프트웨어": Major.COMPUTING, "computing": Major.COMPUTING,
    "공학": Major.ENGINEERING, "공과": Major.ENGINEERING, "engineering": Major.ENGINEERING,
    "자연과학": Major.SCIENCE, "자연": Major.SCIENCE, "이학": Major.SCIENCE,
    "science": Major.SCIENCE, "natural science": Major.SCIENCE,
    "인문사회": Major.HUMANITIES, "인문": Major.HUMANITIES, "사회": Major.HUMANITIES,
    "인문·사회": Major.HUMANITIES, "humanities": Major.HUMANITIES,
    "기타": Major.OTHER, "other": Major.OTHER, "예체능": Major.OTHER,
}  # fmt: skip

WORK: Mapping[str, str] = {
    "구직·창업 준비": WorkStatus.SEEKING, "구직": WorkStatus.SEEKING, "구직자": WorkStatus.SEEKING,
    "미취업": WorkStatus.SEEKING, "창업 준비": WorkStatus.SEEKING, "seeking": WorkStatus.SEEKING,
    "job seeker": WorkStatus.SEEKING,
    "스타트업 재직": WorkStatus.STARTUP, "스타트업": WorkStatus.STARTUP,
    "startup": WorkStatus.STARTUP, "start-up": WorkStatus.STARTUP,
    "재직": WorkStatus.EMPLOYED, "취업": WorkStatus.EMPLOYED, "재직 중": WorkStatus.EMPLOYED,
    "employed": WorkStatus.EMPLOYED,
}  # fmt: skip

_EXCUSE_WORDS: tuple[tuple[str, Excuse], ...] = (
    ("병", Excuse.ILLNESS), ("질병", Excuse.ILLNESS), ("ill", Excuse.ILLNESS),
    ("자녀 결혼", Excuse.CHILD_WEDDING), ("결혼", Excuse.OWN_WEDDING),
    ("wedding", Excuse.OWN_WEDDING), ("출산", Excuse.BIRTH), ("birth", Excuse.BIRTH),
    ("휴가", Excuse.LEAVE), ("leave", Excuse.LEAVE), ("예비군", Excuse.OFFICIAL),
    ("시험", Excuse.OFFICIAL), ("면접", Excuse.OFFICIAL), ("공가", Excuse.OFFICIAL),
    ("interview", Excuse.OFFICIAL), ("exam", Excuse.OFFICIAL),
)  # fmt: skip

MARKS: Mapping[str, str] = {
    "○": "1", "◯": "1", "〇": "1", "o": "1", "ㅇ": "1", "ok": "1", "1": "1",
    "출석": "1", "출": "1", "y": "1", "yes": "1", "present": "1",
    "x": "0", "×": "0", "✕": "0", "0": "0", "결석": "0", "결": "0", "/": "0", "n": "0",
    "no": "0", "absent": "0",
    "e": "e", "공": "e", "공결": "e", "인정": "e", "유고": "e", "excused": "e",
}  # fmt: skip


def excuse_of(text: str) -> str:
    """Return the recognised kind of absence that a remark names, else the remark itself.

    "병결(진단서)" is an illness; a key of the system ("illness") is taken as it is.
    """
    bare = text.strip()
    if bare in Excuse.values:
        return bare
    lowered = bare.casefold()
    for word, kind in _EXCUSE_WORDS:
        if lowered.startswith(word):
            return kind.value
    return bare
