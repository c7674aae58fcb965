"""Kinds and roles of the alliance."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganisationKind(TextChoices):
    CITY = "city", _("City")
    UNIVERSITY = "university", _("University")
    COMPANY = "company", _("Company")
    AGENCY = "agency", _("Public agency")
    SCHOOL = "school", _("School")
    OTHER = "other", _("Other")


class Role(TextChoices):
    INSTRUCTOR = "instructor", _("Instructor")
    REVIEWER = "reviewer", _("Reviewer or judge")
    MENTOR = "mentor", _("Mentor")
    RECRUITER = "recruiter", _("Recruiter")
    CONSULTANT = "consultant", _("Consultant")
    CLIENT = "client", _("Client")
    RESEARCHER = "researcher", _("Researcher")
    OFFICER = "officer", _("Officer")
    ADMINISTRATOR = "administrator", _("Administrator")


class InvitationState(TextChoices):
    OPEN = "open", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    EXPIRED = "expired", _("too old")
    REVOKED = "revoked", _("taken back")


class Sex(TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Region(TextChoices):
    """The seventeen provinces and metropolitan cities, by the codes of the statistics office."""

    SEOUL = "11", _("Seoul")
    BUSAN = "21", _("Busan")
    DAEGU = "22", _("Daegu")
    INCHEON = "23", _("Incheon")
    GWANGJU = "24", _("Gwangju")
    DAEJEON = "25", _("Daejeon")
    ULSAN = "26", _("Ulsan")
    SEJONG = "29", _("Sejong")
    GYEONGGI = "31", _("Gyeonggi")
    GANGWON = "32", _("Gangwon")
    CHUNGBUK = "33", _("Chungbuk")
    CHUNGNAM = "34", _("Chungnam")
    JEONBUK = "35", _("Jeonbuk")
    JEONNAM = "36", _("Jeonnam")
    GYEONGBUK = "37", _("Gyeongbuk")
    GYEONGNAM = "38", _("Gyeongnam")
    JEJU = "39", _("Jeju")


REGION_NAMES: dict[str, Region] = {
    name: region
    for region, names in (
        (Region.SEOUL, "서울 서울시 서울특별시"),
        (Region.BUSAN, "부산 부산시 부산광역시"),
        (Region.DAEGU, "대구 대구시 대구광역시"),
        (Region.INCHEON, "인천 인천시 인천광역시"),
        (Region.GWANGJU, "광주 광주시 광주광역시"),
        (Region.DAEJEON, "대전 대전시 대전광역시"),
        (Region.ULSAN, "울산 울산시 울산광역시"),
        (Region.SEJONG, "세종 세종시 세종특별자치시"),
        (Region.GYEONGGI, "경기 경기도"),
        (Region.GANGWON, "강원 강원도 강원특별자치도"),
        (Region.CHUNGBUK, "충북 충청북도"),
        (Region.CHUNGNAM, "충남 충청남도"),
        (Region.JEONBUK, "전북 전라북도 전북특별자치도"),
        (Region.JEONNAM, "전남 전라남도"),
        (Region.GYEONGBUK, "경북 경상북도"),
        (Region.GYEONGNAM, "경남 경상남도"),
        (Region.JEJU, "제주 제주도 제주특별자치도"),
    )
    for name in names.split()
}
"""How Korean files write the regions, beside their codes and English names."""


class Purpose(TextChoices):
    """What personal data may be used for; each is consented to on its own."""

    SELECTION = "selection", _("Selection for a programme")
    TRAINING = "training", _("Training and its administration")
    JOB_SUPPORT = "job_support", _("Job support")
    EMPLOYER_SHARING = "employer_sharing", _("Showing my profile to employers")
    OUTCOME_FOLLOW_UP = "outcome_follow_up", _("Following up on employment")
    RESEARCH = "research", _("Research on outcomes, under a pseudonym")


class Office(TextChoices):
    """What a member of a committee is there for."""

    CHAIR = "chair", _("Chair")
    DEPUTY = "deputy", _("Deputy chair")
    SECRETARY = "secretary", _("Secretary")
    MEMBER = "member", _("Member")


class Voting(TextChoices):
    PARTY = "party", _("One vote per party")
    MEMBER = "member", _("One vote per member")


class Majority(TextChoices):
    SIMPLE = "simple", _("More votes for than against")
    ABSOLUTE = "absolute", _("More than half of the votes cast, abstentions included")
    TWO_THIRDS = "two_thirds", _("Two thirds of the votes cast, abstentions included")
    UNANIMOUS = "unanimous", _("No vote against")


class MeetingState(TextChoices):
    PLANNED = "planned", _("Being prepared")
    CALLED = "called", _("Called")
    HELD = "held", _("Minutes being written")
    CIRCULATED = "circulated", _("Minutes circulated")
    APPROVED = "approved", _("Minutes approved")
    CANCELLED = "cancelled", _("Cancelled")


class PresenceState(TextChoices):
    """First what a member answers, then how it was."""

    INVITED = "invited", _("No answer yet")
    COMING = "coming", _("Will come")
    NOT_COMING = "not_coming", _("Cannot come")
    PRESENT = "present", _("Present")
    ONLINE = "online", _("Present online")
    ABSENT = "absent", _("Absent")


class ActionState(TextChoices):
    OPEN = "open", pgettext_lazy("action", "Open")
    DONE = "done", pgettext_lazy("action", "Done")
    DROPPED = "dropped", pgettext_lazy("action", "Dropped")


class DocumentAccess(TextChoices):
    MEMBERS = "members", _("All members")
    PARTY = "party", _("One party only")
    OFFICERS = "officers", _("Officers of the parties")
    PUBLIC = "public", _("Everybody")
