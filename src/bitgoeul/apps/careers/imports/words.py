"""The words of the files, in Korean and English, and the values that they stand for."""

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.careers.enums import (
    CheckState,
    EmploymentType,
    EvidenceKind,
    ExclusionReason,
    PlacementKind,
)

_REGIONS = {
    Region.SEOUL: "서울 서울시 서울특별시",
    Region.BUSAN: "부산 부산시 부산광역시",
    Region.DAEGU: "대구 대구시 대구광역시",
    Region.INCHEON: "인천 인천시 인천광역시",
    Region.GWANGJU: "광주 광주시 광주광역시",
    Region.DAEJEON: "대전 대전시 대전광역시",
    Region.ULSAN: "울산 울산시 울산광역시",
    Region.SEJONG: "세종 세종시 세종특별자치시",
    Region.GYEONGGI: "경기 경기도",
    Region.GANGWON: "강원 강원도 강원특별자치도",
    Region.CHUNGBUK: "충북 충청북도",
    Region.CHUNGNAM: "충남 충청남도",
    Region.JEONBUK: "전북 전라북도 전북특별자치도",
    Region.JEONNAM: "전남 전라남도",
    Region.GYEONGBUK: "경북 경상북도",
    Region.GYEONGNAM: "경남 경상남도",
    Region.JEJU: "제주 제주도 제주특별자치도",
}
REGIONS = {
    **{word: region.value for region, words in _REGIONS.items() for word in words.split()},
    **{region.name.lower(): region.value for region in Region},
    **{region.value: region.value for region in Region},
}
EMPLOYMENT_TYPES = {
    "정규직": EmploymentType.REGULAR.value,
    "계약직": EmploymentType.FIXED_TERM.value,
    "기간제": EmploymentType.FIXED_TERM.value,
    "인턴": EmploymentType.INTERNSHIP.value,
    "인턴십": EmploymentType.INTERNSHIP.value,
    "regular": EmploymentType.REGULAR.value,
    "fixed-term": EmploymentType.FIXED_TERM.value,
    "fixed_term": EmploymentType.FIXED_TERM.value,
    "internship": EmploymentType.INTERNSHIP.value,
}
PLACEMENT_KINDS = {
    "취업": PlacementKind.EMPLOYMENT.value,
    "창업": PlacementKind.FOUNDING.value,
    "employment": PlacementKind.EMPLOYMENT.value,
    "employed": PlacementKind.EMPLOYMENT.value,
    "founding": PlacementKind.FOUNDING.value,
    "founded": PlacementKind.FOUNDING.value,
    "founded a company": PlacementKind.FOUNDING.value,
}
EVIDENCE_KINDS = {
    "고용보험": EvidenceKind.INSURANCE.value,
    "근로계약서": EvidenceKind.CONTRACT.value,
    "사업자등록": EvidenceKind.BUSINESS_REGISTRATION.value,
    "사업자등록증": EvidenceKind.BUSINESS_REGISTRATION.value,
    "insurance": EvidenceKind.INSURANCE.value,
    "employment insurance": EvidenceKind.INSURANCE.value,
    "contract": EvidenceKind.CONTRACT.value,
    "employment contract": EvidenceKind.CONTRACT.value,
    "business registration": EvidenceKind.BUSINESS_REGISTRATION.value,
    "business_registration": EvidenceKind.BUSINESS_REGISTRATION.value,
}
CHECK_STATES = {
    "재직": CheckState.KEPT.value,
    "유지": CheckState.KEPT.value,
    "퇴사": CheckState.LEFT.value,
    "이직": CheckState.LEFT.value,
    "미확인": CheckState.UNKNOWN.value,
    "무응답": CheckState.UNKNOWN.value,
    "응답 없음": CheckState.UNKNOWN.value,
    "still in the job": CheckState.KEPT.value,
    "left the job": CheckState.LEFT.value,
    "asked, no answer": CheckState.UNKNOWN.value,
    "kept": CheckState.KEPT.value,
    "left": CheckState.LEFT.value,
    "unknown": CheckState.UNKNOWN.value,
}
EXCLUSION_REASONS = {
    "진학": ExclusionReason.STUDY.value,
    "군입대": ExclusionReason.MILITARY.value,
    "입대": ExclusionReason.MILITARY.value,
    "수감": ExclusionReason.PRISON.value,
    "사망": ExclusionReason.DEATH.value,
    "이민": ExclusionReason.EMIGRATION.value,
    "질병": ExclusionReason.ILLNESS.value,
    "질병·부상": ExclusionReason.ILLNESS.value,
    "임신·출산": ExclusionReason.PREGNANCY.value,
    "출산": ExclusionReason.PREGNANCY.value,
    "비실업": ExclusionReason.NOT_UNEMPLOYED.value,
    "재직 중 입과": ExclusionReason.NOT_UNEMPLOYED.value,
    **{reason.value: reason.value for reason in ExclusionReason},
}
NOT_ACCEPTABLE = ("불가", "부적합", "x", "×", "not acceptable", "no")
