"""What a template writes into `<picture>`: a pure function of the recorded renditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from storegen.media import keys
from storegen.media.renditions import OPEN_GRAPH, Rendition

# The order browsers should try them in; the last one that is there is also the fallback.
_ORDER = ("avif", "webp", "jpeg", "png")
#: The width an `<img src>` gets: right for a phone, bearable where srcset is unknown.
_FALLBACK_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Source:
    """One `<source type srcset>`."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSources:
    """``src``, ``width`` and ``height`` for `<img>` (so nothing shifts), ``sources`` before it.

    ``social`` is the JPEG for link previews, None if there is none.
    """

    sources: tuple[Source, ...]
    src: str
    width: int
    height: int
    social: str | None


def picture_sources(
    sha: str, renditions: Iterable[Rendition], url: Callable[[str], str]
) -> PictureSources:
    """Group ``renditions`` by format. ``url`` is `MediaStore.url`. Raises ValueError on none."""
    by_format: dict[str, list[Rendition]] = {}
    social = None
    for each in sorted(renditions, key=lambda each: each.width):
        if each.name == OPEN_GRAPH:
            social = url(keys.key_of(sha, each.name))
        else:
            by_format.setdefault(each.format, []).append(each)
    formats = [name for name in _ORDER if name in by_format]
    if not formats:
        raise ValueError("a picture without renditions")
    fallback = by_format[formats[-1]]
    chosen = next((each for each in fallback if each.width >= _FALLBACK_WIDTH), fallback[-1])
    largest = fallback[-1]
    return PictureSources(
        sources=tuple(
            Source(
                f"image/{name}",
                ", ".join(
                    f"{url(keys.key_of(sha, each.name))} {each.width}w" for each in by_format[name]
                ),
            )
            for name in formats
        ),
        src=url(keys.key_of(sha, chosen.name)),
        width=largest.width,
        height=largest.height,
        social=social,
    )
