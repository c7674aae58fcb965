"""A job with seats that an organisation offers."""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.careers.enums import EmploymentType, VacancyState


class Vacancy(models.Model):
    """A position with seats. Wages are whole won a year; `skills` are keys of skills."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="vacancies"
    )
    number = models.CharField(_("vacancy number"), max_length=20, unique=True)
    title_ko = models.CharField(_("title in Korean"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    site = models.CharField(_("place of work"), max_length=120, blank=True)
    research_centre = models.BooleanField(_("at the research centre"), default=False)
    region = models.CharField(_("region"), max_length=2, choices=Region, blank=True)
    employment_type = models.CharField(
        _("kind of employment"),
        max_length=12,
        choices=EmploymentType,
        default=EmploymentType.REGULAR,
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    wage_from_won = models.BigIntegerField(_("wage from (won a year)"), null=True, blank=True)
    wage_to_won = models.BigIntegerField(_("wage to (won a year)"), null=True, blank=True)
    local_share = models.FloatField(_("target share of local talents"), default=0.0)
    skills = models.JSONField(_("skills asked for"), default=list, blank=True)
    opens_on = models.DateField(_("open from"))
    closes_on = models.DateField(_("open until"))
    state = models.CharField(
        _("state"), max_length=8, choices=VacancyState, default=VacancyState.DRAFT
    )

    class Meta:
        ordering = ("organisation__name_ko", "number")
        verbose_name = _("vacancy")
        verbose_name_plural = _("vacancies")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")),
                name="careers_vacancy_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=models.Q(local_share__gte=0) & models.Q(local_share__lte=1),
                name="careers_vacancy_local_share_range",
            ),
            models.CheckConstraint(
                condition=models.Q(wage_from_won__isnull=True)
                | models.Q(wage_to_won__isnull=True)
                | models.Q(wage_to_won__gte=models.F("wage_from_won")),
                name="careers_vacancy_wage_order",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko
