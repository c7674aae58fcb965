"""Keeping a list with its filter, and what one keeps."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused

from . import listing, rules, services
from .forms import SaveForm
from .models import SavedView


@require_safe
@access.signed_in
def view_list(request: HttpRequest) -> HttpResponse:
    """Show the views one keeps."""
    kept = SavedView.objects.filter(rules.views_visible_to(request.user))
    return render(request, "saved/list.html", {"views": kept})


@require_POST
@access.signed_in
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filter of a list under a name, and go on there."""
    form = SaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 60 characters."))
        return redirect("saved:list")
    facts = form.cleaned_data
    listing.require_list(facts["path"])
    try:
        view = services.save_view(
            person=request.user,
            path=facts["path"],
            query=facts["query"],
            name=facts["name"],
            default=facts["default"],
            by=request.user,
            at=clock.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{facts['path']}?view={listing.WHOLE}")
    messages.success(request, _("The view has been saved."))
    return redirect(view.address)


@require_POST
@access.signed_in
def default(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have a view open by itself, or no longer."""
    view = access.get(SavedView.objects.all(), rules.views_visible_to(request.user), uuid=uuid)
    services.choose_default(view=view, default=not view.is_default, by=request.user, at=clock.now())
    return redirect("saved:list")


@require_POST
@access.signed_in
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Forget a view."""
    view = access.get(SavedView.objects.all(), rules.views_visible_to(request.user), uuid=uuid)
    services.forget_view(view=view, by=request.user, at=clock.now())
    messages.success(request, _("The view has been deleted."))
    return redirect("saved:list")
