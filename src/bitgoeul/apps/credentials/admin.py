"""The admin shows skills and achievements; who was given what is not for administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.credentials.models import Achievement, Skill


class Looking(admin.ModelAdmin):
    """Look; changes go through the pages and services, which write the journal."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the room to administrators."""
        return rules.is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let administrators look."""
        return rules.is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False


@admin.register(Skill)
class SkillAdmin(Looking):
    """Skills with their places elsewhere."""

    list_display = ("key", "name_ko", "name_en", "ncs_class", "ncs_code")
    search_fields = ("key", "name_ko", "name_en")


@admin.register(Achievement)
class AchievementAdmin(Looking):
    """What can be achieved."""

    list_display = ("key", "title_ko", "kind", "issuer", "retired_at")
    list_filter = ("kind",)
    search_fields = ("key", "title_ko", "title_en")
