"""A person, who may sign in once they have set a password."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bitgoeul.apps.alliance.enums import Region, Sex
from bitgoeul.apps.alliance.models.name_key import NameKey
from bitgoeul.core.privacy.fields import EncryptedCharField, EncryptedDateField


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; without a password they cannot sign in until they set one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            NameKey.objects.keep([user])
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an administrator of the installation."""
        fields |= {"is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Anyone the alliance knows: applicant, graduate, instructor, recruiter, officer."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("full name"), max_length=80)
    romanised_name = models.CharField(_("name in Latin letters"), max_length=80, blank=True)
    phone = EncryptedCharField(_("phone"), max_length=20, blank=True, db_index=True)
    birth_on = EncryptedDateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, blank=True)
    residence = models.CharField(_("residence"), max_length=2, choices=Region, blank=True)
    language = models.CharField(_("language"), max_length=2, default="ko")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the admin pages"), default=False)
    created_at = models.DateTimeField(_("known since"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ("full_name", "id")
        verbose_name = _("person")
        verbose_name_plural = pgettext_lazy("table", "people")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="alliance_user_email_lower"
            ),
        )
        indexes = (models.Index(fields=("full_name", "id"), name="alliance_user_by_name"),)

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        """Return the one name a person has."""
        return self.full_name


class SignedInRequest(HttpRequest):
    """What a view behind `access.signed_in` gets: a request whose `user` is a person."""

    user: User
