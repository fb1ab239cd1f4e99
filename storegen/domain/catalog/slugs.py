"""The names of products and categories in addresses."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")
LONGEST = 100


def slug(text: str) -> str:
    """``text`` for an address: lower case, hyphens; letters of any script stay.

    Browsers show ``/categories/绿茶`` as it is written, and a search engine reads it.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    made = _NOT_WORD.sub("-", folded).strip("-")[:LONGEST].strip("-")
    return made or "c-" + hashlib.sha256(text.encode()).hexdigest()[:8]


def free_slug(wanted: str, taken: set[str]) -> str:
    """``wanted``, or with the first free number behind it; it is taken from now on."""
    number, candidate = 1, wanted
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    taken.add(candidate)
    return candidate
