"""What the room tells people. A letter never says a score: its page shows what one may see."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests.models import Contest, Entry, Team
from bitgoeul.apps.contests.queries.eligibility import members_of
from bitgoeul.core import notices

CONTESTS = notices.declare(
    notices.Topic(
        key="contests",
        title=_("Contests"),
        about=_("Announcements, answers, and what becomes of your team and its entries."),
        messages=(
            notices.Message(
                key="contests.announced",
                subject=_("A contest has an announcement"),
                text=_("%(contest)s: %(title)s"),
            ),
            notices.Message(
                key="contests.answered",
                subject=_("Your question has been answered"),
                text=_("%(contest)s: your question has been answered."),
            ),
            notices.Message(
                key="contests.merge_asked",
                subject=_("Another team asks you to merge"),
                text=_("%(contest)s: the team “%(other)s” asks your team to join it."),
            ),
            notices.Message(
                key="contests.merged",
                subject=_("Two teams have become one"),
                text=_("%(contest)s: “%(other)s” has joined your team."),
            ),
            notices.Message(
                key="contests.merge_declined",
                subject=_("A merge was declined"),
                text=_("%(contest)s: “%(other)s” does not join your team."),
            ),
            notices.Message(
                key="contests.disqualify",
                subject=_("Your team has been disqualified"),
                text=_("%(contest)s: your team has been disqualified. Reason: %(reason)s"),
            ),
            notices.Message(
                key="contests.readmit",
                subject=_("Your team takes part again"),
                text=_("%(contest)s: your team takes part again. Reason: %(reason)s"),
            ),
            notices.Message(
                key="contests.settled",
                subject=_("Your entry has been scored"),
                text=_("%(contest)s: your entry has been scored."),
                mail=False,
            ),
            notices.Message(
                key="contests.not_scored",
                subject=_("Your entry could not be scored"),
                text=_("%(contest)s: your entry could not be scored. Its page says why."),
            ),
            notices.Message(
                key="contests.advanced",
                subject=_("Your team goes on to the next phase"),
                text=_("%(contest)s: your team is in “%(phase)s”."),
            ),
            notices.Message(
                key="contests.rejudged",
                subject=_("Entries of a contest have been scored anew"),
                text=_("%(contest)s: entries have been scored anew. Reason: %(reason)s"),
            ),
        ),
    )
)


def tell_team(message: str, team: Team, *, at: dt.datetime, **values: str | dict[str, str]) -> None:
    """Tell everybody in a team."""
    path = reverse("contests:team_detail", kwargs={"uuid": team.uuid})
    _tell(message, members_of(team), team.contest, path=path, at=at, **values)


def tell_person(
    message: str, person: User, team: Team, *, at: dt.datetime, **values: str | dict[str, str]
) -> None:
    """Tell one person about their team."""
    path = reverse("contests:team_detail", kwargs={"uuid": team.uuid})
    _tell(message, [person], team.contest, path=path, at=at, **values)


def tell_entry(message: str, entry: Entry, *, at: dt.datetime) -> None:
    """Tell whoever handed in what became of it."""
    path = reverse("contests:entry_detail", kwargs={"uuid": entry.uuid})
    _tell(message, [entry.person], entry.team.contest, path=path, at=at)


def tell_everybody(
    message: str, contest: Contest, *, at: dt.datetime, **values: str | dict[str, str]
) -> int:
    """Tell everybody who takes part."""
    people = User.objects.filter(
        team_memberships__contest=contest, team_memberships__left_at__isnull=True
    ).distinct()
    path = reverse("contests:talk", kwargs={"uuid": contest.uuid})
    return _tell(message, people, contest, path=path, at=at, **values)


def tell_asker(message: str, person: User, contest: Contest, *, at: dt.datetime) -> None:
    """Tell somebody that their question was answered."""
    path = reverse("contests:talk", kwargs={"uuid": contest.uuid})
    _tell(message, [person], contest, path=path, at=at)


def _tell(
    message: str,
    people: Iterable[User],
    contest: Contest,
    *,
    path: str,
    at: dt.datetime,
    **values: str | dict[str, str],
) -> int:
    said = {"contest": notices.in_both(lambda _language: contest.title)} | values
    news = [notices.News(person=person, path=path, values=said) for person in people]
    return notices.tell_many(message, news, at=at)
