"""One's news, and when mail about it comes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.core import access, clock

from . import letters, queries, rules, services, topics
from .enums import When
from .forms import MailForm, NoticeFilter
from .models import Notice


@require_safe
@access.signed_in
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show one's news, unread first, of one topic or of all."""
    filters = NoticeFilter(request.GET)
    topic = filters.cleaned_data["topic"] if filters.is_valid() else ""
    context = {
        "page": Paginator(queries.notices_of(request.user, topic=topic), 30).get_page(
            request.GET.get("page")
        ),
        "filters": filters,
        "topic": topic,
    }
    return render(request, "notices/list.html", context)


@require_POST
@access.signed_in
def open_notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Mark one notice as read and go where it leads."""
    notice = access.get(Notice.objects.all(), rules.notices_visible_to(request.user), uuid=uuid)
    services.mark_read(notices=Notice.objects.filter(pk=notice.pk), at=clock.now())
    return redirect(notice.path)


@require_POST
@access.signed_in
def read_notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Mark one notice as read and stay."""
    notice = access.get(Notice.objects.all(), rules.notices_visible_to(request.user), uuid=uuid)
    services.mark_read(notices=Notice.objects.filter(pk=notice.pk), at=clock.now())
    return redirect("notices:list")


@require_POST
@access.signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark what the filter shows as read."""
    found = Notice.objects.filter(rules.notices_visible_to(request.user))
    if topic := request.POST.get("topic", ""):
        found = found.filter(topic=topic)
    count = services.mark_read(notices=found, at=clock.now())
    said = ngettext(
        "%(count)s notice has been marked as read.",
        "%(count)s notices have been marked as read.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("notices:list")


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def settings(request: HttpRequest) -> HttpResponse:
    """Choose when mail comes, topic by topic."""
    form = MailForm(request.POST or None, initial=queries.choices_by(request.user))
    if request.method == "POST" and form.is_valid():
        services.choose_mail(
            person=request.user, choices=form.cleaned_data, by=request.user, at=clock.now()
        )
        messages.success(request, _("Your choice of mail has been saved."))
        return redirect("notices:settings")
    status = 422 if form.errors else 200
    return render(request, "notices/settings.html", {"form": form}, status=status)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed link is the authority
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End mail about a topic: asked first in a browser, at once from a mail program's button."""
    held = letters.read_token(token)
    person = _person(held[0]) if held else None
    access.require(held is not None and person is not None)
    key = held[1] if held else ""
    topic = topics.find_topic(key)
    if request.method == "POST":
        chosen = queries.choices_by(person)
        ended = [one for one, when in chosen.items() if key in (one, when)]
        services.choose_mail(
            person=person, choices=dict.fromkeys(ended, When.OFF), by=person, at=clock.now()
        )
    context = {"topic": topic, "done": request.method == "POST"}
    return render(request, "notices/unsubscribe.html", context)


def _person(uuid: UUID) -> Any:
    return get_user_model()._default_manager.filter(uuid=uuid).first()
