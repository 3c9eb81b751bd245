"""Files go up, are shared, come down, and go away, as in Slack."""

from base64 import b64encode
from typing import Any

from aiohttp import ClientSession

from sandbox.server import Sandbox
from tests.sandbox.hands import Hands

PIXEL = b"\x89PNG\r\n\x1a\n..."


async def upload(hands: Hands, **fields: Any) -> Any:
    content = b64encode(fields.pop("content", PIXEL)).decode()
    given = {"user": "UANA", "filename": "graph.png", "content": content}
    return await hands.do("upload", **given | fields)


async def test_a_person_uploads_and_who_sees_the_channel_sees_the_bytes(
    sandbox: Sandbox, hands: Hands
) -> None:
    sent = await upload(hands, channel="COPS", text="see", title="Graph", alt_text="A line")
    messages = await hands.see("messages", channel="COPS", user="UANA")
    assert messages[-1]["subtype"] == "file_share"
    assert sent["ts"] == messages[-1]["ts"]
    assert (sent["file"]["title"], sent["file"]["alt_txt"]) == ("Graph", "A line")
    async with ClientSession() as session:
        for user, status in [("UANA", 200), ("UBO", 200), ("UEVE", 404), ("UXAV", 404)]:
            place = f"{sandbox.url}/control/file?user={user}&file={sent['file']['id']}"
            async with session.get(place) as response:
                assert response.status == status
                if status == 200:
                    assert await response.read() == PIXEL
                    assert response.content_type == "image/png"
                    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_that_is_shared_nowhere_is_its_owners(sandbox: Sandbox, hands: Hands) -> None:
    sent = await upload(hands)
    assert (sent["channel"], sent["ts"], sent["deliveries"]) == (None, None, [])
    async with ClientSession() as session:
        for user, status in [("UANA", 200), ("UBO", 404)]:
            place = f"{sandbox.url}/control/file?user={user}&file={sent['file']['id']}"
            async with session.get(place) as response:
                assert response.status == status
