"""Codes that people type: coupons, gift cards."""

from __future__ import annotations

import unicodedata


def fold_code(text: str) -> str:
    """One form for all ways to type a code: full-width folded to ASCII, trimmed, upper case."""
    return unicodedata.normalize("NFKC", text).strip().upper()
