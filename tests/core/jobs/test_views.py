"""The progress page and its button: who sees them, and how they slow down and stop."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from bitgoeul.apps.alliance.models import User
from bitgoeul.core import jobs
from bitgoeul.core.jobs import queue, rules
from bitgoeul.core.jobs.models import Job
from tests.core.jobs import sample_tasks

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "accept-language": "en"}


@pytest.fixture
def owner():
    return User.objects.create_user("owner@example.org", full_name="Owner")


@pytest.fixture
def client(owner):
    signed_in = Client(headers={"accept-language": "en"})
    signed_in.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    return signed_in


@pytest.fixture
def job(owner):
    return jobs.enqueue(sample_tasks.count_rows, by=owner, total=3)


def look(client, job, query=""):
    return client.get(f"/jobs/{job.uuid}/{query}", headers=HTMX)


def test_the_page_has_the_fragment_and_a_link_for_no_javascript(client, job):
    text = client.get(f"/jobs/{job.uuid}/").content.decode()
    assert f'id="job-{job.uuid}"' in text
    assert "delay:2s" in text
    assert f'<noscript><p class="hint"><a href="/jobs/{job.uuid}/">' in text
    assert "<h1" in text


def test_polls_ever_more_slowly(client, job):
    seconds = []
    query = ""
    for _ in range(12):
        text = look(client, job, query).content.decode()
        assert "<h1" not in text
        seconds.append(int(text.split("delay:")[1].split("s")[0]))
        query = "?step=" + text.split("?step=")[1].split('"')[0]
    assert seconds == [2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10]


@pytest.mark.parametrize("step", ["-1", "x", "", "²", "9" * 400])
def test_odd_steps_do_no_harm(client, job, step):
    assert look(client, job, f"?step={step}").status_code == 200


def test_shows_how_far_it_is(client, job):
    claimed = queue.claim(worker="w", at=timezone.now())
    queue.beat(claimed, progress=(1200, 3000, "half way"))
    text = look(client, job).content.decode()
    assert 'max="3000" value="1200"' in text
    assert "half way" in text


def test_stops_and_reloads_the_page_when_done(client, job):
    jobs.run_pending()
    answer = look(client, job)
    assert answer.headers["HX-Refresh"] == "true"
    assert "hx-get" not in answer.content.decode()
    assert "hx-get" not in client.get(f"/jobs/{job.uuid}/").content.decode()


def test_a_failure_shows_its_reason(client, owner):
    job = jobs.enqueue(sample_tasks.refuse, by=owner)
    jobs.run_pending()
    text = client.get(f"/jobs/{job.uuid}/").content.decode()
    assert "the file is empty" in text
    assert '<progress class="fail"' in text


def test_the_button_stops_a_waiting_job(client, job):
    text = client.get(f"/jobs/{job.uuid}/").content.decode()
    assert f'action="/jobs/{job.uuid}/cancel/"' in text
    answer = client.post(f"/jobs/{job.uuid}/cancel/")
    assert answer.url == f"/jobs/{job.uuid}/"
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert "cancel/" not in client.get(answer.url).content.decode()


def test_get_does_not_cancel(client, job):
    assert client.get(f"/jobs/{job.uuid}/cancel/").status_code == 405


def test_hidden_and_absent_answer_alike(job):
    stranger = Client()
    stranger.force_login(
        User.objects.create_user("other@example.org", full_name="Other"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    absent = "/jobs/00000000-0000-4000-8000-000000000000/"
    for visitor in (stranger, Client()):
        assert visitor.get(f"/jobs/{job.uuid}/").status_code == 404
        assert visitor.post(f"/jobs/{job.uuid}/cancel/").status_code == 404
        assert visitor.get(absent).status_code == 404
    job.refresh_from_db()
    assert job.state == "ready"


def test_rule_and_filter_agree(owner, job):
    scheduled = jobs.enqueue(sample_tasks.tell_time)
    boss = User.objects.create_superuser("boss@example.org", full_name="Boss")
    stranger = User.objects.create_user("other@example.org", full_name="Other")
    for user, expected in ((owner, {job}), (stranger, set()), (boss, {job, scheduled})):
        visible = set(Job.objects.filter(rules.jobs_visible_to(user)))
        assert visible == {one for one in (job, scheduled) if rules.can_see_job(user, one)}
        assert visible == expected


def test_a_page_about_a_task_that_is_gone_still_works(client, job):
    Job.objects.update(task="gone.away", created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert "Work in the background" in client.get(f"/jobs/{job.uuid}/").content.decode()
