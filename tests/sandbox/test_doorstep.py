"""Other sites' pages do nothing in a workspace, and what cannot be read is told so in words."""

import io
from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import ClientSession, FormData

from sandbox.server import LARGEST_REQUEST, Sandbox
from tests.sandbox.hands import Hands

POST = "/control/message"
SAID = {"user": "UANA", "channel": "CINCIDENTS", "text": "x"}
OF_BOT = {"Authorization": "Bearer xoxb-sandbox"}
FORM = "application/x-www-form-urlencoded"
WHO = "/api/auth.test"


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[ClientSession]:
    async with ClientSession(sandbox.url) as session:
        yield session


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "LOCALHOST"}, 200),
        ({"Host": "rebound.example"}, 403),
        ({"Host": "127.0.0.1.rebound.example:80"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost:1", "Origin": "http://localhost:1"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
@pytest.mark.parametrize("path", ["/control/look", WHO])
async def test_only_programs_here_and_the_own_page_come_in(
    http: ClientSession, path: str, headers: Mapping[str, str], status: int
) -> None:
    async with http.get(path, headers=headers) as answer:
        assert answer.status == status
        assert status == 200 or (await answer.json())["error"]


async def test_the_own_page_has_its_own_origin(http: ClientSession, sandbox: Sandbox) -> None:
    own = {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin"}
    async with http.post(POST, json=SAID, headers=own) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("path", ["/", "/page/icon.svg", "/archives/CINCIDENTS/p1234567890123456"])
async def test_links_from_anywhere_lead_to_the_page(http: ClientSession, path: str) -> None:
    async with http.get(path, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("kind", ["text/plain", FORM, "multipart/form-data; boundary=x"])
async def test_what_a_form_elsewhere_can_send_is_no_request(
    http: ClientSession, hands: Hands, kind: str
) -> None:
    body = b'{"user": "UANA", "channel": "CINCIDENTS", "text": "x"}'
    async with http.post(POST, data=body, headers={"Content-Type": kind}) as answer:
        assert answer.status == 415
        assert "application/json" in (await answer.json())["error"]
    assert await hands.see("messages", channel="CINCIDENTS") == []


@pytest.mark.parametrize(
    ("path", "kind", "body", "answered"),
    [
        (WHO, FORM, b"a=\xff", (200, "invalid_form_data")),
        (WHO, f"{FORM}; charset=klingon", b"a=1", (200, "invalid_charset")),
        (WHO, "multipart/form-data", b"a=1", (200, "invalid_form_data")),
        (WHO, "multipart/form-data; boundary=x", b"a=1", (200, "invalid_form_data")),
        (WHO, "multipart/form-data; boundary=x", b"--x\r\na", (200, "invalid_form_data")),
        (WHO, "application/json", b'{"a": "\xff"}', (200, "invalid_json")),
        (WHO, "application/json", b"[1]", (200, "json_not_object")),
        (POST, "application/json", b"\xff", (400, "the body is not JSON")),
        (POST, "application/json", b'"\\ud800"', (400, "the body is not JSON")),
        (POST, "application/json", b"[1]", (400, "the body must be a JSON object")),
        ("/control/nowhere", "application/json", b"{}", (404, "/control/nowhere")),
        ("/control/state", "application/json", b"{}", (405, "is asked for with GET")),
    ],
)
async def test_what_cannot_be_read_is_told(
    http: ClientSession, path: str, kind: str, body: bytes, answered: tuple[int, str]
) -> None:
    status, words = answered
    headers = {**OF_BOT, "Content-Type": kind}
    async with http.post(path, data=body, headers=headers) as answer:
        assert answer.status == status
        assert words in (await answer.json())["error"]


async def test_a_file_is_no_argument(http: ClientSession, hands: Hands) -> None:
    form = FormData({"channel": "CINCIDENTS"})
    form.add_field("text", b"x", filename="x.txt")
    async with http.post("/api/chat.postMessage", data=form, headers=OF_BOT) as answer:
        assert (await answer.json())["error"] == "invalid_arguments"
    assert await hands.see("messages", channel="CINCIDENTS") == []


@pytest.mark.parametrize("path", [POST, WHO, "/upload/v1/{}"])
async def test_a_body_beyond_all_measure_is_refused(http: ClientSession, path: str) -> None:
    async with http.post(
        "/api/files.getUploadURLExternal", data={"filename": "x", "length": 9}, headers=OF_BOT
    ) as answer:
        key = (await answer.json())["upload_url"].rpartition("/")[2]
    headers = {**OF_BOT, "Content-Type": "application/json"}
    body = io.BytesIO(bytes(LARGEST_REQUEST + 1))
    async with http.post(path.format(key), data=body, headers=headers) as answer:
        assert answer.status == 413
        assert str(LARGEST_REQUEST) in await answer.text()


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
async def test_an_upload_that_is_no_form_is_refused(http: ClientSession, kind: str) -> None:
    asked = {"filename": "x", "length": 9}
    async with http.post("/api/files.getUploadURLExternal", data=asked, headers=OF_BOT) as answer:
        url = (await answer.json())["upload_url"]
    async with http.post(url, data=b"--x\r\na", headers={"Content-Type": kind}) as answer:
        assert (answer.status, await answer.text()) == (400, "this form cannot be read")
