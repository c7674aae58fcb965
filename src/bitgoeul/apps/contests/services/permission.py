"""The first lines of every service: may this person do it, and are the rows sound."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.core.errors import Refused


def require(by: User | None, can: Callable[[User, Any], bool], on: Any) -> None:
    """Refuse unless a rule allows it; without a person the system itself acts.

    Raises
    ------
    Refused
        With code `not_allowed`.
    """
    if by is not None and not can(by, on):
        raise Refused(_("You may not do this."), code="not_allowed")


def check(row: Model) -> None:
    """Refuse a row whose fields or constraints do not hold, in the words of the form.

    Raises
    ------
    Refused
        With code `invalid`.
    """
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error
