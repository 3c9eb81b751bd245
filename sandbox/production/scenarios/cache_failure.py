"""A job that fills the cache with what nobody asks for."""

from sandbox.production.releases import Release
from sandbox.production.story import Act, Flood, Scenario, Truth

SCENARIO = Scenario(
    "cache-failure",
    "Products come slowly or not at all",
    150,
    Truth(
        *("cache", "cache", "recommendations without expiry push the products out"),
        mended_by=((Act("flush", "rec:*"),), (Act("flush", "*"),)),
        in_vain=(
            (Act("restart", "catalog"),),
            (Act("scale", "catalog", "6"),),
            (Act("rollback", "catalog"),),
        ),
    ),
    releases=(Release("catalog", 32, -10800, "Mina Holt", "Show the old price beside the new"),),
    happenings=(Flood(0, "rec:*", 300.0, 60.0),),
)
