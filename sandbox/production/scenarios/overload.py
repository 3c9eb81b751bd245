"""More customers than there is room for."""

from sandbox.production.releases import Release
from sandbox.production.story import Act, Demand, Scenario, Truth

SCENARIO = Scenario(
    "overload",
    "The sale begins",
    90,
    Truth(
        *("load", "checkout", "almost three times as many customers as usual"),
        mended_by=(
            (
                Act("scale", "checkout", "6"),
                Act("scale", "payments", "5"),
                Act("scale", "inventory", "4"),
            ),
        ),
        in_vain=(
            (Act("restart", "checkout"),),
            (Act("rollback", "payments"),),
            (Act("flush", "*"),),
        ),
    ),
    releases=(
        Release("payments", 20, -14400, "Lea Okoro", "Ask the bank once more if it is busy"),
    ),
    happenings=(Demand(0, 2.8),),
)
