"""What Addresses promises, and what may be at an address."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.addresses import Http
from bot.ports import Unavailable
from tests.adapters.test_metrics_contract import answering
from tests.ports import free_port
from tests.prometheus import program

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("status", [200, 204, 302, 404, 503])
async def test_whatever_is_answered_is_told_and_nothing_followed(status: int) -> None:
    seen = list[web.Request]()
    answer = web.Response(status=status, headers={"Location": "/login"})
    async with answering(answer, seen) as url:
        reached = await Http().reach(url, SECOND)
    assert reached.status == status
    assert 0 < reached.seconds < 1
    assert len(seen) == 1


async def test_an_answer_without_end_is_not_waited_for() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await asyncio.Event().wait()
        return response

    app = web.Application()
    app.router.add_get("/", endless)
    async with TestServer(app, shutdown_timeout=0) as server:
        assert (await Http().reach(str(server.make_url("/")), 5 * SECOND)).status == 200


@asynccontextmanager
async def speaking(words: bytes) -> AsyncIterator[str]:
    """Give an address where those bytes are said to whoever comes."""

    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_why_nothing_was_answered_is_said() -> None:
    async with answering(None, []) as url:
        with pytest.raises(Unavailable, match=r"no answer within 0\.05 s"):
            await Http().reach(url, SECOND / 20)
    with pytest.raises(Unavailable, match="connect"):
        await Http().reach(f"http://127.0.0.1:{free_port()}/?token=s3cret", SECOND)
    with pytest.raises(Unavailable, match="name is not known"):
        await Http().reach("http://nothing.invalid/", 5 * SECOND)
    for address in ("", "checkout", "http://", "ftp://127.0.0.1/", "http://127.0.0.1:99999/"):
        with pytest.raises(Unavailable):
            await Http().reach(address, SECOND)
    async with speaking(b"") as place:
        with pytest.raises(Unavailable, match="hung up"):
            await Http().reach(f"http://{place}/", SECOND)
    async with speaking(b"SSH-2.0-OpenSSH\r\n\r\n") as place:
        with pytest.raises(Unavailable, match="does not speak HTTP"):
            await Http().reach(f"http://{place}/", SECOND)
        with pytest.raises(Unavailable, match="no TLS there"):
            await Http().reach(f"https://{place}/", SECOND)


async def test_a_certificate_of_nobody_we_know_is_named(tmp_path: Path) -> None:
    words = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout key -out cert"
    subprocess.run(  # noqa: ASYNC221 -- nothing else runs
        [program("openssl"), *words.split()], cwd=tmp_path, check=True, capture_output=True
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    server = TestServer(web.Application(), scheme="https")
    await server.start_server(ssl=context)
    try:
        with pytest.raises(Unavailable, match=r"certificate is not accepted: self.signed"):
            await Http().reach(str(server.make_url("/")), 5 * SECOND)
    finally:
        await server.close()
