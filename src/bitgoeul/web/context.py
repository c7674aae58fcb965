"""What every page knows: who is signed in, in which roles, which clock it runs by."""

from django.http import HttpRequest

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.queries import roles_of
from bitgoeul.apps.careers.rules import can_see_curriculum_gap
from bitgoeul.core import clock
from bitgoeul.web import demo_note
from bitgoeul.web.sign_in.second_factor import is_demanded


def site(request: HttpRequest) -> dict[str, object]:
    """Give templates the roles of whoever is signed in, the clock, and what this place demands."""
    # An early error page is rendered before anybody was recognised.
    user = getattr(request, "user", None)
    is_demo = clock.fixed_today() is not None
    return {
        "roles": roles_of(user) if user is not None else frozenset(),
        "hires": bool(
            rules.organisations_in_role(user, Role.RECRUITER)
            or rules.officer_organisations(user, kinds=[OrganisationKind.COMPANY])
        ),
        # Asked only where the tab would stand: a company's officers, too, are officers.
        "sees_gap": lambda: user is not None and can_see_curriculum_gap(user),
        "now": clock.now(),
        "demo_clock": is_demo,
        "demo_filling": demo_note.read() if is_demo else None,
        "second_factor_demanded": is_demanded(),
    }
