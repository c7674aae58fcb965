"""The admin shows vacancies only: who applied, was placed or left is not for administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.careers.models import Vacancy


@admin.register(Vacancy)
class VacancyAdmin(admin.ModelAdmin):
    """Look; changes go through the pages and services, which write the journal."""

    list_display = ("number", "title_ko", "organisation", "seats", "state")
    list_filter = ("state", "research_centre")
    search_fields = ("number", "title_ko")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the room to administrators."""
        return rules.is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let administrators look."""
        return rules.is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Vacancy | None = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Vacancy | None = None) -> bool:
        """Nobody deletes here."""
        return False
