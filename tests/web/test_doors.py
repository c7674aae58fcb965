"""Every door where files come in stands behind the one gate, and no request is too long."""

import ast
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from bitgoeul.core.uploads.sizes import USUAL_BYTES, most_of
from bitgoeul.web.middleware import BodySizeMiddleware

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "bitgoeul"
DOORS = {
    "apps/alliance/forms/committee.py": "apps/alliance/services/documents.py",
    "apps/contests/forms/bundles.py": "apps/contests/services/bundles.py",
    "apps/contests/forms/entries.py": "apps/labs/services/submissions.py",
    "apps/contests/forms/tasks.py": "apps/labs/services/submissions.py",
    "apps/credentials/forms.py": "apps/credentials/forms.py",
    "apps/programmes/forms/absences.py": "apps/programmes/services/absences.py",
    "apps/programmes/forms/projects.py": "apps/programmes/services/projects.py",
    "apps/programmes/forms/questions.py": "apps/programmes/services/answers.py",
    "apps/labs/forms.py": "apps/labs/services/submissions.py",
    "apps/reports/forms.py": "apps/reports/forms.py",
    "core/imports/forms.py": "core/imports/services/reading.py",
}
"""Every form with a file, and where the gate is asked."""


def test_every_form_with_a_file_is_known_and_asks_the_gate() -> None:
    forms = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in {"forms.FileField", "forms.ImageField"}
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    }
    assert forms == set(DOORS)
    for gate in DOORS.values():
        assert "uploads." in (PACKAGE / gate).read_text("utf-8"), gate


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_hostile_report_is_refused_in_words(language: str) -> None:
    client = Client(headers={"accept-language": language})
    said = {"ko": "여기에서 받는 형식: JSON, TXT", "en": "Taken here are: JSON, TXT"}[language]
    file = SimpleUploadedFile("report.json", b"<svg onload='alert(1)'/>")
    answer = client.post(reverse("reports:check_report"), {"file": file})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "onload" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/reports/check/", "/i18n/setlang/"])
def test_a_request_that_says_it_is_too_long_is_refused_before_it_is_read(address: str) -> None:
    """No `django_db`: the answer touches no database, and none of the body is read."""
    answer = Client(headers={"accept-language": "en"}).post(
        address, b"", content_type="text/plain", CONTENT_LENGTH=str(1 << 40)
    )
    assert answer.status_code == 413
    assert "What was sent is too large" in answer.content.decode()
    assert answer["X-Request-Number"] in answer.content.decode()


def test_each_view_says_how_much_it_takes() -> None:
    def view() -> None: ...

    assert most_of(view) == USUAL_BYTES
    middleware = BodySizeMiddleware(lambda request: pytest.fail("not reached"))
    for length, refused in (
        ("", False),
        ("5", False),
        ("-1", False),
        ("x", False),
        ("9" * 40, True),
    ):
        request = RequestFactory().post("/", CONTENT_LENGTH=length)
        answer = middleware.process_view(request, view, (), {})
        assert (answer is not None and answer.status_code == 413) == refused, length
