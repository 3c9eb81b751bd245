"""Ports for servers that are killed and started again at the same place.

They lie below those that the kernel gives to connections, so that nobody takes one meanwhile.
"""

import itertools
import os
import socket

WORKERS, EACH = 8, 2_750  # ports, so that tests that run side by side do not meet
FIRST = 10_000
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
_numbers = itertools.count(os.getpid() * 61)


def free_port() -> int:
    """Return a port that nobody listens at; each time, and in each process, another one."""
    for number in _numbers:
        port = FIRST + _worker * EACH + number % EACH
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("there are always more numbers")
