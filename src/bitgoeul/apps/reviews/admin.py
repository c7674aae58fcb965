"""The admin shows the room's rubrics; cases and opinions are not for it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.reviews.models import Rubric, RubricItem


class ReadOnly(admin.ModelAdmin):
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


@admin.register(Rubric)
class RubricAdmin(ReadOnly):
    """Rubrics."""

    list_display = ("owner", "key", "version", "name_ko", "published_at")


@admin.register(RubricItem)
class RubricItemAdmin(ReadOnly):
    """Their items."""

    list_display = ("rubric", "order", "key", "label_ko", "weight", "top_score")
