"""Transcripts: one's own, those that an officer hands out, and the check by anybody."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.credentials.enums import CredentialState
from bitgoeul.apps.credentials.models import Credential
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms.transcripts import CertificateForm, TranscriptCodeForm
from bitgoeul.apps.programmes.models import Enrolment, Transcript
from bitgoeul.apps.programmes.queries.certificates import certificates_of, is_withheld
from bitgoeul.apps.programmes.queries.transcript import transcript_content
from bitgoeul.apps.programmes.queries.transcript_words import (
    check_transcript,
    said_of,
    transcript_pdf,
)
from bitgoeul.apps.programmes.views.loading import note_download, note_reading
from bitgoeul.apps.programmes.views.replies import acting, address, done
from bitgoeul.core import access


@require_safe
@access.signed_in
def enrolment_transcript(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a transcript as it stands today, the certificates, and what was handed out."""
    enrolment = transcript_enrolment(request, uuid)
    content = transcript_content(enrolment)
    own = enrolment.person_id == request.user.pk
    people = [enrolment.person.uuid]
    note_reading(request, people, what="enrolment_transcript", purpose=_("Transcript"))
    manages = not own and rules.can_manage_enrolment(request.user, enrolment)
    certificates = certificates_of(enrolment)
    owed = manages and _is_owed(content, certificates)
    withheld = bool(certificates) and is_withheld(certificates[0])
    context = {
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "own": own,
        "manages": manages,
        "said": said_of(content),
        "certificates": certificates,
        "owed": owed and not withheld,
        "withheld": owed and withheld,
        "issued": list(enrolment.transcripts.order_by("-issued_at", "-pk")[:20]),
    }
    return render(request, "programmes/enrolment_transcript.html", context)


@require_POST
@access.signed_in
def transcript_issue(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Freeze the transcript as it stands, to be handed out."""
    enrolment = transcript_enrolment(request, uuid)
    facts = {"enrolment": enrolment, **acting(request)}
    return done(
        request,
        lambda: services.issue_transcript(**facts),
        said=_("The transcript is ready."),
        to=address("enrolment_transcript", enrolment),
    )


@require_POST
@access.signed_in
def enrolment_certificate(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Bring one person's certificate in line with the verdict."""
    rows = _enrolments()
    enrolment = access.get(rows, rules.enrolments_managed_by(request.user), uuid=uuid)
    facts = {"cohort": enrolment.cohort, "enrolments": [enrolment], **acting(request)}
    asked = CertificateForm(request.POST)
    if not asked.is_valid():
        messages.error(request, str(next(iter(asked.errors.values()))[0]))
        return redirect(address("enrolment_transcript", enrolment))
    facts |= asked.facts()
    return done(
        request,
        lambda: services.settle_certificates(**facts),
        said=_("The certificate says what the verdict says."),
        to=address("enrolment_transcript", enrolment),
    )


@require_POST
@access.signed_in
def enrolment_decide(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Decide one person's completion again, after a correction."""
    rows = _enrolments()
    enrolment = access.get(rows, rules.enrolments_managed_by(request.user), uuid=uuid)
    facts = {"enrolment": enrolment, **acting(request)}
    return done(
        request,
        lambda: services.decide_completion_again(**facts),
        said=_("Completion is decided by what stands now; where nothing differs, nothing changed."),
        to=address("appeal_list", enrolment.cohort),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def transcript_paper(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand out a transcript as PDF, in the reader's language."""
    visible = Enrolment.objects.filter(rules.transcripts_visible_to(request.user))
    rows = Transcript.objects.select_related("enrolment__person").filter(enrolment__in=visible)
    row = access.get(rows, access.EVERYBODY, uuid=uuid)
    access.require(bool(row.content))
    people = [row.enrolment.person.uuid]
    note_download(request, people, what="transcript_paper", purpose=_("Transcript"), about=row.uuid)
    answer = HttpResponse(transcript_pdf(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="transcript-{row.code}.pdf"'
    return answer


@require_safe
def transcript_check(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a transcript."""
    form = TranscriptCodeForm(request.GET or None)
    if request.GET and form.is_valid():
        return redirect("programmes:transcript_code", code=form.cleaned_data["code"])
    status = 422 if form.errors else 200
    return render(request, "programmes/transcript_check.html", {"form": form}, status=status)


@require_safe
def transcript_code(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the transcript of a code stands."""
    form = TranscriptCodeForm(initial={"code": code})
    context = {"form": form, "found": check_transcript(code)}
    return render(request, "programmes/transcript_check.html", context)


def transcript_enrolment(request: SignedInRequest, uuid: UUID) -> Enrolment:
    """Return an enrolment whose transcript the person may see."""
    return access.get(_enrolments(), rules.transcripts_visible_to(request.user), uuid=uuid)


def _enrolments() -> QuerySet[Enrolment]:
    return Enrolment.objects.select_related(
        "person", "track", "cohort__programme__organiser", "cohort__rule_set"
    )


def _is_owed(content: dict[str, object], certificates: list[Credential]) -> bool:
    verdict = content["verdict"]
    assert verdict is None or isinstance(verdict, dict)
    completed = bool(verdict and verdict["completed"])
    return completed != any(row.state == CredentialState.VALID for row in certificates)
