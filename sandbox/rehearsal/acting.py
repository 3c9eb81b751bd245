"""What people do in a rehearsal, each with the hands of the workspace."""

from base64 import b64encode
from collections.abc import Awaitable, Callable

from . import reading
from .alertmanager import told
from .elements import Element, found, names, value_of
from .fields import Json
from .hands import DIRECT, RefusedError
from .scene import Scene
from .steps import (
    Acts,
    Alerts,
    Clicks,
    Closes,
    Fills,
    Joins,
    Leaves,
    Opens,
    Reacts,
    Says,
    Types,
    Uploads,
    Uses,
)

FORM, HOME = "form", "home"


async def types(scene: Scene, step: Types) -> str:
    """Type a command; return what is amiss with what comes back."""
    user, channel = await _where(scene, step.who, step.place)
    command, _, text = step.types.partition(" ")

    async def typed() -> Json:
        act = {"user": user, "channel": channel, "command": command, "text": text}
        return await scene.hands.post("command", **act)

    return await _answered(scene, step, (user, channel), typed)


async def says(scene: Scene, step: Says) -> None:
    """Write a message or a reply."""
    user, channel = await _where(scene, step.who, step.place)
    thread = (await _message(scene, user, channel, step.to))["ts"] if step.to else None
    act = {"user": user, "channel": channel, "text": step.says, "thread_ts": thread}
    await scene.hands.post("message", **act)


async def clicks(scene: Scene, step: Clicks) -> str:
    """Press a button or choose in a menu; return what is amiss with what comes back."""
    user = scene.person(step.who)
    channel, where, element = await _to_click(scene, user, step)
    act = {"user": user, "action_id": element.element["action_id"], **where}
    act["block_id"] = element.block["block_id"]
    if step.chooses is not None:
        act["option"] = value_of(element.element, step.chooses, scene.ids)

    async def clicked() -> Json:
        return await scene.hands.post("click", **act)

    return await _answered(scene, step, (user, channel), clicked)


async def fills(scene: Scene, step: Fills) -> str:
    """Fill in the form in front and send it; return what is amiss with what it says to that."""
    user = scene.person(step.who)
    form = await _form(scene, user)
    values: Json = {}
    for name, given in step.fills.items():
        element = found(form["blocks"], name)
        if element is None:
            msg = f"the form has no field {name}; it has: {names(form['blocks'])}"
            raise RefusedError(msg)
        entered = {element.element["action_id"]: value_of(element.element, given, scene.ids)}
        values[element.block["block_id"]] = entered
    report = await scene.hands.post("submit", user=user, values=values)
    said = list(report.get("client_errors", {}).values()) or _warned(report)
    front = await scene.hands.form(user)
    if front and front["id"] == form["id"]:
        said += front["errors"].values()
    if step.refused:
        read = reading.plain("\n".join(said), scene.names)
        lacking = reading.lacks(read, step.refused)
        return f"the form does not say “{'”, “'.join(lacking)}” but “{read}”" if lacking else ""
    return f"the form says “{'; '.join(said)}”" if said else ""


async def closes(scene: Scene, step: Closes) -> None:
    """Close the form in front."""
    await scene.hands.post("close_view", user=scene.person(step.who))


async def uses(scene: Scene, step: Uses) -> str:
    """Use a shortcut; return what is amiss with what comes back."""
    user, kind = scene.person(step.who), "message" if step.message else "global"
    known = [one for one in (await scene.hands.get("look"))["shortcuts"] if one["kind"] == kind]
    chosen = [one for one in known if step.uses in {one["name"], one["callback_id"]}]
    if not chosen:
        there = ", ".join(one["name"] for one in known) or "none"
        msg = f"there is no {kind} shortcut {step.uses}; there are: {there}"
        raise RefusedError(msg)
    act = {"user": user, "callback_id": chosen[0]["callback_id"]}
    if step.message:
        channel = await scene.hands.channel(user, step.place)
        ts = (await _message(scene, user, channel, step.message))["ts"]
        act |= {"channel": channel, "ts": ts}
    return "; ".join(_warned(await scene.hands.post("shortcut", **act)))


async def reacts(scene: Scene, step: Reacts) -> None:
    """React to a message."""
    user, channel = await _where(scene, step.who, step.place)
    ts = (await _message(scene, user, channel, step.message))["ts"]
    act = {"user": user, "channel": channel, "ts": ts, "name": step.reacts.strip(":")}
    await scene.hands.post("react", **act, remove=step.taken_back)


async def uploads(scene: Scene, step: Uploads) -> None:
    """Share a text file."""
    user, channel = await _where(scene, step.who, step.place)
    act = {"user": user, "channel": channel, "filename": step.uploads, "text": step.saying}
    await scene.hands.post("upload", **act, content=b64encode(step.holds.encode()).decode())


