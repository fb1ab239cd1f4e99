"""What the gateway refuses, and how it loses a line."""

from __future__ import annotations


class Refused(Exception):
    """An API answer with a code, or a page that says no."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


class LineDropped(Exception):
    """The server closes the connection without an answer. What was done stays done."""
