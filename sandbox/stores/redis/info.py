"""What INFO and MEMORY STATS tell."""

import struct

from .keyspace import BASE, DATABASES, Keyspace
from .resp import Reply

VERSION = "7.2.4"
POINTER = 8 * struct.calcsize("P")
UNITS = ("B", "K", "M", "G", "T")
WHOLE = ("all", "default", "everything")


def info(keyspace: Keyspace, clients: int, port: int, wanted: list[str]) -> str:
    """Return the sections that are wanted, as text."""
    sections = _sections(keyspace, clients, port)
    names = [name.lower() for name in wanted] or ["default"]
    whole = any(name in WHOLE for name in names)
    parts = []
    for title, lines in sections.items():
        if whole or title.lower() in names:
            body = "".join(f"{name}:{value}\r\n" for name, value in lines.items())
            parts.append(f"# {title}\r\n{body}")
    return "\r\n".join(parts)


def memory_stats(keyspace: Keyspace) -> dict[str, Reply]:
    """Return where the memory went."""
    used = keyspace.used
    keys = sum(keyspace.counts(number)[0] for number in range(DATABASES))
    return {
        "peak.allocated": keyspace.peak,
        "total.allocated": used,
        "startup.allocated": BASE,
        "overhead.total": BASE,
        "keys.count": keys,
        "keys.bytes-per-key": (used - BASE) // keys if keys else 0,
        "dataset.bytes": used - BASE,
        "dataset.percentage": 100.0 if keys else 0.0,
        "peak.percentage": 100 * used / keyspace.peak,
        "fragmentation": 1.0,
    }


def human(size: int) -> str:
    """Return a number of bytes as people say it."""
    value, unit = float(size), 0
    while value >= 1024 and unit < len(UNITS) - 1:  # noqa: PLR2004
        value, unit = value / 1024, unit + 1
    return f"{value:.2f}{UNITS[unit]}" if unit else f"{size}B"


def _sections(
    keyspace: Keyspace, clients: int, port: int
) -> dict[str, dict[str, str | int | float]]:
    counted, up = keyspace.counters, int(keyspace.clock.now() - keyspace.started)
    filled = ((number, *keyspace.counts(number)) for number in range(DATABASES))
    return {
        "Server": {
            "redis_version": VERSION,
            "redis_mode": "standalone",
            "os": "sandbox",
            "arch_bits": POINTER,
            "tcp_port": port,
            "uptime_in_seconds": up,
            "uptime_in_days": up // 86400,
        },
        "Clients": {"connected_clients": clients, "blocked_clients": 0},
        "Memory": {
            "used_memory": keyspace.used,
            "used_memory_human": human(keyspace.used),
            "used_memory_rss": keyspace.used,
            "used_memory_peak": keyspace.peak,
            "used_memory_peak_human": human(keyspace.peak),
            "used_memory_dataset": keyspace.used - BASE,
            "maxmemory": keyspace.maxmemory,
            "maxmemory_human": human(keyspace.maxmemory),
            "maxmemory_policy": keyspace.policy,
            "mem_fragmentation_ratio": 1.0,
            "lazyfree_pending_objects": 0,
        },
        "Persistence": {"loading": 0, "aof_enabled": 0, "rdb_bgsave_in_progress": 0},
        "Stats": {
            "total_connections_received": counted.connections,
            "total_commands_processed": counted.commands,
            "rejected_connections": 0,
            "expired_keys": counted.expired,
            "evicted_keys": counted.evicted,
            "keyspace_hits": counted.hits,
            "keyspace_misses": counted.misses,
        },
        "Replication": {"role": "master", "connected_slaves": 0},
        "Cluster": {"cluster_enabled": 0},
        "Keyspace": {
            f"db{number}": f"keys={keys},expires={expires},avg_ttl=0"
            for number, keys, expires in filled
            if keys
        },
    }
