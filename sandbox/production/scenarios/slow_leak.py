"""A leak that shows an hour after its deployment, with an innocent one just before the alert."""

from sandbox.production.releases import Release, Traits
from sandbox.production.story import Act, Scenario, Truth

SCENARIO = Scenario(
    "slow-leak",
    "Orders fail for moments at a time",
    4020,
    Truth(
        *("deployment", "inventory", "v17 keeps a copy of the stock for every request"),
        mended_by=((Act("rollback", "inventory"),),),
        in_vain=((Act("rollback", "web"),), (Act("restart", "checkout"),)),
        for_a_while=((Act("restart", "inventory"),),),
    ),
    releases=(
        Release(
            *("inventory", 17, 0, "Tom Sayer", "Compare stock before and after an order"),
            Traits(leak=7.0),
        ),
        Release("web", 88, 3780, "Ada Brandt", "A new footer"),
    ),
)
