"""Who may take part: by age, region, and what they agreed to."""

import datetime as dt

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests.models import Acceptance, Contest, Team, Terms
from bitgoeul.apps.contests.queries.listings import newest_terms
from bitgoeul.core import formats


def age_on(born: dt.date, day: dt.date) -> int:
    """Return full years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def reasons_against(contest: Contest, person: User) -> list[str]:
    """Return why a person may not take part, in words; nothing when they may.

    Age counts on the day on which registration closes; who says nothing of age or residence
    where the contest asks for it is told to say it first.
    """
    found = []
    if contest.age_from is not None or contest.age_to is not None:
        found += _about_age(contest, person.birth_on)
    if contest.regions and not person.residence:
        found.append(_("Say on your page where you live first: this contest is for some regions."))
    elif contest.regions and person.residence not in contest.regions:
        names = ", ".join(str(Region(code).label) for code in contest.regions)
        found.append(_("This contest is for residents of: %(regions)s.") % {"regions": names})
    return found


def _about_age(contest: Contest, born: dt.date | None) -> list[str]:
    if born is None:
        return [_("Say on your page when you were born first: this contest has an age limit.")]
    age = age_on(born, formats.local_date(contest.registration_closes_at))
    if contest.age_from is not None and age < contest.age_from:
        return [_("This contest is for people from %(age)s years on.") % {"age": contest.age_from}]
    if contest.age_to is not None and age > contest.age_to:
        return [_("This contest is for people up to %(age)s years.") % {"age": contest.age_to}]
    return []


def missing_terms(contest: Contest, person: User) -> list[Terms]:
    """Return the newest texts that a person has not agreed to."""
    newest = newest_terms(contest)
    agreed = Acceptance.objects.filter(person=person, terms__in=newest)
    known = set(agreed.values_list("terms", flat=True))
    return [terms for terms in newest if terms.pk not in known]


def team_of(contest: Contest, person: User) -> Team | None:
    """Return the team that a person is in now."""
    return Team.objects.filter(
        contest=contest, memberships__person=person, memberships__left_at__isnull=True
    ).first()


def members_of(team: Team) -> list[User]:
    """Return who is in a team now, the captain first."""
    rows = User.objects.filter(
        team_memberships__team=team, team_memberships__left_at__isnull=True
    ).order_by("team_memberships__joined_at", "pk")
    return sorted(rows, key=lambda person: person.pk != team.captain_id)
