"""When the story is where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Telling:
    """A story told from a moment on, at which it has lasted `before` seconds already.

    What happens later happens `speed` times as fast; what was before is told at that speed, too.
    """

    started: float
    before: float
    speed: float = 1.0

    def story(self, at: float) -> float:
        """Return the second of the story at a moment, in seconds since 1970."""
        return self.before + (at - self.started) * self.speed

    def moment(self, story: float) -> float:
        """Return when the story is at that second."""
        return self.started + (story - self.before) / self.speed

    def lasts(self, seconds: float) -> float:
        """Return how long so many seconds of the story take."""
        return seconds / self.speed
