"""News is told with its change or not at all; letters go out once; a link ends them."""

import email
import os
import re
import subprocess
import sys
from email import policy
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse, set_urlconf
from django.utils import translation

from bitgoeul.apps.alliance.models import User
from bitgoeul.core import jobs, notices
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.journal.models import Entry
from bitgoeul.core.notices import letters, services, tasks, topics
from bitgoeul.core.notices.enums import MailState
from bitgoeul.core.notices.models import Mail, Notice
from tests.world import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_user("haneul@example.org", "kkamak-7", full_name="하늘 시험")


def tell(person: User, **more: object) -> None:
    notices.tell("labs.scored", person=person, path="/labs/", at=AT, lab="첫 실습", **more)


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "bitgoeul.core.notices.mailbox.FolderBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def test_news_of_a_change_that_failed_is_no_news(person):
    with transaction.atomic():
        tell(person)
        assert Job.objects.count() == 1
        transaction.set_rollback(True)
    assert (Notice.objects.count(), Mail.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_a_letter_speaks_the_person_s_language_and_can_be_ended(person):
    User.objects.filter(pk=person.pk).update(language="en")
    tell(person)
    jobs.run_pending(at=AT)
    (sent,) = outbox.outbox
    assert sent.subject == "[Bitgoeul] Your submission has been evaluated"
    assert "Lab “첫 실습”: your submission has been evaluated." in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in sent.body
    assert Mail.objects.get().state == MailState.SENT
    User.objects.filter(pk=person.pk).update(language="ko")
    tell(person)
    jobs.run_pending(at=AT)
    assert outbox.outbox[1].subject == "[빛고을] 제출하신 것을 채점했습니다"


def test_a_letter_that_was_out_before_the_kill_is_one_letter_after_it(person, folder):
    """Sent, and killed before that was written down: the same file again, none beside it."""
    tell(person)
    task = tasks.send_mail.func(str(Mail.objects.get().uuid))
    assert isinstance(task, jobs.Commit), "its effect is never applied: that is the kill"
    first = {path.name for path in folder.iterdir()}
    jobs.run_pending(at=AT)
    assert {path.name for path in folder.iterdir()} == first
    assert len(first) == 1
    letter = email.message_from_bytes(next(folder.iterdir()).read_bytes(), policy=policy.default)
    assert letter["Message-ID"] == letters.message_id(Mail.objects.get())
    assert Mail.objects.get().state == MailState.SENT
    tasks.send_mail.func(str(Mail.objects.get().uuid))
    assert len(list(folder.iterdir())) == 1


def test_a_letter_whose_job_is_lost_is_asked_for_again_and_given_up_after_days(person):
    tell(person)
    Job.objects.all().delete()
    later = AT + services.GIVEN_UP / 2
    assert services.post_again(at=later) == 1
    assert services.post_again(at=later) == 1
    assert Job.objects.count() == 1
    jobs.run_pending(at=later)
    assert len(outbox.outbox) == 1
    tell(person)
    Job.objects.all().delete()
    services.post_again(at=AT + 2 * services.GIVEN_UP)
    assert Mail.objects.filter(state=MailState.DROPPED).count() == 1


def test_the_same_news_is_told_once(person):
    tell(person, once="a")
    tell(person, once="a")
    tell(person, once="b")
    assert Notice.objects.count() == 2


def test_daily_news_comes_together_and_what_was_read_is_left_out(person):
    services.choose_mail(person=person, choices={"labs": "daily"}, by=person, at=AT)
    for _each in range(3):
        tell(person)
    services.mark_read(notices=Notice.objects.filter(pk=Notice.objects.first().pk), at=AT)
    jobs.run_pending(at=AT)
    assert outbox.outbox == []
    assert services.gather_digests(at=AT) == 1
    assert services.gather_digests(at=AT) == 0
    jobs.run_pending(at=AT)
    (sent,) = outbox.outbox
    assert sent.subject == "[빛고을] 오늘의 알림"
    assert sent.body.count("* 제출하신 것을 채점했습니다") == 2


def test_no_mail_to_those_who_want_none_or_cannot_sign_in(person):
    services.choose_mail(person=person, choices={"labs": "off"}, by=person, at=AT)
    tell(person)
    tell(User.objects.create_user("only-imported@example.org", full_name="명단"))
    assert Notice.objects.count() == 2
    assert Mail.objects.count() == 0


@pytest.mark.parametrize(("chosen", "topic"), [("immediate", "labs"), ("daily", letters.DAILY)])
def test_the_link_ends_mail_without_signing_in(person, chosen, topic):
    services.choose_mail(person=person, choices={"labs": chosen}, by=person, at=AT)
    link = letters.unsubscribe_address(person, topic).partition("//")[2]
    path = link[link.index("/") :]
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    page = client.get(path)
    assert "End mail of this kind?" in page.content.decode()
    assert person.notice_preferences.get().when == chosen, "looking changes nothing"
    done = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert person.notice_preferences.get().when == "off"
    assert Entry.objects.filter(event="preference.chosen", actor_uuid=person.uuid).exists()
    assert client.post(path[:-3] + "x/").status_code == 404


def test_no_subject_names_anybody():
    """In neither language: the subject of a mail is seen by people beside its reader."""
    assert len(topics.all_topics()) >= 7
    for topic in topics.all_topics():
        for language in topics.LANGUAGES:
            with translation.override(language):
                for message in topic.messages:
                    assert not re.search(r"%\(|\{", str(message.subject)), message.key
                    assert str(message.subject) != "", message.key


def test_a_worker_that_has_opened_no_page_knows_every_message():
    code = (
        "import django; django.setup()\n"
        "from bitgoeul.core.notices import topics\n"
        "print(topics.find_message('reports.published').key, len(topics.all_topics()))"
    )
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "bitgoeul.web.settings"}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["reports.published", str(len(topics.all_topics()))]


