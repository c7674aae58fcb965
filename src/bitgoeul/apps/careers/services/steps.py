"""How every service of the room asks: may this person do it, and does the state allow it?"""

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import workflow
from bitgoeul.core.errors import Refused


def allow(permitted: bool) -> None:
    """Refuse unless a rule says yes; pages hide what is not allowed, so this is the second lock."""
    if not permitted:
        raise Refused(_("You may not do this."), code="forbidden")


def next_state(
    table: tuple[workflow.Step, ...], *, obj: Model, state: str, action: str, by: User | None
) -> str:
    """Return the state that an action leads to.

    Raises
    ------
    Refused
        When the state does not allow the action, or the person may not take it. The system
        (`by` None) may take every step that the state allows.
    """
    row = workflow.step(table, state=state, action=action)
    if row is None:
        raise Refused(_("This is not possible in the present state."), code="wrong_state")
    allow(by is None or row.who(by, obj))
    return row.next


def checked(obj: Model) -> None:
    """Validate a row before it is saved, and refuse in one readable sentence."""
    try:
        obj.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error
