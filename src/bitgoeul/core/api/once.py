"""An `Idempotency-Key` makes a call happen once: its answer is kept with its effect.

The key's row is inserted first, in the transaction of the effect. Whoever comes second with the
same key waits there for the first, then reads the kept answer; if the first failed, nothing was
kept and the second does the work.
"""

import hashlib
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from bitgoeul.core import clock

from .models import KeptAnswer, Token
from .problems import FieldError, Problem

HEADER = "Idempotency-Key"
LENGTH = 200


def once(request: HttpRequest, token: Token, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the work unless this key has done it; then repeat what was answered."""
    key = request.headers.get(HEADER, "")
    if not key:
        return work()
    if len(key) > LENGTH or not (key.isascii() and key.isprintable()):
        message = _("At most %(limit)s visible ASCII characters.") % {"limit": LENGTH}
        raise Problem("invalid", errors=[FieldError(place=f"header.{HEADER}", message=message)])
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        fresh = KeptAnswer(token=token, key=key, fingerprint=fingerprint, made_at=clock.now())
        KeptAnswer.objects.bulk_create([fresh], ignore_conflicts=True)
        kept = KeptAnswer.objects.select_for_update(of=("self",)).get(token=token, key=key)
        if kept.fingerprint != fingerprint:
            raise Problem("key_reused")
        if kept.status:
            return _repeated(kept)
        answer = work()
        kept.status, kept.body = answer.status_code, answer.content.decode()
        kept.save(update_fields=["status", "body"])
    return answer


def _repeated(kept: KeptAnswer) -> HttpResponse:
    answer = HttpResponse(kept.body, status=kept.status, content_type="application/json")
    answer["Idempotent-Replayed"] = "true"
    return answer


def _fingerprint(request: HttpRequest) -> str:
    """What was asked; the boundary of a form's parts is not part of it."""
    seen = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        for name, value in sorted(request.POST.items()):
            seen.update(f"{name}={value}\n".encode())
        for name, file in sorted(request.FILES.items()):
            digest = hashlib.sha256()
            for piece in file.chunks():  # type: ignore[union-attr]  # one file a name
                digest.update(piece)
            file.seek(0)  # type: ignore[union-attr]  # the same
            seen.update(f"{name}={file.name} {digest.hexdigest()}\n".encode())  # type: ignore[union-attr]  # the same
    else:
        seen.update(request.body)
    return seen.hexdigest()
