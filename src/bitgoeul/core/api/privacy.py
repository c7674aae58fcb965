"""What the interface keeps about people: whose a token is, and answers for a day."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.core.api.models import KeptAnswer, Token
from bitgoeul.core.privacy.declarations import Declaration, Erase, Kind, Part

DECLARED = {
    Token: Declaration(
        kind=Kind.PERSONAL,
        person="owner",
        parts=(Part(key="token", fields=("name", "last_used_at"), erase=Erase.DELETE),),
        plain=(
            "prefix",
            "digest",
            "scopes",
            "created_at",
            "expires_at",
            "revoked_at",
            "calls",
            "minute",
        ),
        export=False,
        why=_("A person sees their tokens on their own page."),
    ),
    KeptAnswer: Declaration(
        kind=Kind.PERSONAL,
        parts=(
            Part(
                key="answer",
                fields=("key", "fingerprint", "status", "body", "made_at"),
                erase=Erase.BATCH,
                by="api.tidy",
            ),
        ),
        export=False,
        why=_("An answer that repeats what was written is erased after a day."),
    ),
}
