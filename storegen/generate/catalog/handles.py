"""Handles: the names of products in addresses, given by a file or made from a title."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NOT_WORD = re.compile(r"[^\w-]+")
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_LONGEST = 100


def clean_handle(text: str) -> str:
    """A handle that a file gives, fit for an address; letters of any script stay."""
    return _NOT_WORD.sub("-", text.strip().lower()).strip("-")


def handle_from_title(title: str, seed: str = "") -> str:
    """A handle in a-z, 0-9 and hyphens, the same for the same title and ``seed``.

    What other scripts say cannot be spelled that way, so a short hash stands for it.
    """
    plain = unicodedata.normalize("NFKD", title.lower())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    slug = _NOT_ASCII_WORD.sub("-", plain).strip("-")[:_LONGEST].strip("-")
    lost = any(char.isalpha() and not char.isascii() for char in plain)
    if slug and not lost and not seed:
        return slug
    short = hashlib.sha256(f"{title}\0{seed}".encode("utf-8", "replace")).hexdigest()[:8]
    return f"{slug}-{short}" if slug else f"p-{short}"


class Handles:
    """The handles of one file so far, so that no two products share one."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def claim(self, handle: str) -> bool:
        """Take ``handle``; False where it is taken already."""
        if handle in self._used:
            return False
        self._used.add(handle)
        return True

    def unique(self, handle: str) -> str:
        """``handle``, or with the first free number behind it."""
        number, candidate = 1, handle
        while not self.claim(candidate):
            number += 1
            candidate = f"{handle}-{number}"
        return candidate
