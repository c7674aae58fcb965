"""Programmes and the versions of their rules."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Agreement, Organisation, User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.models import Programme, RuleSet, RuleValues, RuleValuesError
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


def create_programme(
    *,
    key: str,
    name_ko: str,
    organiser: Organisation,
    by: User | None,
    at: dt.datetime,
    name_en: str = "",
    about_ko: str = "",
    about_en: str = "",
    agreement: Agreement | None = None,
    values: RuleValues | None = None,
) -> Programme:
    """Set up a programme of an organisation, under an agreement or on its own.

    With `values`, the first version of its rules is proposed with it.
    """
    require(by, rules.can_create_programme, organiser)
    if agreement and not agreement.signatories.filter(organisation=organiser).exists():
        raise Refused(_("The organiser has not signed this agreement."), code="invalid")
    programme = Programme(
        key=key,
        name_ko=name_ko,
        name_en=name_en,
        about_ko=about_ko,
        about_en=about_en,
        organiser=organiser,
        agreement=agreement,
    )
    with transaction.atomic():
        check(programme)
        programme.save(force_insert=True)
        journal.record(
            event="programme.created",
            by=by,
            at=at,
            on=programme,
            after={"key": key, "name_ko": name_ko, "organiser": organiser.uuid},
            details={"key": key},
        )
        if values is not None:
            day = timezone.localdate(at)
            propose_rule_set(programme=programme, values=values, valid_from=day, by=by, at=at)
    return programme


def propose_rule_set(
    *,
    programme: Programme,
    values: RuleValues | Mapping[str, Any],
    valid_from: dt.date,
    by: User | None,
    at: dt.datetime,
    reason: str = "",
) -> RuleSet:
    """Write down the next version of a programme's rules; it counts once another approves it.

    Raises
    ------
    Refused
        When a value cannot be a rule, a proposal is open already, or nothing would change.
    """
    require(by, rules.can_manage_programme, programme)
    checked = _checked(values)
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        newest = RuleSet.objects.filter(programme=programme).order_by("-version").first()
        _refuse_second_proposal(programme, checked)
        rule_set = RuleSet(
            programme=programme,
            version=newest.version + 1 if newest else 1,
            valid_from=valid_from,
            values=checked.as_json(),
            reason=reason.strip(),
            proposed_by=by,
        )
        check(rule_set)
        rule_set.save(force_insert=True)
        journal.record(
            event="rule_set.proposed",
            by=by,
            at=at,
            on=rule_set,
            details={"version": rule_set.version, "values": rule_set.values},
        )
    return rule_set


def _refuse_second_proposal(programme: Programme, values: RuleValues) -> None:
    mine = RuleSet.objects.filter(programme=programme, withdrawn_at__isnull=True)
    waiting = mine.filter(approved_at__isnull=True).first()
    if waiting is not None:
        raise Refused(
            _("Version %(version)s still waits for approval; withdraw it first.")
            % {"version": waiting.version},
            code="wrong_state",
        )
    newest = mine.order_by("-version").first()
    if newest is not None and newest.thresholds == values:
        raise Refused(_("Nothing differs from the rules in force."), code="invalid")


def withdraw_rule_set(*, rule_set: RuleSet, by: User | None, at: dt.datetime) -> RuleSet:
    """Take back a proposal; its number is not used again."""
    require(by, rules.can_manage_rule_set, rule_set)
    with transaction.atomic():
        rule_set = _waiting(rule_set)
        rule_set.withdrawn_at = at
        rule_set.save(update_fields=["withdrawn_at"])
        journal.record(
            event="rule_set.withdrawn",
            by=by,
            at=at,
            on=rule_set,
            details={"version": rule_set.version},
        )
    return rule_set


def _waiting(rule_set: RuleSet) -> RuleSet:
    """Lock a version that is neither approved nor withdrawn."""
    rule_set = RuleSet.objects.select_for_update().get(pk=rule_set.pk)
    if rule_set.approved_at is not None:
        raise Refused(_("This version is approved already."), code="wrong_state")
    if rule_set.withdrawn_at is not None:
        raise Refused(_("This proposal was withdrawn."), code="wrong_state")
    return rule_set


def approve_rule_set(*, rule_set: RuleSet, by: User | None, at: dt.datetime) -> RuleSet:
    """Approve a version that somebody else proposed; from then on it never changes."""
    require(by, rules.can_approve_rule_set, rule_set)
    with transaction.atomic():
        rule_set = _waiting(rule_set)
        _checked(rule_set.values)
        rule_set.approved_at = at
        rule_set.approved_by = by
        rule_set.save(update_fields=["approved_at", "approved_by"])
        journal.record(
            event="rule_set.approved",
            by=by,
            at=at,
            on=rule_set,
            details={"version": rule_set.version, "values": rule_set.values},
        )
    return rule_set


def _checked(values: RuleValues | Mapping[str, Any]) -> RuleValues:
    if isinstance(values, RuleValues):
        return values
    try:
        return RuleValues.from_json(values)
    except RuleValuesError as error:
        raise Refused(
            _("The rule “%(name)s” cannot be accepted: %(reason)s.")
            % {"name": error.field, "reason": error.reason},
            code="invalid",
        ) from error
