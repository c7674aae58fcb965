"""The admin shows the room's code tables; applications, scores and verdicts are not for it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.programmes.models import Cohort, Programme, RuleSet, Stage, Track


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


@admin.register(Programme)
class ProgrammeAdmin(ReadOnly):
    """Programmes."""

    list_display = ("key", "name_ko", "organiser", "agreement")
    search_fields = ("key", "name_ko", "name_en")


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnly):
    """Versions of rules."""

    list_display = ("programme", "version", "valid_from", "approved_at")
    list_filter = ("programme",)


@admin.register(Cohort)
class CohortAdmin(ReadOnly):
    """Cohorts; the lottery's seed is nobody's to see before it is published."""

    list_display = ("programme", "number", "state", "starts_on", "ends_on")
    list_filter = ("state", "programme")
    exclude = ("lottery_seed",)


@admin.register(Track)
class TrackAdmin(ReadOnly):
    """Tracks."""

    list_display = ("cohort", "key", "name_ko", "field", "seats")
    list_filter = ("cohort", "field")


@admin.register(Stage)
class StageAdmin(ReadOnly):
    """Selection stages."""

    list_display = ("cohort", "order", "key", "name_ko", "weight")
    list_filter = ("cohort",)
