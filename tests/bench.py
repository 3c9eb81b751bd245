"""Prints figures of the whole bot, the stores and the sandbox; nothing is asserted."""

import asyncio

from tests import bench_bot, bench_page, bench_sandbox, bench_store


async def main() -> None:
    """Measure the whole bot, then the stores and the sandbox by themselves."""
    for each in (bench_bot, bench_store, bench_sandbox, bench_page):
        await each.main()


if __name__ == "__main__":
    asyncio.run(main())
