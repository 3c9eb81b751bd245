"""How fast a source may send."""

from datetime import timedelta

from bot.ports import Clock


class Pace:
    """Gives turns: so many a second, and so many at once after a rest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._latest = self._full = clock.now()  # full is when all turns are there again

    def wait(self, per_second: int, at_once: int) -> timedelta:
        """Take a turn; return how long to wait for one if there is none."""
        now, each = self._clock.now(), timedelta(seconds=1) / per_second
        back = now < self._latest  # the clock was set: what was noted is of another time
        full = now if back else max(self._full, now)
        self._latest = now
        if full - now > each * (at_once - 1):
            return full - now - each * (at_once - 1)
        self._full = full + each
        return timedelta()


def seconds(wait: timedelta) -> str:
    """Return how many whole seconds to wait, as the header Retry-After has them."""
    return str(max(1, -(-wait // timedelta(seconds=1))))