def test_a_worker_s_own_addresses_are_those_of_the_pages(person, settings):
    """It loads the pages without the API; whatever a letter names is there."""
    tell(person)
    row = Mail.objects.get()
    whole = letters.letter_of(row)
    ours, pages = get_resolver(), get_resolver(settings.BITGOEUL_WORKER_URLCONF)
    set_urlconf(settings.BITGOEUL_WORKER_URLCONF)
    try:
        assert letters.letter_of(row).body == whole.body
    finally:
        set_urlconf(None)
    assert set(pages.namespace_dict) == set(ours.namespace_dict) - {"admin", "v1"}


def test_a_subject_with_a_placeholder_is_refused():
    bad = notices.Message(key="x.y", subject="For %(name)s", text="-")
    with pytest.raises(ValueError, match="names nobody"):
        notices.declare(notices.Topic(key="x", title="-", about="-", messages=(bad,)))


def test_news_leads_only_into_this_site(person):
    with pytest.raises(ValueError, match="no address"):
        notices.tell("labs.scored", person=person, path="//evil.example/", at=AT, lab="-")


def test_the_page_shows_unread_first_and_the_bell_counts(person, django_assert_num_queries):
    tell(person)
    first = Notice.objects.get()
    notices.tell("imports.read", person=person, path="/imports/", at=AT, file="a.csv")
    client = Client(headers={"accept-language": "ko"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("notices:list")).content.decode()
    assert '<span class="b info">2</span>' in page
    opened = client.post(reverse("notices:open", kwargs={"uuid": first.uuid}))
    assert opened["Location"] == "/labs/"
    page = client.get(reverse("notices:list")).content.decode()
    assert '<span class="b info">1</span>' in page
    assert page.index("파일을 다 읽었습니다") < page.index("제출하신 것을 채점했습니다")
    page = client.get(reverse("notices:list") + "?topic=labs").content.decode()
    assert "<p>파일을" not in page
    client.post(reverse("notices:read_all"))
    assert not Notice.objects.filter(read_at=None).exists()


def test_telling_many_costs_the_same_as_telling_few(person, django_assert_num_queries):
    people = [
        User.objects.create_user(f"p{n}@example.org", "kkamak-7", full_name=f"사람 {n}")
        for n in range(8)
    ]

    def news(some):
        return [notices.News(person=p, path="/labs/", values={"lab": "-"}) for p in some]

    with django_assert_num_queries(6):
        notices.tell_many("labs.scored", news(people[:2]), at=AT)
    with django_assert_num_queries(6):
        notices.tell_many("labs.scored", news(people), at=AT)
