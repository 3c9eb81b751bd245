"""A bad version whose rollback alone does not help: what it wrote stays."""

from sandbox.production.releases import Release, Traits
from sandbox.production.story import Act, Scenario, Truth

SAYS = "ValueError: unknown cart format 2 in checkout/carts.py line 41, in load"
SCENARIO = Scenario(
    "spoiled-carts",
    "Carts cannot be opened",
    100,
    Truth(
        *("deployment", "checkout", "v43 writes carts to the cache that no version can read"),
        mended_by=((Act("rollback", "checkout"), Act("flush", "cart:*")),),
        in_vain=(
            (Act("rollback", "checkout"),),
            (Act("flush", "cart:*"),),
            (Act("restart", "checkout"),),
        ),
    ),
    releases=(
        Release(
            *("checkout", 43, 0, "Jon Reyes", "Smaller carts in the cache"),
            Traits(says=SAYS, spoils="cart:*"),
        ),
    ),
)
