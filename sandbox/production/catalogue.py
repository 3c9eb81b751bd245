"""What a team would write of the shop into the bot's configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .shop import CACHE, DATABASE, FRONT, SHOP, Service, needs

LOST_ORDER = 38.50
CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the shop's systems are."""

    prometheus: str
    alertmanager: str
    health: str
    logs: Path


def configuration(places: Addresses) -> Mapping[str, Any]:
    """Return the part of the configuration that is about the shop, ready for YAML."""
    return {
        "services": {
            **{service.name: _service(service, places) for service in SHOP.values()},
            DATABASE: {"aliases": ["database", "postgres", "postgresql"]},
            CACHE: {"aliases": ["redis"]},
        },
        "prometheus": {"url": places.prometheus},
        "alertmanager": {"url": places.alertmanager},
        "alerts": {
            "watchdogs": {
                "alertmanager": {"match": {"alertname": "Watchdog"}, "within_minutes": 10}
            }
        },
    }


def _service(service: Service, places: Addresses) -> Mapping[str, Any]:
    mine = f'service="{service.name}"'
    failed = f'sum(rate(http_requests_total{{{mine},code=~"5.."}}[1m]))'
    measures = {"requests": f"sum(rate(http_requests_total{{{mine}}}[1m]))", "failed": failed}
    if service.name == "checkout":
        measures |= {"lost": f"{LOST_ORDER:g} * {failed}", "currency": CURRENCY}
    told: dict[str, Any] = {
        "health": f"{places.health}/{service.name}/healthz",
        "logs": [str(places.logs / f"{service.name}.log")],
        "measures": measures,
    }
    if needs(service):
        told["depends_on"] = list(needs(service))
    if service.name == FRONT:
        told["aliases"] = ["shop", "storefront", "website"]
    return told
