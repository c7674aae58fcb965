"""A person's tokens: made here, shown once, revoked here."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused

from . import rules, services
from .forms import TokenForm
from .models import Token


@require_safe
@access.signed_in
def token_list(request: HttpRequest) -> HttpResponse:
    """List one's tokens, without their secrets."""
    tokens = Token.objects.filter(rules.tokens_visible_to(request.user))
    return render(request, "api/token_list.html", {"tokens": tokens, "at": clock.now()})


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
@access.confirmed
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token; the answer to the form is the only page that ever shows it."""
    form, at = TokenForm(request.POST or None), clock.now()
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = services.create_token(
                owner=access.account(request), **form.facts(at=at), at=at
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"token": token, "secret": secret}
            answer = render(request, "api/token_made.html", context)
            answer["Cache-Control"] = "no-store, private"
            return answer
    status = 422 if form.errors else 200
    return render(request, "api/token_form.html", {"form": form}, status=status)


@require_POST
@access.signed_in
def token_revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a token."""
    token = access.get(Token.objects.all(), rules.tokens_visible_to(request.user), uuid=uuid)
    try:
        services.revoke_token(token=token, by=access.account(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The token is revoked."))
    return redirect("api:token_list")
