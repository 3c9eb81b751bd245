"""The verb that begins a drill, or tells what can be practised."""

from bot.ports import Words

from .call import Call


async def drill(call: Call) -> Words:
    """Begin a drill; without a scenario show those there are, and the last drills."""
    drills = call.desk.drills
    if not call.rest:
        scenarios = drills.scenarios()
        return call.say("drills", scenarios=scenarios, earlier=await drills.earlier(call.by))
    made = await drills.begin(call.by, call.rest, call.key)
    return call.say("drill", incident=made.incident, again=made.again)
