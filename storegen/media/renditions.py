"""What is recorded of a picture; plain values that need no imaging library."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Pixels across, for srcset: a phone's half column up to a large screen's gallery.
WIDTHS = (320, 640, 960, 1440)
OPEN_GRAPH = "og.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One encoded file of a picture. ``size`` in bytes; ``data`` is empty once it is stored."""

    name: str
    format: str
    width: int
    height: int
    size: int
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureResult:
    """What is known of a picture: ``width`` and ``height`` upright, ``colour`` as ``#rrggbb``.

    ``mime`` and ``sha256`` are those of the original bytes. Keys follow from
    ``keys.key_of(sha256, rendition.name)`` and ``keys.original_key(sha256, mime)``.
    """

    sha256: str
    mime: str
    width: int
    height: int
    colour: str
    renditions: tuple[Rendition, ...]
