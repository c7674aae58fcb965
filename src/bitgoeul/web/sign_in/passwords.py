"""Which passwords are not taken, beyond those that Django knows."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from pwned_passwords_django.api import PwnedPasswords
from pwned_passwords_django.exceptions import PwnedPasswordsError

logger = logging.getLogger("bitgoeul.web")

OWN_WORDS = (
    "bitgoeul", "빛고을", "gwangju", "광주", "광주광역시", "cjolivenetworks", "cj올리브네트웍스",
    "올리브네트웍스", "gist", "지스트", "alliance", "동맹", "academy", "아카데미", "administrator",
    "officer", "관리자", "담당자", "password", "비밀번호",
)  # fmt: skip
"""The words that whoever guesses here would try first; docs/sign-in.md says what follows."""

_ENOUGH_BESIDE = 6
_REST_SECONDS = 300
"""How long a service that did not answer is left alone: nobody waits for it again and again."""


class OwnWordsValidator:
    """Refuses what is little more than a word of this alliance with a number."""

    def validate(self, password: str, user: Any = None) -> None:
        """Take the words away and see what is left."""
        left = password.casefold()
        for word in sorted(OWN_WORDS, key=len, reverse=True):
            left = left.replace(word, "")
        beside = sum(letter.isalpha() for letter in left)
        if len(left) < len(password) and beside < _ENOUGH_BESIDE:
            raise ValidationError(
                _("This password is mostly a word that everybody here would try."), code="own_word"
            )

    def get_help_text(self) -> str:
        """Say it before somebody tries."""
        return _("Do not use the name of the alliance, of a partner or of a role.")


class BreachedPasswordValidator:
    """Refuses what stands in a known leak; only five digits of a checksum leave the house.

    A service that does not answer blocks nobody: the list of the most common passwords, which
    needs no network, is asked in any case. The operator can switch it off.
    """

    resting_until = 0.0

    def __init__(self, client: PwnedPasswords | None = None) -> None:
        self.client = client or PwnedPasswords()

    @sensitive_variables()
    def validate(self, password: str, user: Any = None) -> None:
        """Ask, when asking is allowed and was not in vain a moment ago."""
        kind = type(self)
        off = not settings.BITGOEUL_BREACHED_PASSWORDS or settings.BITGOEUL.is_demo
        if off or time.monotonic() < kind.resting_until:
            return
        try:
            found = self.client.check_password(password)
        except PwnedPasswordsError as error:
            kind.resting_until = time.monotonic() + _REST_SECONDS
            logger.warning("passwords are not compared with leaks: %s", error.code)
            return
        if found:
            raise ValidationError(
                _("This password stands in a leak of some other site. Choose another one."),
                code="breached",
            )

    def get_help_text(self) -> str:
        """Say what is best."""
        return _("Best are fifteen characters or more, for example four words.")
