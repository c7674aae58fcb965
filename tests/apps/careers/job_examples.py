"""A runnable example of each task: what it needs, and its arguments."""

from collections.abc import Callable
from typing import Any

from bitgoeul.apps.careers import services, tasks
from tests.apps.careers.market import CLOSES, build_market


def _locked_round() -> dict[str, Any]:
    market = build_market()
    market.wants(g1="V-1 V-2", g2="V-1")
    market.rates("V-1", g1=80, g2=90)
    market.rates("V-2", g1=70)
    services.lock_round(matching_round=market.round, by=None, at=CLOSES)
    by = market.world.people["officer_city"]
    return {"round_uuid": str(market.round.uuid), "by_uuid": str(by.uuid)}


def _offers_past_their_deadline() -> dict[str, Any]:
    build_market()
    return {}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {
    tasks.run_match: _locked_round,
    tasks.expire_offers: _offers_past_their_deadline,
    tasks.ask_due_checks: _offers_past_their_deadline,
}
