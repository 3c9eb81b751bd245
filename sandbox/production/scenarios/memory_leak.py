"""A version that keeps what it should forget, until it is killed."""

from sandbox.production.releases import Release, Traits
from sandbox.production.story import Act, Scenario, Truth

SCENARIO = Scenario(
    "memory-leak",
    "Pages without products, again and again",
    420,
    Truth(
        *("deployment", "catalog", "v32 keeps every picture it has resized"),
        mended_by=((Act("rollback", "catalog"),),),
        in_vain=((Act("rollback", "web"),), (Act("flush", "*"),)),
        for_a_while=((Act("restart", "catalog"),),),
    ),
    releases=(
        Release("web", 88, -7200, "Ada Brandt", "A banner for the winter sale"),
        Release(*("catalog", 32, 0, "Mina Holt", "Resize pictures in memory"), Traits(leak=70.0)),
    ),
)
