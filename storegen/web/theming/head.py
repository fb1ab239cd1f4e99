"""What a page says about itself to search engines and to those who share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storegen.domain.catalog.pictures import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """``path`` is the page's own, without a language's prefix (``/products/longjing``), with the
    query that makes it another page; None has no canonical address (errors, personal pages).

    ``data``: JSON-LD objects. ``alternates`` is false where the other languages do not have it.
    """

    title: str
    description: str = ""
    path: str | None = None
    index: bool = True
    kind: str = "website"
    picture: Picture | None = None
    data: tuple[Mapping[str, Any], ...] = ()
    previous: str | None = None
    next: str | None = None
