"""What news keeps about people: what was told them, that letters went out, what they chose."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.core.notices.models import Mail, Notice, Preference
from bitgoeul.core.privacy.declarations import Declaration, Erase, Kind, Part

DECLARED = {
    Notice: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="news",
                fields=("topic", "message", "values", "path", "once", "created_at", "read_at"),
                erase=Erase.DELETE,
            ),
        ),
        plain=("digest",),
    ),
    Mail: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(key="letter", fields=("state", "created_at", "settled_at"), erase=Erase.DELETE),
        ),
        plain=("digest",),
        export=False,
        why=_("It repeats that news was told; the words of a letter are not kept."),
    ),
    Preference: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="choice", fields=("topic", "when"), erase=Erase.DELETE),),
    ),
}
