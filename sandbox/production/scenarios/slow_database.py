"""A report that holds the orders while it reads them all."""

from sandbox.production.releases import Release
from sandbox.production.story import Act, LongQuery, Scenario, Truth

QUERY = (
    "LOCK TABLE orders IN SHARE MODE; SELECT customer, sum(total) FROM orders o "
    "JOIN order_lines l ON l.order_id = o.id WHERE o.placed_at > '2024-01-01' GROUP BY customer"
)
SCENARIO = Scenario(
    "slow-database",
    "Orders take for ever",
    75,
    Truth(
        *("query", "db", "a report of analytics holds a lock on orders"),
        mended_by=((Act("terminate", "analytics"),),),
        in_vain=(
            (Act("restart", "checkout"),),
            (Act("scale", "checkout", "6"),),
            (Act("rollback", "checkout"),),
        ),
    ),
    releases=(Release("checkout", 43, -9000, "Jon Reyes", "Carts live for two weeks"),),
    happenings=(
        LongQuery(
            *(0, "analytics", "quarterly-report", QUERY),
            burden=0.35,
            locks={"orders": 4.0},
        ),
    ),
)
