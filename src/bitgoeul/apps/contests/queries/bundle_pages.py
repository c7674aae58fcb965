"""What a page shows of a bundle before it becomes a contest."""

from typing import Any

from django.utils.translation import gettext as _

from bitgoeul.runner import bundles
from bitgoeul.runner.bundles import Bundle, BundleTask
from bitgoeul.runner.bundles.reasons import NOTICES

FORMATS = {
    "codabench-2": "Codabench 2",
    "codabench-1.5": "Codabench 1.5 (Codalab)",
    "evalai": "EvalAI",
}


def bundle_page(bundle: Bundle) -> dict[str, Any]:
    """Its phases, tasks and leaderboards, and what should be known of it."""
    return {
        "bundle": bundle,
        "format": FORMATS[bundle.format],
        "tasks": [_task(task) for task in bundle.tasks],
        "notices": _notices(bundle),
    }


def _task(task: BundleTask) -> dict[str, Any]:
    return {
        "name": task.name,
        "takes": _("Programs or results") if task.ingestion else _("Results"),
        "together": task.ingestion_during_scoring,
        "command": task.scoring.command,
        "reference": len(task.reference),
        "data": len(task.data),
    }


def _notices(bundle: Bundle) -> list[str]:
    told = [
        f"{one.member}: {one.key}: " + _(NOTICES[one.code]) % one.as_dict()
        for one in bundle.warnings
    ]
    text = NOTICES["package_missing"]
    return told + [_(text) % {"value": name} for name in bundles.missing(bundle)]
