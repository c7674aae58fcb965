"""A bundle of another platform becomes a contest: looked at first, then made."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bitgoeul.apps.alliance.models import SignedInRequest, User
from bitgoeul.apps.contests import rules, services
from bitgoeul.apps.contests.forms import BundleFactsForm, BundleUploadForm
from bitgoeul.apps.contests.queries.bundle_files import forget_bundle, keep_bundle, kept_bundle
from bitgoeul.apps.contests.queries.bundle_pages import bundle_page
from bitgoeul.core import access, clock, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.runner.bundles import Bundle

MONTH = dt.timedelta(days=30)


@uploads.body_up_to(services.BUNDLE_FILE_DOOR.most_bytes + 100_000)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def bundle_upload(request: SignedInRequest) -> HttpResponse:
    """Take a bundle and show what it would become; nothing is made yet."""
    access.require(rules.can_create_contest(request.user))
    form = BundleUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["bundle"].read(services.BUNDLE_FILE_DOOR.most_bytes + 1)
        try:
            bundle = services.read_bundle_file(content)
        except Refused as refusal:
            form.add_error("bundle", str(refusal))
        else:
            token = keep_bundle(content, person=request.user)
            facts = BundleFactsForm(person=request.user, initial=first_facts(bundle, token))
            return preview(request, bundle, facts, status=200)
    return render(
        request, "contests/bundle_upload.html", {"form": form}, status=422 if form.errors else 200
    )


@require_POST
@access.signed_in
def bundle_confirm(request: SignedInRequest) -> HttpResponse:
    """Make the contest of a bundle that was looked at."""
    access.require(rules.can_create_contest(request.user))
    content = kept_bundle(request.POST.get("token", ""), person=request.user)
    if content is None:
        messages.error(request, _("The bundle is not kept any more. Please upload it again."))
        return redirect("contests:bundle_upload")
    form = BundleFactsForm(request.POST, person=request.user)
    if form.is_valid():
        try:
            made = services.import_bundle(**form.facts(content), by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            forget_bundle(form.cleaned_data["token"])
            messages.success(request, _("The contest has been made as a draft from the bundle."))
            return redirect("contests:contest_plan", uuid=made.uuid)
    return preview(request, services.read_bundle_file(content), form, status=422)


def first_facts(bundle: Bundle, token: str) -> dict[str, object]:
    """What stands in the form at first: the bundle's own title and distances, from now on."""
    starts = [phase.start for phase in bundle.phases if phase.start]
    ends = [phase.end for phase in bundle.phases if phase.end]
    length = max(starts) - min(starts) if starts else dt.timedelta()
    if starts and ends and max(ends) > max(starts):
        length = max(ends) - min(starts)
    else:
        length += MONTH
    now = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    opens = max(min(starts), now) if starts else now
    return {
        "token": token, "title_ko": bundle.title[:120], "opens_at": opens,
        "closes_at": opens + length,
    }  # fmt: skip


def preview(
    request: HttpRequest, bundle: Bundle, form: BundleFactsForm, *, status: int
) -> HttpResponse:
    """Show phases, tasks and leaderboards, and ask for what the bundle does not say."""
    assert isinstance(request.user, User)
    context = bundle_page(bundle) | {"form": form}
    return render(request, "contests/bundle_preview.html", context, status=status)
