"""States of cohorts, applications, selection rounds and enrolments."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CohortState(TextChoices):
    PLANNED = "planned", _("Planned")
    APPLYING = "applying", _("Applications open")
    SELECTING = "selecting", _("Selecting")
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")


class Field(TextChoices):
    """The three fields of the academy."""

    MODELLING = "modelling", _("AI modelling")
    SERVICES = "services", _("AI services")
    PLATFORM = "platform", _("AI platform and infrastructure")


class ApplicationState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    INELIGIBLE = "ineligible", _("Not eligible")
    SELECTED = "selected", _("Selected")
    NOT_SELECTED = "not_selected", _("Not selected")


class QuestionKind(TextChoices):
    """What an application form may ask for."""

    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    NUMBER = "number", _("A number")
    DATE = "date", _("Date")
    SINGLE = "single", _("One of several")
    MULTIPLE = "multiple", _("Several of several")
    YES_NO = "yes_no", _("Yes or no")
    FILE = "file", _("File")
    CONSENT = "consent", _("Consent to a text")


class AccommodationState(TextChoices):
    ASKED = "asked", _("Waits for an answer")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Not possible")


class DuplicateVerdict(TextChoices):
    SAME = "same", _("The same person")
    DIFFERENT = "different", _("Different people")


class StageKind(TextChoices):
    COURSE = "course", _("Online course")
    APTITUDE = "aptitude", _("Aptitude test")
    CODING = "coding", _("Coding test")
    DOCUMENTS = "documents", _("Documents")
    INTERVIEW = "interview", _("Interview")
    OTHER = "other", _("Other")


class ScoreSource(TextChoices):
    IMPORT = "import", _("A file")
    LAB = "lab", _("A lab")
    REVIEWS = "reviews", _("Reviews")


class CutRule(TextChoices):
    NONE = "none", _("nobody is cut")
    TOP = "top", _("the best:")
    THRESHOLD = "threshold", _("from the score:")
    RATIO = "ratio", _("the best of 100:")


class OfferState(TextChoices):
    MADE = "made", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class OfferCause(TextChoices):
    """Why a seat was free when it was offered."""

    SELECTED = "selected", _("Given by the selection")
    DECLINED = "declined", _("Declined by another")
    LAPSED = "lapsed", _("Not answered by another")
    DISQUALIFIED = "disqualified", _("Another may not take part")
    LEFT = "left", _("Another left")


class Major(TextChoices):
    COMPUTING = "computing", _("Computing")
    ENGINEERING = "engineering", _("Engineering")
    SCIENCE = "science", _("Natural science")
    HUMANITIES = "humanities", _("Humanities and social science")
    OTHER = "other", _("Other")


class WorkStatus(TextChoices):
    SEEKING = "seeking", _("Looking for work or founding")
    STARTUP = "startup", _("Working in a start-up")
    EMPLOYED = "employed", _("In employment")


class SelectionState(TextChoices):
    DRAFT = "draft", _("Draft")
    RUN = "run", _("Run, not yet published")
    PUBLISHED = "published", _("Published")


class EnrolmentState(TextChoices):
    ENROLLED = "enrolled", _("Enrolled")
    COMPLETED = "completed", _("Completed")
    NOT_COMPLETED = "not_completed", _("Not completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REMOVED = "removed", _("Removed")
    EMPLOYED_EARLY = "employed_early", _("Left for a job")


class Excuse(TextChoices):
    """Kinds of absence that the rules recognise with evidence; the rule set limits some."""

    OFFICIAL = "official", _("Law, examination or interview")
    OWN_WEDDING = "own_wedding", _("Own wedding")
    CHILD_WEDDING = "child_wedding", _("Wedding of a child")
    DEATH_NEAR = "death_near", _("Death of a spouse or parent")
    DEATH_FAMILY = "death_family", _("Death of a grandparent, child or sibling")
    BIRTH = "birth", _("Birth of a child")
    ILLNESS = "illness", _("Illness")
    LEAVE = "leave", _("Leave")


class DayKind(TextChoices):
    """A day that differs from what the calendar says."""

    CLOSED = "closed", _("No classes")
    EXTRA = "extra", _("Extra day of classes")


class TeachingRole(TextChoices):
    """In which role somebody stands before a class."""

    LEAD = "lead", _("Instructor in charge")
    ASSISTANT = "assistant", _("Assistant")
    MENTOR = "mentor", _("Mentor")


class Evidence(TextChoices):
    """What is handed in for an absence that the rules recognise."""

    NOTICE = "notice", _("Notice of the authority, examination or company")
    WEDDING = "wedding", _("Invitation or marriage certificate")
    DEATH = "death", _("Death certificate and proof of kinship")
    BIRTH = "birth", _("Birth certificate")
    MEDICAL = "medical", _("Medical certificate or receipt")
    REQUEST = "request", _("Request approved beforehand")


class TrainingArea(TextChoices):
    """Where the training is held, as far as allowances differ by it."""

    NONE = "", _("not said")
    DECLINE = "decline", _("area of population decline")
    REGIONAL = "regional", _("outside the capital region")
    CAPITAL = "capital", _("capital region, or remote live training")


class AllowanceState(TextChoices):
    DRAFT = "draft", _("Waits for approval")
    APPROVED = "approved", pgettext_lazy("allowance", "Approved")


class AllowanceKind(TextChoices):
    """By which rate somebody is paid training allowance."""

    STANDARD = "standard", _("Standard")
    SELF_EMPLOYED = "self_employed", _("Self-employed and insured")
    NONE = "none", _("No allowance")


class SessionState(TextChoices):
    PLANNED = "planned", _("Takes place")
    CANCELLED = "cancelled", _("Cancelled")


class PresenceSource(TextChoices):
    """How it is known that somebody was there."""

    QR = "qr", _("QR on the screen")
    CODE = "code", _("Typed code")
    HAND = "hand", _("Instructor's list")


class ProjectKind(TextChoices):
    ASSIGNMENT = "assignment", _("Assignment")
    COMPANY = "company", _("Company project")


class MarkRole(TextChoices):
    """Who judges a project."""

    INSTRUCTOR = "instructor", _("Instructor")
    MENTOR = "mentor", _("Mentor")
    COMPANY = "company", _("Company")


class AppealState(TextChoices):
    OPEN = "open", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted: it is corrected and decided again")
    REJECTED = "rejected", _("Rejected")


class CounselAction(TextChoices):
    TALK = "talk", _("Talk")
    CALL = "call", _("Telephone call")
    MESSAGE = "message", _("Message")
    HELP = "help", _("Help with learning")
    REFERRAL = "referral", _("Referred to somebody else")


class CounselOutcome(TextChoices):
    """Whether somebody recovered after the counsellor acted."""

    OPEN = "open", _("Not known yet")
    RECOVERED = "recovered", _("Recovered")
    NOT_RECOVERED = "not", _("Not recovered")
    LEFT = "left", _("Left the course")


class AbsenceState(TextChoices):
    """Where a request to recognise an absence stands."""

    OPEN = "open", _("Waits for a decision")
    ACCEPTED = "accepted", pgettext_lazy("absence", "Recognised")
    REFUSED = "refused", pgettext_lazy("absence", "Not recognised")
    WITHDRAWN = "withdrawn", pgettext_lazy("absence", "Taken back")
    REVOKED = "revoked", pgettext_lazy("absence", "Recognition taken back")


class SurveyKind(TextChoices):
    """How a question of a survey is answered."""

    SCALE = "scale", _("Five points")
    TEXT = "text", _("Free words")
