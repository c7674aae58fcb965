"""The room in Django's admin: to look things up; every change goes through the services."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from bitgoeul.apps.alliance import rules, services
from bitgoeul.apps.alliance.models import (
    Agreement,
    Article,
    Commitment,
    ConsentText,
    Membership,
    Organisation,
    Party,
)
from bitgoeul.core import clock


class Looking:
    """Administrators look; nobody adds, changes or deletes here, which would leave no journal."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the room to administrators."""
        return rules.is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let administrators look."""
        return rules.is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False


class PartyInline(Looking, admin.TabularInline):
    model = Party

    def get_queryset(self, request: HttpRequest) -> QuerySet[Party]:
        """Read what the rows name together with them."""
        return super().get_queryset(request).select_related("organisation")


class ArticleInline(Looking, admin.TabularInline):
    model = Article

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Read what the rows name together with them."""
        return super().get_queryset(request).select_related("agreement")


class CommitmentInline(Looking, admin.TabularInline):
    model = Commitment

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commitment]:
        """Read what the rows name together with them."""
        return super().get_queryset(request).select_related("responsible", "article__agreement")


class MembershipInline(Looking, admin.TabularInline):
    model = Membership

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Read what the rows name together with them."""
        return super().get_queryset(request).select_related("organisation", "person")


@admin.register(Organisation)
class OrganisationAdmin(Looking, admin.ModelAdmin):
    """Organisations and who acts for them."""

    list_display = ("name_ko", "name_en", "kind", "region")
    list_filter = ("kind", "region")
    search_fields = ("name_ko", "name_en", "business_number")
    inlines = (MembershipInline,)


@admin.register(Agreement)
class AgreementAdmin(Looking, admin.ModelAdmin):
    """Agreements with parties, articles and commitments."""

    list_display = ("title_ko", "signed_on", "ends_on")
    inlines = (PartyInline, ArticleInline, CommitmentInline)


@admin.register(ConsentText)
class ConsentTextAdmin(Looking, admin.ModelAdmin):
    """Consent texts: a new version may be published, a published one is never changed."""

    list_display = ("purpose", "version", "required", "published_on")
    list_filter = ("purpose",)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Publishing a version goes through the service."""
        return rules.can_publish_consent_text(request.user)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """The version is counted by the service, so it is not asked for."""
        asked = ["purpose", "text_ko", "text_en", "required", "published_on"]
        return ["version", *asked] if obj else asked

    def save_model(
        self, request: HttpRequest, obj: ConsentText, form: ModelForm[Any], change: bool
    ) -> None:
        """Publish by the service, which journals it."""
        made = services.publish_consent_text(
            **form.cleaned_data,
            by=request.user,  # type: ignore[arg-type]  # the admin lets nobody in unsigned
            at=clock.now(),
        )
        obj.__dict__.update(made.__dict__)
