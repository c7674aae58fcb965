"""One's own sessions, one by one."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bitgoeul.apps.alliance import services
from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.core import access, clock


@require_POST
@access.signed_in
def session_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign one of one's own devices out from afar."""
    session = UserSession.objects.filter(user=request.user, pk=pk).first()
    if session is None:
        messages.info(request, _("This device was signed out already."))
        return redirect("usersessions_list")
    session.end()
    services.note_sign_in_change(
        person=request.user, event="session.ended", by=request.user, at=clock.now()
    )
    messages.success(request, _("The device has been signed out."))
    return redirect("usersessions_list")
