"""All that can go wrong in the shop, by name."""

from collections.abc import Mapping

from sandbox.production.story import Scenario

from . import (
    bad_deploy,
    cache_failure,
    false_alarm,
    memory_leak,
    overload,
    slow_database,
    slow_leak,
    spoiled_carts,
)

SCENARIOS: Mapping[str, Scenario] = {
    each.SCENARIO.name: each.SCENARIO
    for each in (
        *(bad_deploy, memory_leak, slow_database, cache_failure),
        *(overload, spoiled_carts, slow_leak, false_alarm),
    )
}
