"""What the journal keeps about people: numbers and salted digests, and who read whose data."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.core.journal.models import (
    Entry,
    Leaf,
    Reading,
    ReadingSubject,
    Review,
    Salt,
    Seal,
)
from bitgoeul.core.privacy.declarations import (
    NOTHING,
    Declaration,
    Erase,
    Kind,
    Part,
    Retention,
    years,
)

READINGS = Retention(
    key="readings",
    title=_("Records of access to personal data: two years"),
    days=years(2),
    source=_("Safety standard for personal information §8 (second-hand: check at the source)"),
)
_BY_NUMBER = _("Accounts and objects stand in it by number; what changed, as a salted digest.")
_JOB = "journal.erase_readings"

DECLARED = {
    Entry: Declaration(kind=Kind.PSEUDONYMOUS, export=False, why=_BY_NUMBER),
    Seal: NOTHING,
    Leaf: NOTHING,
    Salt: Declaration(kind=Kind.PSEUDONYMOUS, export=False, why=_BY_NUMBER),
    Reading: Declaration(
        kind=Kind.PERSONAL,
        parts=(
            Part(
                key="reading",
                fields=("at", "what", "purpose", "origin", "subjects", "action", "reason"),
                erase=Erase.BATCH,
                keep=READINGS,
                by=_JOB,
            ),
        ),
    ),
    ReadingSubject: Declaration(
        kind=Kind.PERSONAL,
        parts=(Part(key="subject", erase=Erase.BATCH, keep=READINGS, by=_JOB),),
    ),
    Review: Declaration(
        kind=Kind.PSEUDONYMOUS, export=False, why=_("Accounts stand in it by number only.")
    ),
}
