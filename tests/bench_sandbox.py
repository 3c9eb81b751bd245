"""Prints how many messages a second the sandbox takes; nothing is asserted.

The sandbox runs in its own process as `python -m sandbox`, without rate limits. The clients are
processes too, each with one kept-alive HTTP connection, which awaits every answer and reads it.
"""

import asyncio
import http.client
import json
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from urllib.parse import urlsplit

TARGET = 2000
CLIENTS, WARM_UP, POSTS = 3, 200, 4000
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Checkout* is down"}}
KINDS = {"text": {}, "text and a section": {"blocks": [SECTION]}}
HEADERS = {
    "Authorization": "Bearer xoxb-sandbox",
    "Content-Type": "application/json;charset=utf-8",
}


def posted(url: str, more: dict[str, object], count: int) -> tuple[float, float]:
    """Post so many messages down one connection; return when it began and ended."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    body = json.dumps({"channel": "CINCIDENTS", "text": "checkout is down", **more})
    began = 0.0
    for number in range(-WARM_UP, count):
        if number == 0:
            began = time.monotonic()
        connection.request("POST", "/api/chat.postMessage", body, HEADERS)
        answer = json.loads(connection.getresponse().read())
        if not answer["ok"]:
            raise RuntimeError(answer)
    ended = time.monotonic()
    connection.close()
    return began, ended


def read(url: str, count: int) -> list[float]:
    """Return the milliseconds that pages of a long channel's history took."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    took = []
    for _ in range(count):
        began = time.monotonic()
        connection.request(
            "GET", "/api/conversations.history?channel=CINCIDENTS&limit=15", headers=HEADERS
        )
        answer = json.loads(connection.getresponse().read())
        if not answer["ok"] or len(answer["messages"]) != 15:
            raise RuntimeError(answer)
        took.append((time.monotonic() - began) * 1000)
    return took


def rate(url: str, more: dict[str, object]) -> float:
    """Return the messages a second that several clients posted together."""
    with ProcessPoolExecutor(CLIENTS) as pool:
        each = [pool.submit(posted, url, more, POSTS // CLIENTS) for _ in range(CLIENTS)]
        spans = [work.result() for work in each]
    seconds = max(end for _, end in spans) - min(begin for begin, _ in spans)
    return POSTS // CLIENTS * CLIENTS / seconds


async def main() -> None:
    """Measure and print."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", "0", "--rate-factor", "0"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if server.stdout is None:
            raise RuntimeError("the sandbox has no output")
        url = (await server.stdout.readline()).decode().split()[-1]
        for name, more in KINDS.items():
            reached = await asyncio.to_thread(rate, url, dict(more))
            verdict = "reached" if reached >= TARGET else "missed"
            said = f"chat.postMessage, {name}"
            print(f"{said:<38} {reached:8.0f} a second, {TARGET} {verdict}, {CLIENTS} clients")
        took = sorted(await asyncio.to_thread(read, url, 200))
        shown = f"p50 {took[100]:8.2f}  p95 {took[190]:8.2f} ms"
        print(f"{'conversations.history, a long channel':<38} {shown}")
    finally:
        server.terminate()
        await server.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{'processor time, clients and server':<38} {spent:8.1f} s")


if __name__ == "__main__":
    asyncio.run(main())
