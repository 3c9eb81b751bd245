"""The same past for the sandbox's store and for a real Prometheus."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from sandbox.metrics.series import Store

BEGAN = 1_760_000_000
STEP = 15
STEPS = 240
NOW = BEGAN + STEP * STEPS
LATE = 100  # the step from which on the third pod is there
GONE = 150  # the step at which the second one is gone for good

Number: TypeAlias = tuple[str, Mapping[str, str], int, float]


def numbers() -> Iterator[Number]:
    """Return what was measured, series by series."""
    for pod, first, last in (("a", 0, STEPS), ("b", 0, GONE), ("c", LATE, STEPS)):
        for code, speed in (("200", 10.0), ("500", 0.3), ("503", 0.0)):
            labels = {"app": "checkout", "pod": pod, "code": code}
            for step in range(first, last + 1):
                since = step % 90 if pod == "a" else step  # that one begins anew now and then
                yield "http_requests_total", labels, step, since * speed * STEP + step % 3
        for step in range(first, last + 1):
            yield "memory_bytes", {"pod": pod}, step, 1e8 + 1e6 * (step % 50) + ord(pod)
    for bound, share in (("0.1", 0.5), ("0.5", 0.9), ("1", 0.97), ("+Inf", 1.0)):
        for step in range(STEPS + 1):
            told = {"app": "checkout", "le": bound}
            yield "latency_seconds_bucket", told, step, math.floor(step * 40 * share)
    for step in range(STEPS + 1):
        yield "odd", {"is": "nan"}, step, math.nan
        yield "odd", {"is": "inf"}, step, math.inf
        yield "odd", {"is": "small"}, step, -1e-9 * step
        yield "odd", {"is": "large"}, step, 3e22
        if step % 4 == 0:
            yield "sparse", {"pod": "a", "zone": "north"}, step, math.sin(step)
    for pod, zone in (("a", "north"), ("b", "north"), ("c", "south")):
        for step in range(STEPS + 1):
            yield "pod_info", {"pod": pod, "zone": zone}, step, 1.0
            yield "up", {"job": "shop", "instance": pod}, step, float(pod != "b" or step < GONE)


def openmetrics() -> Sequence[str]:
    """Return it as a real Prometheus reads it."""
    lines, kinds = list[str](), set[str]()
    for name, labels, step, value in numbers():
        if name not in kinds:
            kinds.add(name)
            lines.append(f"# TYPE {name} unknown")
        told = ",".join(f'{label}="{text}"' for label, text in labels.items())
        lines.append(f"{name}{{{told}}} {value!r} {BEGAN + step * STEP}")
    return [line.replace(" nan ", " NaN ").replace(" inf ", " +Inf ") for line in lines]


def filled() -> Store:
    """Return it in a store."""
    store = Store()
    for name, labels, step, value in numbers():
        store.append(name, labels, BEGAN + step * STEP, value)
    return store
