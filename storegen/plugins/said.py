"""What an exception of a plugin says, as text that can be kept anywhere."""

from __future__ import annotations

import traceback

_MOST = 500


def said(error: BaseException, most: int = _MOST) -> str:
    """Its type and message. The message may be anything: databases refuse NUL, and files halves of
    surrogate pairs; an exception may even fail at saying what it is."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:
        text = f"{type(error).__name__}: (no message)"
    return _keepable(text)[:most]


def trace_of(error: BaseException) -> str:
    """Where it was raised, for the log, whose file takes no half of a surrogate pair either."""
    try:
        return _keepable("".join(traceback.format_exception(error)))
    except Exception:
        return said(error)


def _keepable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "backslashreplace").decode("utf-8")
