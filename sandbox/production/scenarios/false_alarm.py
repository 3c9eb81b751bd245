"""An exporter that counts wrongly: an alert, and nobody suffers."""

from sandbox.production.releases import Release
from sandbox.production.story import Act, Nonsense, Scenario, Truth

SCENARIO = Scenario(
    "false-alarm",
    "Mails pile up, or do they",
    45,
    Truth(
        *("exporter", "mail", "the exporter counts delivered mails as waiting"),
        mended_by=(),
        in_vain=((Act("restart", "mail"),),),
    ),
    releases=(Release("mail", 9, -20000, "Lea Okoro", "A friendlier subject"),),
    happenings=(
        Nonsense(0, 600, "mail_queue_length", {"job": "mail", "service": "mail"}, 48_211),
    ),
)
