"""Who may read a lab, hand in to it, see what others handed in, and run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from bitgoeul.apps.alliance import rules as alliance_rules
from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.labs.enums import LabState
from bitgoeul.core import access

if TYPE_CHECKING:
    from bitgoeul.apps.alliance.models import Organisation
    from bitgoeul.apps.alliance.rules import Person
    from bitgoeul.apps.labs.models import Lab, LabFile, Practice, Submission

PRACTISED_KINDS = ("function", "notebook")
"""The kinds of labs with something to try out (values of `LabKind`)."""
HIDDEN_KINDS = ("truth", "checks", "solution", "source", "bundle")
"""The kinds of files that leave the server for nobody (values of `LabFile.Kind`)."""


def staff_organisations(user: Person | None) -> frozenset[int]:
    """Return ids of the organisations whose labs a person runs."""
    teaching = alliance_rules.organisations_in_role(user, Role.INSTRUCTOR)
    return teaching | alliance_rules.officer_organisations(user, kinds=alliance_rules.PUBLIC_KINDS)


def labs_visible_to(user: Person | None) -> Q:
    """Everybody reads labs that were opened; drafts are seen by those who run or oversee them.

    A lab that a room above holds is seen here by nobody.
    """
    return (~Q(state=LabState.DRAFT) & Q(held_by_kind="")) | staffed_labs(user)


def can_view_lab(user: Person | None, lab: Lab) -> bool:
    """Tell whether `labs_visible_to` lets one lab through."""
    if lab.held_by_kind:
        return False
    return lab.state != LabState.DRAFT or can_view_submissions(user, lab)


def staffed_labs(user: Person | None, *, prefix: str = "") -> Q:
    """Return the filter beside `can_view_submissions`; `prefix` leads to the lab."""
    free = Q(**{f"{prefix}held_by_kind": ""})
    staffed = Q(**{f"{prefix}owner__in": staff_organisations(user)})
    partners = alliance_rules.officer_organisations(user, kinds=alliance_rules.PUBLIC_KINDS)
    if not partners:
        return free & staffed
    signed_with = f"{prefix}owner__signatures__agreement__signatories__organisation__in"
    return free & (staffed | Q(**{signed_with: partners}))


def can_view_submissions(user: Person | None, lab: Lab) -> bool:
    """Tell whether a person sees everybody's submissions: owner's staff, overseeing officers."""
    if user is None or not user.is_authenticated or lab.held_by_kind:
        return False
    if lab.owner_id in staff_organisations(user):
        return True
    return type(lab)._default_manager.filter(staffed_labs(user), pk=lab.pk).exists()


def can_create_lab(user: Person | None) -> bool:
    """Instructors and officers make labs, for their own organisation."""
    return bool(staff_organisations(user))


def can_create_lab_for(user: Person | None, owner: Organisation) -> bool:
    """Tell whether a person makes labs for this organisation."""
    return owner.pk in staff_organisations(user)


def can_manage_lab(user: Person | None, lab: Lab) -> bool:
    """The owner's instructors and officers open, close and rescore a lab."""
    return lab.owner_id in staff_organisations(user)


def can_admit_people(user: Person | None, lab: Lab) -> bool:
    """Who runs the lab, or oversees the agreement that its owner signed, admits a cohort."""
    return can_manage_lab(user, lab) or can_view_submissions(user, lab)


def files_visible_to(user: Person | None) -> Q:
    """Every file of a visible lab but those that stay hidden."""
    opened = ~Q(lab__state=LabState.DRAFT) & Q(lab__held_by_kind="")
    return ~Q(kind__in=HIDDEN_KINDS) & (opened | staffed_labs(user, prefix="lab__"))


def can_download_file(user: Person | None, file: LabFile) -> bool:
    """Tell whether `files_visible_to` lets one file through."""
    return file.kind not in HIDDEN_KINDS and can_view_lab(user, file.lab)


def can_submit_to_lab(user: Person | None, lab: Lab) -> bool:
    """Whoever was admitted hands in, and everybody with an account where the lab says so."""
    if user is None or not user.is_authenticated or lab.held_by_kind:
        return False
    if lab.open_to_all and lab.state != LabState.DRAFT:
        return True
    return lab.participants.filter(person=user.pk).exists()


def can_practise_in_lab(user: Person | None, lab: Lab) -> bool:
    """Whoever may hand in a program or a notebook may try it first."""
    return lab.kind in PRACTISED_KINDS and can_submit_to_lab(user, lab)


def practices_visible_to(user: Person | None) -> Q:
    """One's own only: no instructor reads what somebody tries."""
    if user is None or not user.is_authenticated:
        return access.NOBODY
    return Q(person=user.pk)


def can_view_practice(user: Person | None, practice: Practice) -> bool:
    """Tell whether `practices_visible_to` lets one try through."""
    return user is not None and user.is_authenticated and practice.person_id == user.pk


def can_mark_submission(user: Person | None, submission: Submission) -> bool:
    """The owner's instructors and officers mark answers, never their own."""
    if user is None or submission.person_id == user.pk:
        return False
    return can_manage_lab(user, submission.lab)


def submissions_visible_to(user: Person | None) -> Q:
    """One's own; all of a lab for those who run or oversee it."""
    if user is None or not user.is_authenticated:
        return access.NOBODY
    own = Q(person=user.pk, lab__held_by_kind="")
    return own | staffed_labs(user, prefix="lab__")


def can_view_submission(user: Person | None, submission: Submission) -> bool:
    """Tell whether `submissions_visible_to` lets one submission through."""
    if user is None or not user.is_authenticated:
        return False
    own = submission.person_id == user.pk and not submission.lab.held_by_kind
    return own or can_view_submissions(user, submission.lab)
