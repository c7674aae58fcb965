"""Anybody checks a credential here, without signing in: by its code, or by its file."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.credentials import queries
from bitgoeul.apps.credentials.forms import DOOR, CodeForm, CredentialFileForm
from bitgoeul.apps.credentials.models import StatusList
from bitgoeul.core import access, clock, uploads


@require_http_methods(["GET", "HEAD"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a file."""
    form = CodeForm(request.GET or None)
    if request.GET and form.is_valid():
        return redirect("credentials:verify_code", code=form.cleaned_data["code"])
    return _page(request, code_form=form, status=422 if form.errors else 200)


@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the credential of a code stands."""
    found = queries.verify_code(code)
    return _page(request, code_form=CodeForm(initial={"code": code}), found=found)


@uploads.body_up_to(DOOR.most_bytes)
@require_POST
def verify_file(request: HttpRequest) -> HttpResponse:
    """Say whether an uploaded credential stands; the file is not kept."""
    form = CredentialFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form, status=422)
    found = queries.verify_file(form.cleaned_data["file"])
    return _page(request, file_form=CredentialFileForm(), found=found)


@require_safe
def status_list(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Hand out, for programs, which credentials of a list were revoked."""
    rows = StatusList.objects.select_related("organisation")
    found = access.get(rows, access.EVERYBODY, uuid=uuid)
    return JsonResponse(queries.status_document(found, at=clock.now()))


@require_safe
def key_list(request: HttpRequest) -> HttpResponse:
    """Show the public keys of every issuer, to compare a file's key with."""
    return render(request, "credentials/key_list.html", {"keys": queries.issuer_keys()})


def _page(
    request: HttpRequest,
    *,
    code_form: CodeForm | None = None,
    file_form: CredentialFileForm | None = None,
    found: queries.Verification | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "code_form": code_form or CodeForm(),
        "file_form": file_form or CredentialFileForm(),
        "found": found,
    }
    return render(request, "credentials/verify.html", context, status=status)
