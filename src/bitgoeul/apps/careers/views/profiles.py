"""Profiles: written by graduates, seen by the employers they apply to."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.alliance.queries import has_consented
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.forms import ProfileForm
from bitgoeul.apps.careers.models import Profile
from bitgoeul.apps.careers.views.replies import note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def profile_edit(request: SignedInRequest) -> HttpResponse:
    """Write one's own profile."""
    profile = Profile.objects.filter(person=request.user).first()
    form = ProfileForm(request.POST or None, instance=profile)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_profile(
                person=request.user, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("careers:profile_edit")
    consented = has_consented(request.user, Purpose.EMPLOYER_SHARING)
    status = 422 if form.errors else 200
    context = {"form": form, "profile": profile, "consented": consented}
    return render(request, "careers/profile_form.html", context, status=status)


@require_safe
@access.signed_in
def profile_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a graduate's profile to whoever may see it; the reading is recorded."""
    profile = access.get(
        Profile.objects.select_related("person"),
        rules.profiles_visible_to(request.user),
        uuid=uuid,
    )
    note_reading(request, [profile.person.uuid], what="careers.profile")
    return render(request, "careers/profile_detail.html", {"profile": profile})
