"""Skills: a list that everybody reads, with what they are called elsewhere."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.credentials import queries, rules, services
from bitgoeul.apps.credentials.forms import SkillFilter
from bitgoeul.apps.credentials.models import Skill
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@keeps_views
def skill_list(request: HttpRequest) -> HttpResponseBase:
    """List skills with their NCS class; the file can be imported again."""
    filters = SkillFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.skills_listed(name=asked.get("q", ""))
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        return exports.table_response(form, "skills", _header(), map(_line, found))
    context = {
        "page": page_of(found, request.GET.get("page")),
        "filters": filters,
        "may_write": rules.can_write_skills(request.user),
    }
    return render(request, "credentials/skill_list.html", context)


def _header() -> list[str]:
    return [_("Key"), _("Name in Korean"), _("Name in English"), _("Other names"), _("NCS class"),
            _("NCS code"), "ESCO", "O*NET", _("Source")]  # fmt: skip


def _line(row: Skill) -> tuple[object, ...]:
    names = ", ".join(row.aliases)
    return (row.key, row.name_ko, row.name_en, names, row.ncs_class, row.ncs_code, row.esco_uri,
            row.onet_codes, row.source)  # fmt: skip


@require_safe
def skill_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a skill: its other names, its places in NCS, ESCO and O*NET, and what proves it."""
    row = access.get(Skill.objects.all(), access.EVERYBODY, uuid=uuid)
    proved_by = row.achievements.filter(retired_at__isnull=True).select_related("issuer")
    context = {"skill": row, "achievements": proved_by}
    return render(request, "credentials/skill_detail.html", context)


@require_POST
@access.signed_in
def skills_start(request: SignedInRequest) -> HttpResponse:
    """Add what the shipped lexicon has and the list lacks."""
    access.require(rules.can_write_skills(request.user))
    try:
        number = services.load_starter_skills(by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        told = ngettext("%(number)s skill has been added.", "%(number)s skills have been added.",
                        number) % {"number": number}  # fmt: skip
        messages.success(request, told)
    return redirect("credentials:skill_list")
