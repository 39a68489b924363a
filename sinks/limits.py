"""How many messages a sink is sent: a window that begins with a message and takes so many. Pure."""

from __future__ import annotations

from dataclasses import dataclass

DIGEST_ALERTS = 400
"""A digest with so many goes at once, whatever the window says: nobody reads more, and it has to be remembered."""


@dataclass(frozen=True, slots=True)
class Window:
    """When it began, in seconds since 1970, and how many messages it has had."""

    began: float = 0.0
    count: int = 0

    def has_room(self, now: float, at_most: int, seconds: float) -> bool:
        """Whether a message may go. With `at_most` 0 it always may."""
        return at_most == 0 or self.count < at_most or self.is_over(now, seconds)

    def is_over(self, now: float, seconds: float) -> bool:
        """Whether it is past; a clock that was set back ends it as well."""
        return not self.began <= now < self.began + seconds

    def with_one_more(self, now: float, seconds: float) -> Window:
        return Window(now, 1) if self.is_over(now, seconds) else Window(self.began, self.count + 1)

    def or_later(self, other: Window) -> Window:
        """Of two windows of one sink the later, or the fuller."""
        return max(self, other, key=lambda window: (window.began, window.count))