async def opens(scene: Scene, step: Opens) -> None:
    """Open the app's Home tab."""
    await scene.hands.post("home", user=scene.person(step.who))


async def goes(scene: Scene, step: Joins | Leaves) -> None:
    """Come into a channel, or leave it."""
    act, place = ("join", step.joins) if isinstance(step, Joins) else ("leave", step.leaves)
    user, channel = await _where(scene, step.who, place)
    await scene.hands.post(act, user=user, channel=channel)


async def alerts(scene: Scene, step: Alerts) -> None:
    """Tell the bot of an alert."""
    if scene.around.alerts is None:
        raise RefusedError("the bot takes no alerts here")
    await scene.around.alerts.tell(told(step.alert, scene.around.clock.now()))


async def acts(scene: Scene, step: Acts) -> None:
    """Let somebody act on the production."""
    [(name, given)] = step.production.items()
    known = scene.around.acts
    if not known:
        raise RefusedError("there is no production here; name a `scenario`")
    if name not in known:
        msg = f"nobody can {name} here; there are: {', '.join(sorted(known))}"
        raise RefusedError(msg)
    await known[name](given)


async def _where(scene: Scene, who: str, place: str) -> tuple[str, str]:
    user = scene.person(who)
    return user, await scene.hands.channel(user, place)


async def _form(scene: Scene, user: str) -> Json:
    """Return the form in front as soon as there is one."""
    open_: list[Json] = []

    async def look() -> str:
        front = await scene.hands.form(user)
        open_.extend([front] if front else [])
        return "" if front else "no form is open"

    if amiss := await scene.until(look):
        raise RefusedError(amiss)
    return open_[-1]


async def _message(
    scene: Scene, user: str, channel: str, words: str | None, element: str = ""
) -> Json:
    """Return the newest message with these words and this element as soon as there is one."""
    chosen: list[Json] = []

    async def look() -> str:
        shown = await scene.hands.messages(user, channel)
        fitting = [
            one
            for one in shown
            if not reading.lacks(reading.message(one, scene.names), [words] if words else [])
        ]
        if not fitting:
            return f"no message says “{words}”"
        able = [one for one in fitting if not element or found(one["blocks"], element)]
        chosen.extend(able[-1:])
        there = "; ".join({names(one["blocks"]) for one in fitting if one["blocks"]})
        return "" if able else f"no message has “{element}”; there is: {there or 'nothing'}"

    if amiss := await scene.until(look):
        raise RefusedError(amiss)
    return chosen[-1]


async def _to_click(scene: Scene, user: str, step: Clicks) -> tuple[str, Json, Element]:
    """Return the channel that answers come to, where the element is, and the element."""
    channel, where = f"D{user}", Json()
    if step.place == FORM:
        blocks = (await _form(scene, user))["blocks"]
    elif step.place == HOME:
        where = {"home": True}
        blocks = ((await scene.hands.get("home", user=user)) or {}).get("blocks")
    else:
        channel = await scene.hands.channel(user, step.place)
        message = await _message(scene, user, channel, step.message, step.clicks)
        blocks, direct = message["blocks"], channel == f"D{user}"
        where = {"channel": DIRECT if direct else channel, "ts": message["ts"]}
    element = found(blocks, step.clicks)
    if element is None:
        msg = f"there is no “{step.clicks}”; there is: {names(blocks)}"
        raise RefusedError(msg)
    return channel, where, element


async def _answered(
    scene: Scene,
    step: Types | Clicks,
    place: tuple[str, str],
    act: Callable[[], Awaitable[Json]],
) -> str:
    """Act, and return what is amiss with what only they are told then."""
    user, channel = place
    before = {one["ts"] for one in await scene.hands.messages(user, channel)}
    if warned := _warned(await act()):
        return "; ".join(warned)
    if not step.answered and not step.keep:
        return ""

    async def look() -> str:
        shown = await scene.hands.messages(user, channel)
        own = [one for one in shown if one["ephemeral"] or channel == f"D{user}"]
        fresh = [reading.message(one, scene.names) for one in own if one["ts"] not in before]
        for read in fresh:
            if not reading.lacks(read, step.answered):
                return scene.keep(step.keep, read)
        wanted = "”, “".join(step.answered)
        return f"the answer is not “{wanted}” but “{' / '.join(fresh)}”"

    return await scene.until(look, step.within)


def _warned(report: Json) -> list[str]:
    if not report.get("warning"):
        return []
    told = [str(report["warning"]), *map(str, report["problems"])]
    return [f"Slack tells them: {', '.join(told)}"]
