"""A skill: the Korean NCS class that the law speaks of, with links to ESCO and O*NET."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

ONET_PAGE = "https://www.onetonline.org/link/summary/"


class Skill(models.Model):
    """Something that is taught, asked for by employers, and proved."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(_("key"), max_length=60, unique=True)
    name_ko = models.CharField(_("name in Korean"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    other_names = models.TextField(_("other names, one a line"), max_length=2000, blank=True)
    ncs_class = models.CharField(_("NCS class"), max_length=80, blank=True)
    ncs_code = models.CharField(
        _("NCS code"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^\d{8}(\d{2})?$", _("Eight or ten digits."))],
    )
    esco_uri = models.URLField(_("ESCO"), max_length=200, blank=True)
    onet_codes = models.CharField(
        _("O*NET occupations"),
        max_length=120,
        blank=True,
        validators=[
            RegexValidator(
                r"^\d\d-\d{4}\.\d\d( \d\d-\d{4}\.\d\d)*$",
                _("Codes such as 15-2051.00, with a space between."),
            )
        ],
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ("name_ko", "id")
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko

    @property
    def aliases(self) -> list[str]:
        """Every other name by which it is known, in both languages."""
        return [line.strip() for line in self.other_names.splitlines() if line.strip()]

    @property
    def onet(self) -> list[str]:
        """The O*NET-SOC occupations in which it is used."""
        return self.onet_codes.split()

    @property
    def onet_pages(self) -> list[tuple[str, str]]:
        """The same with the address of each occupation's page."""
        return [(code, ONET_PAGE + code) for code in self.onet]
