"""Pages of a whole cohort, 330 people of 1,300 hours: statements and CPU of each.

    bitgoeul demo --no-serve && python benchmarks/roster.py

Measured is the cohort of the data folder with the most days of attendance; in the demo that is
its first one, with 330 people and 1,300 hours. It is looked at on a day in its middle, with two
sessions of four hours in a class of each track at which everybody has signed in. These rows stay:
run it on a copy of a data folder.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import Any

from calling import caller, cookie_of, measured


def people() -> tuple[Any, Any, Any, int]:
    """Return the cohort, an officer of its organiser, an enrolment, and the hours recorded."""
    from django.db.models import Count, Sum
    from django.db.models.functions import Length

    from bitgoeul.apps.alliance.enums import Role
    from bitgoeul.apps.alliance.models import Membership
    from bitgoeul.apps.programmes.models import Attendance, Cohort
    from bitgoeul.core import clock

    counted = Cohort.objects.annotate(days=Count("enrolments__attendances"))
    cohort = counted.select_related("programme").order_by("-days").first()
    assert cohort
    held = Membership.objects.on(clock.today()).filter(
        organisation=cohort.programme.organiser_id, role=Role.OFFICER
    )
    officer = held.order_by("pk").first()
    enrolment = cohort.enrolments.order_by("pk").first()
    assert officer
    assert enrolment
    rows = Attendance.objects.filter(enrolment__cohort=cohort)
    hours = rows.aggregate(n=Sum(Length("hours")))["n"] or 0
    return cohort, officer.person_id, enrolment, hours


def classroom(cohort: Any, day: dt.date) -> None:
    """Make a class of each track with two sessions on a day, and everybody there."""
    from bitgoeul.apps.programmes.models import ClassGroup, Presence, Session
    from bitgoeul.core.clock import SEOUL

    cohort.enrolments.update(state="enrolled", ended_on=None)
    for track in cohort.tracks.all():
        group = ClassGroup.objects.create(track=track, key="bench", name_ko="분반", seats=400)
        cohort.enrolments.filter(track=track).update(class_group=group)
        for first, hour in ((1, 9), (5, 14)):
            starts = dt.datetime.combine(day, dt.time(hour), SEOUL)
            session = Session.objects.create(
                class_group=group, held_on=day, first_hour=first, hours=4, starts_at=starts,
                ends_at=starts + dt.timedelta(hours=4),
            )  # fmt: skip
            Presence.objects.bulk_create(
                Presence(session=session, enrolment=one, arrived_at=starts, hours="1111")
                for one in group.enrolments.all()
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    import django

    django.setup()
    from bitgoeul.core import clock
    from bitgoeul.web.wsgi import application

    cohort, officer, enrolment, hours = people()
    day = cohort.enrolments.earliest("pk").attendances.order_by("held_on")[80].held_on
    moment = dt.datetime.combine(day, dt.time(10), clock.SEOUL)
    base, own = f"/programmes/cohorts/{cohort.uuid}", f"/programmes/enrolments/{enrolment.uuid}"
    print(f"{cohort.enrolments.count()} people, {hours:,} hours recorded, on {day}")
    as_officer, as_trainee = cookie_of(officer), cookie_of(enrolment.person_id)
    pages = [
        ("live roster", f"{base}/now/", as_officer),
        ("roster", f"{base}/roster/", as_officer),
        ("limits", f"{base}/limits/", as_officer),
        ("recognised absences", f"{base}/absences/", as_officer),
        ("trainee, to an officer", f"{own}/", as_officer),
        ("trainee, to themselves", f"{own}/", as_trainee),
        ("own recognised absences", f"{own}/absences/", as_trainee),
    ]
    get = caller(application)
    print(f"{'page':28}{'status':>7}{'queries':>8}{'bytes':>9}{'CPU ms':>8}")
    if not cohort.enrolments.filter(class_group__key="bench").exists():
        classroom(cohort, day)
    for name, address, cookie in pages:
        # Signing in is of today; only the roster asks what the time is in class.
        if name == "live roster":
            with clock.freeze(moment):
                found = measured(get, address, cookie, times=args.times)
        else:
            found = measured(get, address, cookie, times=args.times)
        if found.status != 200:
            sys.exit(f"{address} answers {found.status}: nothing to measure")
        print(
            f"{name:28}{found.status:>7}{found.queries:>8}{found.size:>9}{found.cpu_ms:>8.2f}"
            f"   95 % of answers within {found.p95_ms:.0f} ms"
        )


if __name__ == "__main__":
    main()
