"""A list with its filter under a name: kept per person and list, opened, shared by its address."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.core.saved import listing, services
from bitgoeul.core.saved.models import SavedView

pytestmark = pytest.mark.django_db
LIST = "/alliance/organisations/"


@pytest.fixture
def person() -> User:
    for number in range(3):
        Organisation.objects.create(name_ko=f"가람{number}", kind="company" if number else "city")
    Organisation.objects.create(name_ko="=1+1", kind="company")
    return User.objects.create_user("haneul@example.org", "kkamak-7", full_name="하늘 시험")


@pytest.fixture
def client(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def save(client: Client, **more: str):
    facts = {"path": LIST, "query": "q=&kind=company&page=2", "name": "Companies"} | more
    return client.post("/views/save/", facts)


def test_a_view_is_kept_without_what_belongs_to_one_visit(client, person):
    assert save(client)["Location"] == f"{LIST}?kind=company"
    page = client.get(f"{LIST}?kind=company").content.decode()
    assert 'href="/alliance/organisations/?kind=company" aria-current="true">Companies' in page
    assert "Companies" not in Client().get(f"{LIST}?kind=company").content.decode()


def test_a_default_view_opens_and_everything_is_one_link_away(client):
    save(client, default="on")
    assert client.get(LIST)["Location"] == f"{LIST}?kind=company"
    assert "가람0" in client.get(f"{LIST}?view=all").content.decode()
    assert Client().get(LIST).status_code == 200
    save(client, name="Cities", query="kind=city", default="on")
    assert SavedView.objects.filter(is_default=True).get().name == "Cities"
    view = SavedView.objects.get(name="Cities")
    client.post(f"/views/{view.uuid}/default/")
    assert client.get(LIST).status_code == 200
    client.post(f"/views/{view.uuid}/delete/")
    assert not SavedView.objects.filter(name="Cities").exists()


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"path": "//evil.example/"}, 404),
        ({"path": "/accounts/login/"}, 404),
        ({"path": "/nowhere/"}, 404),
        ({"query": "page=3"}, 302),
        ({"name": "x" * 61}, 302),
        ({"query": "q=" + "x" * 1001}, 302),
    ],
)
def test_what_is_no_list_or_no_filter_is_not_kept(client, facts, status):
    assert save(client, **facts).status_code == status
    assert not SavedView.objects.exists()


def test_no_more_than_so_many(client):
    for number in range(services.MOST + 2):
        save(client, name=str(number))
    assert SavedView.objects.count() == services.MOST


def test_file_and_page_come_from_the_same_filter(client):
    save(client)
    page = client.get(f"{LIST}?kind=company")
    answer = client.get(f"{LIST}?kind=company&form=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    names = [row[0] for row in sheet.get_sheet_by_index(0).to_python()[1:]]
    assert names == [one.name_ko for one in page.context["page"]] == ["=1+1", "가람1", "가람2"]
    lines = b"".join(client.get(f"{LIST}?kind=company&form=csv").streaming_content).decode()
    assert "'=1+1" in lines


def _functions(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _functions(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback


def test_every_list_with_a_filter_keeps_views():
    kept = {f.__name__ for f in _functions(get_resolver().url_patterns) if listing.is_list(f)}
    assert kept >= {
        "organisation_list", "person_list", "vacancy_list", "offer_list", "placement_list",
        "check_list", "exclusion_list", "application_list", "enrolment_list", "completion",
        "lab_list", "submission_list",
    }  # fmt: skip


PUBLIC_LISTS = (
    "/alliance/agreements/", "/alliance/organisations/", "/programmes/", "/labs/",
    "/careers/rounds/", "/reports/",
)  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC_LISTS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_public_lists_are_handed_out(path, form):
    from tests.world import build_world

    build_world()
    client = Client(headers={"accept-language": "ko"})
    answer = client.get(f"{path}?form={form}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert len(b"".join(answer.streaming_content)) > 10


@pytest.mark.django_db(transaction=True)
def test_the_same_view_kept_by_many_at_once_is_one_view(person: User) -> None:
    """A form sent twice, or a program that repeats its call: nobody meets a clash of names."""
    start = threading.Barrier(8, timeout=30)

    def keep(number: int) -> str:
        try:
            start.wait()
            facts = {"person": person, "path": LIST, "by": person, "at": timezone.now()}
            name = f"보기 {number % 2}"
            services.save_view(query=f"q={number}", name=name, default=True, **facts)
            view = SavedView.objects.filter(person=person, name=name).get()
            services.choose_default(view=view, default=True, by=person, at=timezone.now())
            return "kept"
        except IntegrityError as clash:
            return str(clash)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(keep, range(8))) == {"kept"}
    assert SavedView.objects.filter(person=person).count() == 2
    assert SavedView.objects.filter(person=person, is_default=True).count() == 1
