"""A version that fails on part of all orders."""

from sandbox.production.releases import Release, Traits
from sandbox.production.story import Act, Scenario, Truth

SAYS = "KeyError: 'currency' in checkout/prices.py line 88, in total"
SCENARIO = Scenario(
    "bad-deploy",
    "Orders fail",
    60,
    Truth(
        *("deployment", "checkout", "v43 reads the currency of carts that have none"),
        mended_by=((Act("rollback", "checkout"),),),
        in_vain=(
            (Act("restart", "checkout"),),
            (Act("scale", "checkout", "6"),),
            (Act("rollback", "catalog"),),
            (Act("flush", "*"),),
        ),
    ),
    releases=(
        Release("catalog", 32, -5400, "Mina Holt", "Show the old price beside the new one"),
        Release(
            *("checkout", 43, 0, "Jon Reyes", "Totals in the customer's currency"),
            Traits(errors=0.28, says=SAYS),
        ),
    ),
)
