"""The app is told of people what Slack tells, and no more."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seed import Person, Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.test_web_api import refusal

SCOPES = (*Seed().scopes, "users:read.email", "users.profile:read", "team:read")
EVENTS = ("user_change", "team_join")
OWNER = Person("UOWN", "olga", is_owner=True, real_name="Olga O.")
SEED = replace(Seed(), rate_factor=0, scopes=SCOPES, events=EVENTS, people=(*Seed().people, OWNER))


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=SEED) as running:
        yield running


@asynccontextmanager
async def elsewhere(**fields: Any) -> AsyncIterator[tuple[AsyncWebClient, Hands]]:
    """Start in a workspace that differs in these fields."""
    async with Sandbox(seed=replace(SEED, **fields)) as running, ClientSession() as session:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=running.api_url)
        yield client, Hands(session, running)


PLAIN = {
    "team_id": "T1", "deleted": False, "is_bot": False, "is_restricted": False,
    "is_ultra_restricted": False, "is_admin": False, "is_owner": False, "is_stranger": None,
    "enterprise_user": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("user", "differs"),
    [("UBO", {}), ("UANA", {"is_admin": True}), ("UOWN", {"is_admin": True, "is_owner": True}),
     ("UEVE", {"is_restricted": True}),
     ("UULA", {"is_restricted": True, "is_ultra_restricted": True}),
     ("UXAV", {"team_id": "T2"}), ("UBOT", {"is_bot": True}), ("USLACKBOT", {}),
     ("UDAN", {"deleted": True, "is_restricted": None, "is_ultra_restricted": None,
               "is_admin": None, "is_owner": None})],
)  # fmt: skip
async def test_a_person_has_the_flags_of_their_standing(
    client: AsyncWebClient, user: str, differs: Json
) -> None:
    told = (await client.users_info(user=user))["user"]
    assert {flag: told.get(flag) for flag in PLAIN} == {**PLAIN, **differs}


async def test_who_shares_no_channel_with_the_app_is_a_stranger(
    client: AsyncWebClient, hands: Hands
) -> None:
    await hands.do("leave", user="UXAV", channel="CPARTNERS")
    assert (await client.users_info(user="UXAV"))["user"]["is_stranger"] is True


async def test_a_person_has_a_time_zone_and_a_name(client: AsyncWebClient) -> None:
    bo = (await client.users_info(user="UBO"))["user"]
    assert (bo["tz"], bo["tz_offset"], bo["real_name"]) == ("Europe/Berlin", 3600, "Bo")
    assert (await client.users_info(user="UOWN"))["user"]["real_name"] == "Olga O."


async def test_an_unknown_person_is_refused(client: AsyncWebClient) -> None:
    for call in (client.users_info, client.users_profile_get, client.users_getPresence):
        assert await refusal(call(user="UNONE")) == "user_not_found"


async def test_addresses_take_a_scope_of_their_own(client: AsyncWebClient) -> None:
    profile = (await client.users_info(user="UBO"))["user"]["profile"]
    assert profile["email"] == "bo@t1.example"
    assert (await client.users_profile_get(user="UBO"))["profile"] == profile
    assert "email" not in (await client.users_info(user="UXAV"))["user"]["profile"]
    async with elsewhere(scopes=Seed().scopes) as (poor, _hands):
        assert "email" not in (await poor.users_info(user="UBO"))["user"]["profile"]
        for call in (
            poor.users_lookupByEmail(email="bo@t1.example"), poor.users_profile_get(user="UBO"),
            poor.team_info(),
        ):  # fmt: skip
            assert await refusal(call) == "missing_scope"


async def test_people_are_found_by_their_address(client: AsyncWebClient) -> None:
    found = await client.users_lookupByEmail(email="Bo@T1.example")
    assert found["user"]["id"] == "UBO"
    for nobody in ("no@t1.example", "dan@t1.example", "xav@t2.example", "slackbot@t1.example"):
        assert await refusal(client.users_lookupByEmail(email=nobody)) == "users_not_found"


async def test_everybody_is_listed_in_pages(client: AsyncWebClient) -> None:
    everybody = [user["id"] for user in (await client.users_list())["members"]]
    assert {"UANA", "UDAN", "UXAV", "UBOT", "USLACKBOT"} <= set(everybody)
    paged, cursor = [], ""
    while True:
        page = await client.users_list(limit=5, cursor=cursor)
        assert len(page["members"]) <= 5
        paged += [user["id"] for user in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert paged == everybody


async def test_the_app_learns_about_its_bot_and_its_workspace(client: AsyncWebClient) -> None:
    bot = (await client.bots_info(bot="BBOT"))["bot"]
    assert (bot["user_id"], bot["app_id"]) == ("UBOT", "A1")
    assert await refusal(client.bots_info(bot="B0")) == "bot_not_found"
    assert (await client.team_info())["team"]["id"] == "T1"
    assert await refusal(client.team_info(team="T2")) == "team_not_found"


async def test_in_an_organisation_people_have_an_id_there() -> None:
    async with elsewhere(enterprise="E1", enterprise_name="Org") as (client, hands):
        made = await hands.do("person", name="wim")
        assert made["user"].startswith("W")
        for user in ("UBO", made["user"]):
            told = (await client.users_info(user=user))["user"]["enterprise_user"]
            assert (told["id"], told["enterprise_id"], told["teams"]) == (user, "E1", ["T1"])
        assert "enterprise_user" not in (await client.users_info(user="UXAV"))["user"]
        assert (await client.auth_test())["enterprise_id"] == "E1"


async def test_a_new_colleague_is_told_of_and_is_in_general(
    client: AsyncWebClient, hands: Hands
) -> None:
    made = await hands.do("person", name="new", title="Intern", tz="Asia/Kolkata")
    assert made["user"] in (await client.conversations_members(channel="CGENERAL"))["members"]
    told = await hands.until("deliveries", bool)
    event = told[0]["payload"]["event"]
    assert (event["type"], event["user"]["id"]) == ("team_join", made["user"])
    assert (event["user"]["tz_offset"], event["user"]["profile"]["title"]) == (19800, "Intern")


@pytest.mark.parametrize(
    "fields", [{"is_guest": True}, {"team": "T2"}, {"is_guest": True, "only_channel": "COPS"}]
)
async def test_a_guest_or_a_stranger_is_in_no_channel_by_themselves(
    client: AsyncWebClient, hands: Hands, fields: Json
) -> None:
    made = await hands.do("person", name="new", **fields)
    assert made["user"] not in (await client.conversations_members(channel="CGENERAL"))["members"]


async def test_a_change_of_an_account_is_told_once(client: AsyncWebClient, hands: Hands) -> None:
    changed = await hands.do("person", user="UBO", is_deleted=True)
    assert len(changed["deliveries"]) == 1
    again = await hands.do("person", user="UBO", is_deleted=True)
    assert again["deliveries"] == []
    assert (await client.users_info(user="UBO"))["user"]["deleted"] is True
    told = await hands.until("deliveries", bool)
    assert told[0]["payload"]["event"]["type"] == "user_change"


async def test_a_person_of_another_company_acts_as_one(
    client: AsyncWebClient, hands: Hands
) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "block_id": "a", "elements": [button]}]
    for channel, user, team in [("CPARTNERS", "UXAV", "T2"), ("CPARTNERS", "UANA", "T1")]:
        posted = await client.chat_postMessage(channel=channel, text="x", blocks=blocks)
        clicked = await hands.do(
            "click", user=user, channel=channel, ts=posted["ts"], action_id="go"
        )
        deliveries = {d["id"]: d["payload"] for d in await hands.see("deliveries")}
        payload = deliveries[clicked["delivery"]]
        assert (payload["user"]["team_id"], payload["team"]["id"]) == (team, "T1")
        assert payload["enterprise"] is None


async def test_an_event_says_whether_its_channel_is_shared() -> None:
    async with elsewhere(events=("message.channels", "user_change")) as (_client, hands):
        for channel, user in [("CPARTNERS", "UXAV"), ("COPS", "UANA")]:
            await hands.do("message", user=user, channel=channel, text="hello")
        await hands.do("person", user="UBO", title="x")
        seen = await hands.until("deliveries", lambda tried: len({d["id"] for d in tried}) == 3)
        shared = {d["payload"]["event"].get("channel"): d["payload"] for d in seen}
        for place, is_shared in [("CPARTNERS", True), ("COPS", False), (None, False)]:
            assert shared[place]["is_ext_shared_channel"] is is_shared
        assert shared["CPARTNERS"]["event"]["user_team"] == "T2"
        assert shared["CPARTNERS"]["authorizations"][0]["team_id"] == "T1"


async def test_an_organisation_is_in_every_payload() -> None:
    async with elsewhere(enterprise="E1", enterprise_name="Org") as (_client, hands):
        await hands.do("command", user="UANA", channel="COPS", text="x")
        payload = (await hands.see("deliveries"))[0]["payload"]
        assert (payload["enterprise_id"], payload["enterprise_name"]) == ("E1", "Org")
        await hands.do("shortcut", user="UANA", callback_id="x")
        payload = (await hands.see("deliveries"))[-1]["payload"]
        assert payload["enterprise"] == {"id": "E1", "name": "Org"}


async def test_a_deactivated_person_stays_in_their_groups(
    client: AsyncWebClient, hands: Hands
) -> None:
    await hands.do("person", user="UPAM", is_deleted=True)
    assert "UPAM" in (await client.usergroups_users_list(usergroup="SAPPROVE"))["users"]
    assert "UPAM" in (await client.conversations_members(channel="CGENERAL"))["members"]


async def test_presence_is_what_the_person_makes_it(client: AsyncWebClient, hands: Hands) -> None:
    assert (await client.users_getPresence(user="UBO"))["presence"] == "active"
    await hands.do("person", user="UBO", is_away=True)
    assert (await client.users_getPresence(user="UBO"))["presence"] == "away"


async def test_a_revoked_token_is_good_for_nothing() -> None:
    async with elsewhere(events=("tokens_revoked", "app_uninstalled")) as (client, hands):
        assert (await client.auth_revoke(test=True))["revoked"] is False
        assert (await client.auth_revoke())["revoked"] is True
        assert await refusal(client.auth_test()) == "token_revoked"
        told = await hands.until("deliveries", bool)
        assert told[0]["payload"]["event"]["tokens"] == {"oauth": [], "bot": ["UBOT"]}
        assert (await hands.attempt("uninstall"))[0] == 400


async def test_an_uninstalled_app_is_told_and_refused() -> None:
    async with elsewhere(events=("tokens_revoked", "app_uninstalled")) as (client, hands):
        assert len((await hands.do("uninstall"))["deliveries"]) == 2
        assert await refusal(client.users_list()) == "token_revoked"


@pytest.mark.parametrize(
    ("user", "words"), [("UDAN", "deactivated"), ("USLACKBOT", "Slackbot"), ("UBOT", "the bot")]
)
async def test_not_everybody_acts(hands: Hands, user: str, words: str) -> None:
    status, answer = await hands.attempt("message", user=user, channel="CGENERAL", text="x")
    assert (status, words in answer["error"]) == (400, True), answer


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "a field is missing: name"), ({"name": "ana"}, "somebody else has this name"),
     ({"user": "UBO", "nose": "long"}, "no such field"),
     ({"user": "UBO", "title": 7}, "another type"), ({"user": "UBO", "tz": "Mars"}, "time zone"),
     ({"user": "UBOT", "title": "x"}, "nobody's to change")],
)  # fmt: skip
async def test_a_wrong_account_is_refused_in_words(hands: Hands, fields: Json, words: str) -> None:
    status, answer = await hands.attempt("person", **fields)
    assert (status, words in answer["error"]) == (400, True), answer


async def test_a_window_shows_every_account(hands: Hands) -> None:
    people = {person["id"]: person for person in await hands.see("people")}
    assert people["UDAN"]["deleted"] is True
    assert people["UBO"]["profile"]["email"] == "bo@t1.example"


async def test_of_somebody_from_another_company_nobody_is_told_that_they_came() -> None:
    async with elsewhere(events=("team_join", "member_joined_channel")) as (_client, hands):
        met = await hands.do("person", name="zoe", team="T2")
        assert met["deliveries"] == []
        new = await hands.do("person", name="ned")
        assert len(new["deliveries"]) == 1  # the bot is not in the general channel


async def test_a_single_channel_guest_who_was_removed_sees_nothing(hands: Hands) -> None:
    await hands.do("remove_member", user="UANA", channel="CINCIDENTS", removed="UEVE")
    await hands.do("person", user="UEVE", only_channel="CINCIDENTS")
    assert (await hands.see("look", user="UEVE"))["channels"] == []
