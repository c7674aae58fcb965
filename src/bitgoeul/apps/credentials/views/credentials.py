"""Credentials: one's own, and those that an organisation issued."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.credentials import queries, rules, services
from bitgoeul.apps.credentials.forms import CredentialFilter, RevocationForm
from bitgoeul.apps.credentials.models import Credential
from bitgoeul.apps.credentials.views.tables import credentials_table
from bitgoeul.core import access, clock, exports, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@access.signed_in
def own_list(request: SignedInRequest) -> HttpResponse:
    """List what one was given."""
    page = page_of(queries.credentials_of(request.user), request.GET.get("page"))
    context = {"page": page, "may_read_issued": rules.can_read_issued(request.user)}
    return render(request, "credentials/own_list.html", context)


@require_safe
@access.signed_in
@keeps_views
def issued_list(request: SignedInRequest) -> HttpResponse:
    """List what one's organisation and its partners issued."""
    access.require(rules.can_read_issued(request.user))
    filters = CredentialFilter(request.GET)
    page = page_of(_issued(request, filters), request.GET.get("page"))
    people = [row.person.uuid for row in page]
    journal.note_page(request, people, what="credentials.issued_list", purpose=_purpose())
    context = {"page": page, "table": credentials_table(page), "filters": filters}
    return render(request, "credentials/issued_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def issued_file(request: SignedInRequest, form: str) -> HttpResponseBase:
    """Hand out the same list as CSV or XLSX."""
    access.require(rules.can_read_issued(request.user))
    rows = list(_issued(request, CredentialFilter(request.GET)))
    people = [row.person.uuid for row in rows]
    journal.note_download(request, people, what="credentials.issued_file", purpose=_purpose())
    header = [_("Full name"), _("E-mail"), _("Certificate"), _("Issued by"), _("Date of issue"),
              _("State"), _("Reason"), _("Verification code")]  # fmt: skip
    lines = (
        (
            row.person.full_name,
            row.person.email,
            row.title,
            row.achievement.issuer.name,
            row.issued_at,
            row.get_state_display(),
            row.get_revocation_reason_display(),
            row.code,
        )
        for row in rows
    )
    return exports.table_response(form, "credentials", header, lines, title=_("Certificates"))


@require_safe
@access.signed_in
def credential_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a credential to its owner and to who answers for the issuer."""
    return _detail(request, _one(request, uuid), RevocationForm())


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def credential_file(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Hand out the signed document."""
    row = _kept(request, uuid, "credentials.credential_file")
    answer = JsonResponse(row.document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="credential-{row.code}.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def credential_paper(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand out the certificate as PDF."""
    row = _kept(request, uuid, "credentials.credential_paper")
    made = queries.pdf_of(row, address=verification_address(request, row))
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{row.code}.pdf"'
    return answer


@require_POST
@access.signed_in
def credential_revoke(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Revoke a credential, with a reason."""
    row = _one(request, uuid)
    access.require(rules.can_revoke_credential(request.user, row))
    form = RevocationForm(request.POST)
    if not form.is_valid():
        return _detail(request, row, form)
    facts = form.cleaned_data
    try:
        services.revoke_credential(credential=row, **facts, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The certificate has been revoked."))
    return redirect("credentials:credential_detail", uuid=uuid)


def verification_address(request: HttpRequest, row: Credential) -> str:
    """Return where anybody checks a credential."""
    public: str = settings.BITGOEUL.public_url
    return public + reverse("credentials:verify_code", kwargs={"code": row.code})


def _detail(request: SignedInRequest, row: Credential, form: RevocationForm) -> HttpResponse:
    journal.note_page(
        request,
        [row.person.uuid],
        what="credentials.credential_detail",
        purpose=_purpose(),
        about=row.uuid,
    )
    may_revoke = rules.can_revoke_credential(request.user, row) and row.state == "valid"
    context = {
        "credential": row,
        "description": row.said("description"),
        "criteria": row.said("criteria"),
        "narrative": row.said("narrative"),
        "skills": row.skill_names(),
        "own": row.person_id == request.user.pk,
        "note": row.revocation_note if rules.can_read_revocation_note(request.user, row) else "",
        "form": form if may_revoke else None,
        "address": verification_address(request, row),
    }
    status = 422 if form.errors else 200
    return render(request, "credentials/credential_detail.html", context, status=status)


def _one(request: SignedInRequest, uuid: UUID) -> Credential:
    rows = Credential.objects.select_related("achievement__issuer", "person", "key")
    return access.get(rows, rules.credentials_visible_to(request.user), uuid=uuid)


def _kept(request: SignedInRequest, uuid: UUID, what: str) -> Credential:
    row = _one(request, uuid)
    access.require(bool(row.document))
    people = [row.person.uuid]
    journal.note_download(request, people, what=what, purpose=_purpose(), about=row.uuid)
    return row


def _issued(request: SignedInRequest, filters: CredentialFilter) -> QuerySet[Credential]:
    asked = filters.cleaned_data if filters.is_valid() else {}
    return queries.credentials_listed(
        rules.credentials_overseen_by(request.user),
        name=asked.get("q", ""),
        kind=asked.get("kind", ""),
        state=asked.get("state", ""),
        achievement=asked.get("achievement", ""),
    )


def _purpose() -> str:
    return _("Certificates")
