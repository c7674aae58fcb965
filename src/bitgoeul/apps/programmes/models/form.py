"""The form that an officer builds for a cohort, and what applicants answer to it."""

import datetime as dt
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import AccommodationState, DuplicateVerdict, QuestionKind
from bitgoeul.apps.programmes.models.application import Application
from bitgoeul.apps.programmes.models.programme import Cohort

LONGEST = {QuestionKind.SHORT: 300, QuestionKind.LONG: 4000}
_CHOOSING = frozenset((QuestionKind.SINGLE, QuestionKind.MULTIPLE))


class FormVersion(models.Model):
    """One version of a cohort's questions; published, it is never changed again."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="form_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("cohort_id", "-number")
        verbose_name = _("version of an application form")
        verbose_name_plural = _("versions of application forms")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "number"), name="programmes_form_once"),
            models.UniqueConstraint(
                fields=("cohort",),
                condition=models.Q(published_at__isnull=True),
                name="programmes_form_one_draft",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort} v{self.number}"


class Question(models.Model):
    """A typed question in two languages; `options` are its choices, `blind` hides it from reviews.

    The text of a consent is its help: together with the version it is what was agreed to.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(
        _("key"), max_length=40, validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z")]
    )
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind)
    label_ko = models.CharField(_("question in Korean"), max_length=200)
    label_en = models.CharField(_("question in English"), max_length=200, blank=True)
    help_ko = models.TextField(_("help in Korean"), max_length=4000, blank=True)
    help_en = models.TextField(_("help in English"), max_length=4000, blank=True)
    options = models.JSONField(_("choices"), default=list, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    blind = models.BooleanField(_("hidden from reviewers"), default=False)

    class Meta:
        ordering = ("version_id", "order", "id")
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = (
            models.UniqueConstraint(fields=("version", "key"), name="programmes_question_once"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The question in the reader's language."""
        return self.label_en if get_language() == "en" and self.label_en else self.label_ko

    @property
    def help(self) -> str:
        """The help in the reader's language."""
        return self.help_en if get_language() == "en" and self.help_en else self.help_ko

    def choices(self, language: str = "") -> list[tuple[str, str]]:
        """Return key and text of each choice in a language, the reader's if none is named."""
        english = (language or get_language()) == "en"
        return [
            (each["key"], (each.get("en") if english else "") or each["ko"])
            for each in self.options
        ]

    def takes_over(self, earlier: "Question") -> bool:
        """Whether an answer to an earlier version answers this one; a consent to its very text."""
        same = ["kind"]
        if self.kind == QuestionKind.CONSENT:
            same += ["label_ko", "label_en", "help_ko", "help_en"]
        return all(getattr(earlier, name) == getattr(self, name) for name in same)

    def clean(self) -> None:
        """Refuse choices where there is nothing to choose, a list without them, a bare consent."""
        if self.kind in _CHOOSING and len(self.options) < 2:
            raise ValidationError({"options": _("Give at least two choices.")})
        if self.kind not in _CHOOSING and self.options:
            raise ValidationError({"options": _("This kind of question has no choices.")})
        if self.kind == QuestionKind.CONSENT and not self.help_ko.strip():
            raise ValidationError({"help_ko": _("Write the text that people agree to.")})

    def checked(self, value: Any) -> Any:
        """Return an answer as it is stored: text, list of keys or bool; "" when there is none.

        Raises
        ------
        ValidationError
            When the value is no possible answer.
        """
        if value in (None, "", [], False):
            return ""
        if self.kind == QuestionKind.MULTIPLE:
            return self._several(value)
        if self.kind == QuestionKind.CONSENT:
            return value is True or self._impossible()
        if self.kind == QuestionKind.NUMBER:
            return self._number(value)
        if self.kind == QuestionKind.DATE:
            return self._date(value)
        text = str(value).strip() if isinstance(value, str) else self._impossible()
        if self.kind == QuestionKind.SINGLE and text not in self._keys():
            self._impossible()
        if self.kind == QuestionKind.YES_NO and text not in {"yes", "no"}:
            self._impossible()
        if len(text) > LONGEST.get(QuestionKind(self.kind), 4000):
            self._impossible()
        return text

    def _keys(self) -> set[str]:
        return {each["key"] for each in self.options}

    def _several(self, value: Any) -> list[str]:
        if not isinstance(value, list) or set(map(str, value)) - self._keys():
            self._impossible()
        return [each["key"] for each in self.options if each["key"] in set(map(str, value))]

    def _number(self, value: Any) -> str:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
            self._impossible()
        return format(number, "f")

    def _date(self, value: Any) -> str:
        try:
            return dt.date.fromisoformat(str(value)).isoformat()
        except ValueError:
            return str(self._impossible())

    def _impossible(self) -> Any:
        raise ValidationError(
            _("“%(question)s”: this answer is not possible."),
            code="invalid",
            params={"question": self.label},
        )


def answer_path(answer: "Answer", name: str) -> str:
    """Keep a file under its uuid, never under the name that came with it."""
    return f"application-answers/{answer.uuid}-{answer.sha256[:12]}"


class Answer(models.Model):
    """What an applicant answered to a question of the version that was current then."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField(default=str, blank=True)
    file = models.FileField(upload_to=answer_path, max_length=200, blank=True)
    name = models.CharField(_("file name"), max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("application_id", "question__order", "id")
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = (
            models.UniqueConstraint(
                fields=("application", "question"), name="programmes_answer_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application}: {self.question}"

    @property
    def words(self) -> str:
        """The answer as a person reads it."""
        return self.words_in(get_language() or "ko")

    def words_in(self, language: str) -> str:
        """The answer in a language; of a file its name."""
        question, value = self.question, self.value
        if question.kind == QuestionKind.FILE:
            return self.name
        if question.kind in _CHOOSING:
            texts = dict(question.choices(language))
            chosen = value if isinstance(value, list) else [value]
            return ", ".join(texts.get(str(each), str(each)) for each in chosen if each)
        with override(language):
            known = {True: gettext("Yes"), "yes": gettext("Yes"), "no": gettext("No")}
        return known.get(value, str(value or "")) if isinstance(value, bool | str) else ""


class Accommodation(models.Model):
    """What an applicant needs to take part on equal terms; reviewers never see it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="accommodation"
    )
    need = models.TextField(_("need"), max_length=2000, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=AccommodationState, default=AccommodationState.ASKED
    )
    answer = models.TextField(_("answer of the office"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    decided_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = _("request for accommodation")
        verbose_name_plural = _("requests for accommodation")

    def __str__(self) -> str:
        return f"{self.application}: {self.get_state_display()}"


class DuplicateDecision(models.Model):
    """An officer looked at two applications that may be of one person; nothing is merged."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(default=list)
    verdict = models.CharField(_("verdict"), max_length=9, choices=DuplicateVerdict)
    note = models.CharField(_("note"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-decided_at", "-id")
        verbose_name = _("decision on a likely duplicate")
        verbose_name_plural = _("decisions on likely duplicates")
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="programmes_duplicate_once"),
        )

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"
