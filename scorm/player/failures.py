"""Ways for an LMS to lose what a page sends it, on demand."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """What goes wrong with everything that a page saves, from now on."""

    SERVER_ERROR = "500"
    DROPPED = "dropped"
    UNANSWERED = "unanswered"
    SLOW = "slow"
    HTML = "html"
    REFUSED = "false"
    EXCEPTION = "exception"
    GONE = "gone"
    FORBIDDEN = "403"

    @property
    def words(self) -> str:
        """The failure in words, for the list in the player page."""
        return _WORDS[self]

    @property
    def is_of_lrs(self) -> bool:
        """Can only an LRS fail so, in a package of cmi5?"""
        return self is Failure.FORBIDDEN


_WORDS = {
    Failure.SERVER_ERROR: "the server answers 500",
    Failure.DROPPED: "the network is cut",
    Failure.UNANSWERED: "saved, but the answer is lost",
    Failure.SLOW: "the server is slow",
    Failure.HTML: "a login page, with status 200",
    Failure.REFUSED: "the LMS says false (xAPI: 429)",
    Failure.EXCEPTION: "the API throws (xAPI: 503)",
    Failure.GONE: "the API is gone (xAPI: 401)",
    Failure.FORBIDDEN: "the LRS refuses statements for good (403)",
}

#: Seconds that a slow server takes.
SLOWNESS = 2.0

LOGIN_PAGE = b"<!DOCTYPE html><title>Log in</title><h1>Your session has ended. Log in</h1>"
