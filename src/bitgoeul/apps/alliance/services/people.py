"""People become known once, by e-mail address, whichever door they come through."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.models import NameKey, User
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change

_CHUNK = 500
_COMPLETED = ("romanised_name", "phone", "birth_on", "sex", "residence")
"""What a later file may add to a person, but never overwrites."""


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """What is known of a person when they are registered; only name and e-mail are needed."""

    email: str
    full_name: str
    romanised_name: str = ""
    phone: str = ""
    birth_on: dt.date | None = None
    sex: str = ""
    residence: str = ""
    language: str = "ko"

    @property
    def address(self) -> str:
        """The e-mail as it is kept: trimmed, in lower case."""
        return self.email.strip().lower()


def register_person(
    *,
    email: str,
    full_name: str,
    by: User | None,
    at: dt.datetime,
    romanised_name: str = "",
    phone: str = "",
    birth_on: dt.date | None = None,
    sex: str = "",
    residence: str = "",
    language: str = "ko",
) -> User:
    """Find a person by e-mail or make them known, without a password; see `register_people`."""
    new = NewPerson(
        email=email,
        full_name=full_name,
        romanised_name=romanised_name,
        phone=phone,
        birth_on=birth_on,
        sex=sex,
        residence=residence,
        language=language,
    )
    return register_people(people=[new], by=by, at=at)[new.address]


def register_people(
    *, people: Sequence[NewPerson], by: User | None, at: dt.datetime
) -> dict[str, User]:
    """Find or make many people; returns them by e-mail.

    A known person is never overwritten: only what was empty is filled in.

    Raises
    ------
    Refused
        When `by` may not register people, or a value cannot be accepted.
    """
    if by is not None and not rules.can_register_people(by):
        raise Refused(_("You may not register people."))
    wanted = {person.address: person for person in people}
    with transaction.atomic():
        known = _known(list(wanted))
        fresh = [_made(new) for address, new in wanted.items() if address not in known]
        # Another transaction may register the same address meanwhile: then theirs counts.
        User.objects.bulk_create(fresh, batch_size=_CHUNK, ignore_conflicts=True)
        made = _known([user.email for user in fresh])
        new_uuids = {user.uuid for user in fresh}
        NameKey.objects.keep_first(user for user in made.values() if user.uuid in new_uuids)
        journal.record_many(
            event="person.registered",
            by=by,
            at=at,
            changes=[
                Change(on=user, after=person_state(user))
                for user in made.values()
                if user.uuid in new_uuids
            ],
        )
        _complete(known, wanted, by=by, at=at)
    return known | made


def update_person(
    *,
    person: User,
    by: User | None,
    at: dt.datetime,
    full_name: str | None = None,
    romanised_name: str | None = None,
    phone: str | None = None,
    residence: str | None = None,
    language: str | None = None,
    reason: str = "",
) -> User:
    """Change what is given; None leaves a value as it is."""
    if by is not None and not rules.can_update_person(by, person):
        raise Refused(_("You may not change this person's data."))
    if full_name is not None and by is not None and not rules.can_rename_person(by, person):
        raise Refused(_("Names are corrected by an administrator, because certificates bear them."))
    given = {
        "full_name": full_name,
        "romanised_name": romanised_name,
        "phone": phone,
        "residence": residence,
        "language": language,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        before = person_state(person)
        for name, value in changes.items():
            setattr(person, name, value)
        after = person_state(person)
        if after == before:
            return person
        person.full_clean(exclude=["password"], validate_unique=False)
        person.save(update_fields=list(changes))
        if {"full_name", "romanised_name"} & changes.keys():
            NameKey.objects.keep([person])
        journal.record(
            event="person.updated",
            by=by,
            at=at,
            on=person,
            before=before,
            after=after,
            reason=reason,
        )
    return person


def person_state(person: User) -> dict[str, object]:
    """What of a person the journal digests."""
    return {
        "email": person.email,
        "full_name": person.full_name,
        "romanised_name": person.romanised_name,
        "phone": person.phone,
        "birth_on": person.birth_on,
        "sex": person.sex,
        "residence": person.residence,
        "language": person.language,
    }


def _known(addresses: Sequence[str]) -> dict[str, User]:
    found: dict[str, User] = {}
    for start in range(0, len(addresses), _CHUNK):
        some = addresses[start : start + _CHUNK]
        found |= {user.email: user for user in User.objects.filter(email__in=some)}
    return found


def _made(new: NewPerson) -> User:
    user = User(
        email=new.address,
        full_name=new.full_name.strip(),
        romanised_name=new.romanised_name,
        phone=new.phone,
        birth_on=new.birth_on,
        sex=new.sex,
        residence=new.residence,
        language=new.language,
        password=make_password(None),
    )
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error
    return user


def _complete(
    known: Mapping[str, User], wanted: Mapping[str, NewPerson], *, by: User | None, at: dt.datetime
) -> None:
    changed: list[User] = []
    changes: list[Change] = []
    for address, user in known.items():
        before = person_state(user)
        for name in _COMPLETED:
            if not getattr(user, name):
                setattr(user, name, getattr(wanted[address], name))
        after = person_state(user)
        if after != before:
            user.clean_fields(exclude=["password"])
            changed.append(user)
            changes.append(Change(on=user, before=before, after=after))
    User.objects.bulk_update(changed, _COMPLETED, batch_size=_CHUNK)
    NameKey.objects.keep(changed)
    journal.record_many(event="person.completed", by=by, at=at, changes=changes)
