"""Names that nobody bears: built from plant, sky and water words, so that they show as invented."""

import numpy as np

FAMILY = (
    "가람",
    "너울",
    "다솔",
    "라온",
    "마루",
    "바로",
    "사랑",
    "아람",
    "자람",
    "차오",
    "한울",
    "나린",
)
GIVEN = (
    "별",
    "솔",
    "빛",
    "샘",
    "돌",
    "봄",
    "들",
    "꽃",
    "숲",
    "강",
    "달",
    "눈",
    "하늘",
    "바다",
    "노을",
    "이슬",
    "구름",
    "새벽",
    "여울",
    "마음",
    "나무",
    "누리",
    "보라",
    "소리",
    "가을",
    "겨울",
    "여름",
    "아침",
    "저녁",
    "단비",
    "물결",
    "바람",
    "햇살",
    "은하",
    "미르",
    "다온",
)
_ROMAN = {
    "가람": "Garam",
    "너울": "Neoul",
    "다솔": "Dasol",
    "라온": "Raon",
    "마루": "Maru",
    "바로": "Baro",
    "사랑": "Sarang",
    "아람": "Aram",
    "자람": "Jaram",
    "차오": "Chao",
    "한울": "Hanul",
    "나린": "Narin",
}
COMPANY_STEMS = (
    ("푸른언덕", "Pureun Hill"),
    ("은가람", "Eungaram"),
    ("달빛내", "Dalbitnae"),
    ("솔바람", "Solbaram"),
    ("별마루", "Byeolmaru"),
    ("새벽별", "Saebyeok Star"),
    ("너른들", "Neoreundeul"),
    ("한걸음", "Hangeoreum"),
    ("맑은샘", "Malgeunsaem"),
    ("해오름", "Haeoreum"),
    ("큰나루", "Keunnaru"),
    ("온누리결", "Onnurigyeol"),
    ("늘봄", "Neulbom"),
    ("물마루", "Mulmaru"),
    ("하늬", "Hanui"),
    ("도담", "Dodam"),
    ("꽃가람", "Kkotgaram"),
    ("참빛", "Chambit"),
    ("예솔", "Yesol"),
    ("두루", "Duru"),
    ("미리내", "Mirinae"),
    ("가온", "Gaon"),
    ("아라", "Ara"),
    ("윤슬", "Yunseul"),
    ("시나브로", "Sinabro"),
)
COMPANY_KINDS = (
    ("데이터", "Data"),
    ("헬스", "Health"),
    ("모빌리티", "Mobility"),
    ("에너지", "Energy"),
    ("소프트", "Soft"),
)


def person_name(rng: np.random.Generator) -> str:
    """Return a name of two invented words: `가람 별솔`-like, never a common Korean name."""
    family = FAMILY[rng.integers(len(FAMILY))]
    given = GIVEN[rng.integers(len(GIVEN))]
    return f"{family}{given}" if len(given) == 1 else f"{family} {given}"


def company_name(index: int) -> tuple[str, str]:
    """Return the Korean and English name of the index-th invented company."""
    stem_ko, stem_en = COMPANY_STEMS[index % len(COMPANY_STEMS)]
    kind_ko, kind_en = COMPANY_KINDS[index % len(COMPANY_KINDS)]
    return f"(가상){stem_ko}{kind_ko}", f"{stem_en} {kind_en} (invented)"
