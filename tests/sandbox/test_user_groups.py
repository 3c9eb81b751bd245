"""User groups: who may be mentioned together, and who hears when that changes."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seed import Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.test_web_api import refusal

SEED = replace(
    Seed(),
    rate_factor=0,
    scopes=(*Seed().scopes, "usergroups:write"),
    events=("subteam_created", "subteam_updated", "subteam_members_changed"),
)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=SEED) as running:
        yield running


async def told(hands: Hands, kind: str) -> Json:
    """Return the event of this kind, once it was delivered."""

    def of_kind(deliveries: list[Json]) -> list[Json]:
        events = [delivery["payload"]["event"] for delivery in deliveries]
        return [event for event in events if event["type"] == kind]

    seen = await hands.until("deliveries", lambda deliveries: bool(of_kind(deliveries)))
    return of_kind(seen)[0]


async def test_groups_are_listed_with_what_is_asked_for(client: AsyncWebClient) -> None:
    async def groups(**asked: Any) -> dict[str, Json]:
        answer = await client.usergroups_list(**asked)
        return {group["id"]: group for group in answer["usergroups"]}

    plain = await groups()
    assert set(plain) == {"SONCALL", "SAPPROVE"}
    assert not {"users", "user_count"} & set(plain["SONCALL"])
    full = await groups(include_users=True, include_count=True, include_disabled=True)
    assert set(full) == {"SONCALL", "SAPPROVE", "SOLD"}
    assert (full["SAPPROVE"]["users"], full["SAPPROVE"]["user_count"]) == (["UPAM", "USUE"], 2)
    assert full["SOLD"]["date_delete"] == full["SOLD"]["date_update"]


async def test_a_group_out_of_use_lists_nobody(client: AsyncWebClient, hands: Hands) -> None:
    await hands.do("group", group="SAPPROVE", is_disabled=True)
    assert (await client.usergroups_users_list(usergroup="SAPPROVE"))["users"] == []
    asked = await client.usergroups_users_list(usergroup="SAPPROVE", include_disabled=True)
    assert asked["users"] == ["UPAM", "USUE"]
    assert await refusal(client.usergroups_users_list(usergroup="SNONE")) == "no_such_subteam"


async def test_a_group_is_made_filled_renamed_and_put_away(
    client: AsyncWebClient, hands: Hands
) -> None:
    group = (await client.usergroups_create(name="Data", handle="data"))["usergroup"]
    assert (await told(hands, "subteam_created"))["subteam"]["handle"] == "data"
    filled = await client.usergroups_users_update(usergroup=group["id"], users=["UBO", "UCY"])
    assert filled["usergroup"]["users"] == ["UBO", "UCY"]
    changed = await told(hands, "subteam_members_changed")
    assert (changed["subteam_id"], changed["added_users"]) == (group["id"], ["UBO", "UCY"])
    await client.usergroups_update(usergroup=group["id"], handle="datum")
    listed = {g["id"]: g for g in (await client.usergroups_list())["usergroups"]}
    assert (listed[group["id"]]["name"], listed[group["id"]]["handle"]) == ("Data", "datum")
    await client.usergroups_disable(usergroup=group["id"])
    assert group["id"] not in {g["id"] for g in (await client.usergroups_list())["usergroups"]}
    assert await refusal(client.usergroups_disable(usergroup=group["id"])) == "already_disabled"
    await client.usergroups_enable(usergroup=group["id"])
    assert await refusal(client.usergroups_enable(usergroup=group["id"])) == "already_enabled"


@pytest.mark.parametrize(
    ("users", "error"),
    [("", "no_users_provided"), (" , ", "no_users_provided"), ("UNONE", "invalid_users"),
     ("UDAN", "invalid_users"), ("UBO,UXAV", "failed_for_some_users")],
)  # fmt: skip
async def test_a_group_takes_only_people_who_are_there(
    client: AsyncWebClient, users: str, error: str
) -> None:
    update = client.usergroups_users_update(usergroup="SONCALL", users=users)
    assert await refusal(update) == error
    assert (await client.usergroups_users_list(usergroup="SONCALL"))["users"] == ["UCY"]


@pytest.mark.parametrize(
    ("args", "error"),
    [({"name": ""}, "missing_subteam_name"), ({"name": "On call"}, "name_already_exists"),
     ({"name": "x" * 81}, "name_too_long"), ({"handle": "Big!"}, "bad_handle"),
     ({"handle": "on-call"}, "handle_already_exists"),
     ({"handle": "ana"}, "handle_already_exists"),
     ({"handle": "general"}, "handle_already_exists"),
     ({"description": "x" * 141}, "description_too_long")],
)  # fmt: skip
async def test_a_group_is_named_like_nobody_else(
    client: AsyncWebClient, args: Json, error: str
) -> None:
    given = {"name": "New", "handle": "new", **args}
    assert await refusal(client.api_call("usergroups.create", params=given)) == error
    if given["name"]:
        change = {"usergroup": "SAPPROVE", **args}
        assert await refusal(client.api_call("usergroups.update", params=change)) == error
    approvers = [
        g for g in (await client.usergroups_list())["usergroups"] if g["id"] == "SAPPROVE"
    ]
    assert (approvers[0]["name"], approvers[0]["handle"]) == ("Approvers", "approvers")


CALLS: list[tuple[str, Json]] = [
    ("usergroups.list", {}), ("usergroups.users.list", {"usergroup": "SONCALL"}),
    ("usergroups.create", {"name": "x"}), ("usergroups.disable", {"usergroup": "SONCALL"}),
    ("usergroups.users.update", {"usergroup": "SONCALL", "users": "UBO"}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "args"), CALLS)
async def test_a_free_workspace_has_no_groups(method: str, args: Json) -> None:
    async with Sandbox(seed=replace(SEED, is_paid=False)) as free:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=free.api_url)
        assert await refusal(client.api_call(method, params=args)) == "plan_upgrade_required"


@pytest.mark.parametrize(("method", "args"), CALLS)
async def test_groups_take_scopes(method: str, args: Json) -> None:
    scopes = tuple(scope for scope in SEED.scopes if not scope.startswith("usergroups"))
    async with Sandbox(seed=replace(SEED, scopes=scopes)) as poor:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=poor.api_url)
        assert await refusal(client.api_call(method, params=args)) == "missing_scope"


async def test_people_change_groups_and_the_app_hears(hands: Hands) -> None:
    changed = await hands.do("group", group="SAPPROVE", users=["USUE", "UBO"])
    assert len(changed["deliveries"]) == 2
    event = await told(hands, "subteam_members_changed")
    assert (event["added_users"], event["removed_users"]) == (["UBO"], ["UPAM"])
    assert (await told(hands, "subteam_updated"))["subteam"]["users"] == ["USUE", "UBO"]
    made = (await hands.do("group", name="New", handle="new", users=["UBO"]))["group"]
    await hands.do("group", group=made, handle="newer", users=[])
    groups = {group["id"]: group for group in await hands.see("groups")}
    assert (groups[made]["handle"], groups[made]["users"]) == ("newer", [])


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [({"group": "SNONE"}, 404, "no such group"), ({"name": "x"}, 400, "missing: handle"),
     ({"name": "x", "handle": "ana"}, 400, "handle_already_exists"),
     ({"group": "SONCALL", "users": ["U0"]}, 400, "people's ids"),
     ({"group": "SONCALL", "users": [["UANA"]]}, 400, "people's ids"),
     ({"group": "SONCALL", "is_disabled": [1]}, 400, "true or false")],
)  # fmt: skip
async def test_a_wrong_group_is_refused_in_words(
    hands: Hands, fields: Any, status: int, words: str
) -> None:
    got, answer = await hands.attempt("group", **fields)
    assert (got, words in answer["error"]) == (status, True), answer


async def test_nothing_is_told_without_the_scope() -> None:
    seed = replace(SEED, scopes=("chat:write",))
    async with Sandbox(seed=seed) as poor, ClientSession() as session:
        changed = await Hands(session, poor).do("group", group="SONCALL", users=["UBO"])
        assert changed["deliveries"] == []
