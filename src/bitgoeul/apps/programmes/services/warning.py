"""The early-warning model is trained, held against the rules, and used only where it beats them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.models import Programme, WarningModel
from bitgoeul.apps.programmes.queries.warning import Trained, trained_on
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.engines.analysis import warning


def train_warning_model(
    *, programme: Programme, by: User | None, at: dt.datetime, trained: Trained | None = None
) -> WarningModel:
    """Keep what training on the ended cohorts gave; it warns only if it beat the rules there.

    Trained on the same cohorts again, the newest one stays.

    Parameters
    ----------
    trained : Trained, optional
        What `queries.warning.trained_on` gave before, where the slow half ran outside.

    Raises
    ------
    Refused
        When the person may not, or too few cohorts have ended.
    """
    require(by, rules.can_manage_programme, programme)
    trained = trained or trained_on(programme)
    if trained is None:
        text = _("Too few cohorts have ended: %(number)s are needed.")
        raise Refused(text % {"number": warning.COHORTS_AT_LEAST}, code="too_few")
    comparison = trained.comparison
    with transaction.atomic():
        held = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        newest = WarningModel.objects.filter(programme=held).order_by("-version").first()
        if newest is not None and _says_the_same(newest, trained):
            return newest
        made = WarningModel.objects.create(
            programme=held,
            version=newest.version + 1 if newest else 1,
            numbers=comparison.model.as_json() if comparison.model else {},
            figures=trained.figures(),
            audit=dict(trained.audit),
            engine=warning.ENGINE,
            inputs_digest=trained.digest,
            in_use=comparison.better,
            trained_at=at,
            trained_by=by,
        )
        journal.record(
            event="warning_model.trained",
            by=by,
            at=at,
            on=made,
            after={"numbers": made.numbers},
            details={
                "version": made.version,
                "in_use": made.in_use,
                "cohorts": list(trained.cohorts),
                "warned": comparison.warned,
                "rules": comparison.found_by_rules,
                "model": comparison.found_by_model,
                "inputs": trained.digest,
            },
        )
    return made


def _says_the_same(newest: WarningModel, trained: Trained) -> bool:
    """The same inputs give the same model; the audit looks at more than the inputs."""
    same = (warning.ENGINE, trained.digest, dict(trained.audit))
    return (newest.engine, newest.inputs_digest, newest.audit) == same
