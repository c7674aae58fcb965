"""What this room keeps about people, and until when."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.careers.models.matching_round import Application, MatchingRound, Offer
from bitgoeul.apps.careers.models.placement import OutcomeExclusion, Placement, RetentionCheck
from bitgoeul.apps.careers.models.profile import Profile
from bitgoeul.apps.careers.models.vacancy import Vacancy
from bitgoeul.core.privacy.declarations import (
    NOTHING,
    Declaration,
    Erase,
    Kind,
    Part,
    Retention,
    years,
)

EMPLOYMENT = Retention(
    key="employment",
    title=_("Evidence of employment after publicly funded training: five years"),
    days=years(5),
    source=_("K-Digital Training operating rules §58 (second-hand: check at the source)"),
)
HIRING = Retention(
    key="hiring",
    title=_("Papers of a hiring: 180 days after the decision, so that they can be asked back"),
    days=180,
    source=_("Fair Hiring Procedure Act §11 and decree (second-hand: check at the source)"),
)

DECLARED = {
    Vacancy: NOTHING,
    MatchingRound: Declaration(
        kind=Kind.PSEUDONYMOUS,
        plain=("name_ko", "name_en"),
        export=False,
        why=_("A certified round stays verifiable; people stand in it under its pseudonyms."),
    ),
    Profile: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="page", fields=("headline", "about", "link"), erase=Erase.DELETE),),
        plain=("visible",),
    ),
    Application: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="rating",
                fields=("rating", "rated_at"),
                keep=HIRING,
                after=("round__closes_at",),
            ),
        ),
        plain=("rank",),
    ),
    Offer: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="offer", erase=Erase.LINK, keep=HIRING, after=("expires_at",)),),
        plain=("pool", "state", "made_at", "expires_at", "answered_at"),
    ),
    Placement: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="employment",
                erase=Erase.LINK,
                keep=EMPLOYMENT,
                after=("ended_on", "started_on"),
            ),
        ),
        plain=("kind", "started_on", "evidence_kind", "evidence_on", "ended_on"),
    ),
    RetentionCheck: Declaration(
        kind=Kind.PERSONAL,
        person="placement__person",
        parts=(Part(key="check", erase=Erase.LINK, keep=EMPLOYMENT, after=("due_on",)),),
        plain=("months", "due_on", "state", "source", "answered_on"),
    ),
    OutcomeExclusion: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="evidence",
                fields=("evidence_note",),
                keep=EMPLOYMENT,
                after=("evidence_on",),
            ),
        ),
        plain=("reason", "evidence_on"),
    ),
}
