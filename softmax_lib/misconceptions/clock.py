"""How long a function may take: what does not come back is endless, what comes back is slow.

The module stands alone.
"""

from __future__ import annotations

import time

SECONDS_FIRST_CALL = 4.0  # it may import, compile or open something
SECONDS_A_CALL = 1.5
SECONDS = 10.0  # all calls together
SLOWER = 2  # times longer than the longest before, and a call counts as endless
QUICK = 0.1  # seconds a call, up to which many forms are tried


class Clock:
    """The time that is left, and how long the calls so far took."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.is_endless = False
        self.calls: list[float] = []

    @property
    def left(self) -> float:
        return SECONDS - (time.monotonic() - self.start)

    @property
    def usual(self) -> float:
        """Seconds that a call takes; the first may take longer than those that follow.

        It is their median: on a machine with much to do, any call may have to wait.
        """
        later = sorted(self.calls[1:]) or self.calls or [0.0]
        return later[(len(later) - 1) // 2]

    @property
    def has_time_for_more(self) -> bool:
        """Whether the function may be tried in many forms."""
        return not self.is_endless and self.usual <= QUICK

    def limit(self) -> float:
        """Seconds after which a call counts as endless."""
        if not self.calls:
            return SECONDS_FIRST_CALL
        longest = SLOWER * max(self.calls)
        return min(max(SECONDS_A_CALL, longest), SECONDS_FIRST_CALL)

    def note(self, seconds: float) -> None:
        """A call has come back."""
        self.calls.append(seconds)
