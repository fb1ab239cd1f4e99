"""What an exception of a plugin says, as text that can be kept anywhere."""

from __future__ import annotations

_MOST = 500


def said(error: BaseException, most: int = _MOST) -> str:
    """Its type and message. The message may be anything: databases refuse NUL, and files halves of
    surrogate pairs; an exception may even fail at saying what it is."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:
        text = f"{type(error).__name__}: (no message)"
    text = text.replace("\x00", "").encode("utf-8", "backslashreplace").decode("utf-8")
    return text[:most]
