"""A verdict applied once more, for whoever it concerns or who decides."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.queries.replaying import replays_of
from bitgoeul.apps.programmes.views.loading import enrolment_for, note_reading
from bitgoeul.core import access


@require_safe
@access.signed_in
def enrolment_replay(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Apply the rules of each verdict on somebody to its stored inputs once more."""
    enrolment = enrolment_for(rules.enrolments_visible_to(request.user), uuid)
    note_reading(request, [enrolment.person.uuid], what="enrolment_replay")
    context = {
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "own": enrolment.person_id == request.user.pk,
        "replays": replays_of(enrolment),
    }
    return render(request, "programmes/enrolment_replay.html", context)
