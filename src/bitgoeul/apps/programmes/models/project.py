"""Assignments and company projects: teams, milestones, what was handed in, how it was judged."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.programmes.enums import MarkRole, ProjectKind
from bitgoeul.apps.programmes.models.design import Module
from bitgoeul.apps.programmes.models.enrolment import Enrolment
from bitgoeul.apps.programmes.models.programme import Cohort, Track

POINTS = [MinValueValidator(0), MaxValueValidator(100)]


class Project(models.Model):
    """A piece of work with due dates: an assignment of everyone, or a project for a company.

    `weights` say in percent how much the marks of instructor, mentor and company count.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="projects")
    track = models.ForeignKey(
        Track, on_delete=models.CASCADE, null=True, blank=True, related_name="projects"
    )
    module = models.ForeignKey(
        Module, on_delete=models.SET_NULL, null=True, blank=True, related_name="projects"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ProjectKind)
    title_ko = models.CharField(_("title in Korean"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    brief = models.TextField(_("what is to be done"), max_length=8000)
    company = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    required = models.BooleanField(_("needed for completion"), default=True)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"), default=60, validators=POINTS)
    weight_instructor = models.PositiveSmallIntegerField(
        _("weight of the instructor"), default=100, validators=POINTS
    )
    weight_mentor = models.PositiveSmallIntegerField(
        _("weight of the mentor"), default=0, validators=POINTS
    )
    weight_company = models.PositiveSmallIntegerField(
        _("weight of the company"), default=0, validators=POINTS
    )
    peer_review = models.BooleanField(_("members of a team review each other"), default=False)
    given_at = models.DateTimeField(_("given out at"))

    class Meta:
        ordering = ("cohort_id", "given_at", "id")
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    weight_instructor=100 - models.F("weight_mentor") - models.F("weight_company")
                ),
                name="programmes_project_weights_are_100",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko

    @property
    def weights(self) -> dict[str, int]:
        """How much each mark counts, in percent; only those that count."""
        found = {
            MarkRole.INSTRUCTOR.value: self.weight_instructor,
            MarkRole.MENTOR.value: self.weight_mentor,
            MarkRole.COMPANY.value: self.weight_company,
        }
        return {role: weight for role, weight in found.items() if weight}


class Milestone(models.Model):
    """A part of a project that is handed in by a moment."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=120)
    due_at = models.DateTimeField(_("due at"))

    class Meta:
        ordering = ("project_id", "order", "id")
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = (
            models.UniqueConstraint(
                fields=("project", "order"), name="programmes_milestone_order_once"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Team(models.Model):
    """Who works together on a project; one person alone is a team, too."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(_("name of the team"), max_length=80)
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mentored_teams",
    )
    members = models.ManyToManyField(Enrolment, through="TeamMember", related_name="teams")

    class Meta:
        ordering = ("project_id", "name", "id")
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = (
            models.UniqueConstraint(fields=("project", "name"), name="programmes_team_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """Somebody is in a team of a project; nobody is in two."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="team_memberships"
    )

    class Meta:
        ordering = ("team_id", "id")
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        constraints = (
            models.UniqueConstraint(
                fields=("project", "enrolment"), name="programmes_team_member_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.team}"


def hand_in_path(hand_in: "HandIn", name: str) -> str:
    """Keep a file under its uuid, never under the name that came with it."""
    return f"hand-ins/{hand_in.uuid}"


class HandIn(models.Model):
    """What a team handed in for a milestone; the newest counts, older ones stay."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="hand_ins")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="hand_ins")
    file = models.FileField(upload_to=hand_in_path, max_length=200, blank=True)
    name = models.CharField(_("file name"), max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    text = models.TextField(_("answer or link"), max_length=8000, blank=True)
    late = models.BooleanField(_("after the due date"), default=False)
    handed_in_at = models.DateTimeField(_("handed in at"))
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hand_ins"
    )

    class Meta:
        ordering = ("-handed_in_at", "-id")
        verbose_name = _("hand-in")
        verbose_name_plural = _("hand-ins")

    def __str__(self) -> str:
        return f"{self.team}: {self.milestone}"


class ProjectMark(models.Model):
    """How instructor, mentor or company judge a team's work; a new mark replaces the old one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="marks")
    role = models.CharField(_("judged by"), max_length=10, choices=MarkRole)
    points = models.PositiveSmallIntegerField(_("points of 100"), validators=POINTS)
    comment = models.TextField(_("comment"), max_length=4000, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(_("judged at"))

    class Meta:
        ordering = ("team_id", "role")
        verbose_name = _("mark of a project")
        verbose_name_plural = _("marks of projects")
        constraints = (
            models.UniqueConstraint(fields=("team", "role"), name="programmes_mark_once"),
            models.CheckConstraint(
                condition=models.Q(points__lte=100), name="programmes_mark_range"
            ),
        )

    def __str__(self) -> str:
        return f"{self.team}: {self.points}"


class PeerReview(models.Model):
    """What a member says of another of their team; the other reads it only among three or more."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="peer_reviews")
    reviewer = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="peer_reviews_written"
    )
    about = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="peer_reviews")
    contribution = models.PositiveSmallIntegerField(
        _("did their share"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    cooperation = models.PositiveSmallIntegerField(
        _("worked well with others"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        ordering = ("team_id", "id")
        verbose_name = _("peer review")
        verbose_name_plural = _("peer reviews")
        constraints = (
            models.UniqueConstraint(
                fields=("team", "reviewer", "about"), name="programmes_peer_review_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(reviewer=models.F("about")),
                name="programmes_peer_review_of_others",
            ),
        )

    def __str__(self) -> str:
        return str(self.team)
