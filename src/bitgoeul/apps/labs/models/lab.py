"""A task: what to do, with which data, and how what is handed in is evaluated."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.credentials.models import Achievement, Skill
from bitgoeul.apps.labs.enums import LabKind, LabState


def lab_file_path(file: "LabFile", name: str) -> str:
    """Keep a lab's files under its uuid; the name that people see is kept in the row."""
    return f"labs/{file.lab.uuid}/{file.kind}-{file.uuid}"


class Lab(models.Model):
    """A graded task. Truth, hidden checks and solutions never leave the server.

    Whatever its kind, an evaluation is one number that is held against `pass_score`: the metric
    of the predictions, or the sum of the points (then `metric` is `points`).

    A lab that a room above holds (`held_by_*`, kept as kind and uuid) is reached through that
    room only: it says who hands in, how often, and who sees which score.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=LabKind, default=LabKind.PREDICTION)
    title_ko = models.CharField(_("title in Korean"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    task_ko = models.TextField(_("task in Korean"), max_length=8000)
    task_en = models.TextField(_("task in English"), max_length=8000, blank=True)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="labs")
    source = models.CharField(_("source and licence of the data"), max_length=300, blank=True)
    metric = models.CharField(_("metric"), max_length=20)
    id_column = models.CharField(_("id column"), max_length=60, blank=True)
    target_column = models.CharField(_("target column"), max_length=60, blank=True)
    usage_column = models.CharField(
        _("column that splits the truth"), max_length=60, blank=True, default=""
    )
    pass_score = models.FloatField(_("score needed to pass"))
    higher_is_better = models.BooleanField(_("a higher score is better"), default=True)
    daily_limit = models.PositiveSmallIntegerField(_("submissions a day"), default=10)
    total_limit = models.PositiveSmallIntegerField(
        _("submissions altogether"), null=True, blank=True
    )
    max_points = models.FloatField(_("points altogether"), null=True, blank=True)
    bundle_task = models.PositiveSmallIntegerField(_("task of the bundle"), null=True, blank=True)
    seconds = models.PositiveSmallIntegerField(
        _("seconds that a run may take"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )
    memory_mb = models.PositiveIntegerField(
        _("memory of a run in MB"),
        default=1024,
        validators=[MinValueValidator(128), MaxValueValidator(4096)],
    )
    open_to_all = models.BooleanField(
        _("whoever is signed in may hand in"),
        default=False,
    )
    skills = models.ManyToManyField(Skill, blank=True, related_name="labs")
    achievement = models.ForeignKey(
        Achievement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="labs",
        verbose_name=_("certificate for whoever passes"),
    )
    held_by_kind = models.CharField(max_length=60, blank=True, default="")
    held_by_uuid = models.UUIDField(null=True, blank=True)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    state = models.CharField(_("state"), max_length=8, choices=LabState, default=LabState.DRAFT)

    class Meta:
        ordering = ("-opens_at", "id")
        verbose_name = _("lab")
        verbose_name_plural = _("labs")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="labs_lab_closes_after_opening",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko

    @property
    def task(self) -> str:
        """The task in the reader's language."""
        return self.task_en if get_language() == "en" and self.task_en else self.task_ko


class LabFile(models.Model):
    """A file of a lab: what participants take, and what stays hidden."""

    class Kind(models.TextChoices):
        TRAIN = "train", _("Training data")
        TEST = "test", _("Test data")
        SAMPLE = "sample", _("Sample submission")
        TRUTH = "truth", _("Truth (hidden)")
        STARTER = "starter", _("File to start from")
        DATA = "data", _("Data")
        CHECKS = "checks", _("Checks (hidden)")
        SOLUTION = "solution", _("Solution (hidden)")
        SOURCE = "source", _("Source notebook (hidden)")
        BUNDLE = "bundle", _("Contest bundle (hidden)")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("file name"), max_length=120)
    file = models.FileField(upload_to=lab_file_path, max_length=200)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("lab", "kind")
        verbose_name = _("lab file")
        verbose_name_plural = _("lab files")
        constraints = (
            models.UniqueConstraint(fields=("lab", "kind"), name="labs_labfile_kind_once"),
        )

    def __str__(self) -> str:
        return self.name


class Participant(models.Model):
    """A person whom a programme or contest admitted to a lab (kept as kind and uuid)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lab_places"
    )
    admitted_at = models.DateTimeField()
    admitted_by_kind = models.CharField(max_length=60)
    admitted_by_uuid = models.UUIDField()

    class Meta:
        ordering = ("lab", "person")
        verbose_name = _("lab participant")
        verbose_name_plural = _("lab participants")
        constraints = (
            models.UniqueConstraint(fields=("lab", "person"), name="labs_participant_once"),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.lab}"
