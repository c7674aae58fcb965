"""The admin shows reports; nothing here writes past the services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.reports.models import Report, Snapshot


class ReadOnlyAdmin(admin.ModelAdmin):
    """Look, but change only through the pages and services."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the room to administrators."""
        return rules.is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let administrators look."""
        return rules.is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody deletes here."""
        return False


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("title_ko", "agreement", "as_of", "state")
    list_filter = ("state",)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("report", "digest", "published_at")
    exclude = ("document",)
