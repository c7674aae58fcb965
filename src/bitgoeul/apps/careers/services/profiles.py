"""Writing one's own profile."""

import datetime as dt

from django.db import transaction

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import Profile
from bitgoeul.apps.careers.services.steps import allow, checked
from bitgoeul.core import journal


def update_profile(
    *,
    person: User,
    headline: str,
    about: str,
    link: str,
    visible: bool,
    by: User | None,
    at: dt.datetime,
) -> Profile:
    """Write what a person shows to the employers of their round."""
    allow(by is None or by.pk == person.pk)
    with transaction.atomic():
        found = Profile.objects.select_for_update().filter(person=person).first()
        before = _shown(found) if found else None
        profile = found or Profile(person=person)
        profile.headline, profile.about = headline, about
        profile.link, profile.visible = link, visible
        checked(profile)
        profile.save()
        journal.record(
            event="profile.updated",
            by=by,
            at=at,
            on=profile,
            before=before,
            after=_shown(profile),
            details={"visible": visible},
        )
    return profile


def _shown(profile: Profile) -> dict[str, object]:
    return {
        "headline": profile.headline,
        "about": profile.about,
        "link": profile.link,
        "visible": profile.visible,
    }
