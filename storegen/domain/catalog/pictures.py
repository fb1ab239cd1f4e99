"""A picture as pages show it, from what is recorded of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from storegen.media.renditions import Rendition
from storegen.models import Media
from storegen.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """``sha`` names the original; ``colour`` is the most common one, ``alt`` what it shows."""

    sha: str
    width: int
    height: int
    colour: str
    renditions: tuple[Rendition, ...]
    alt: str = ""


def picture_of(
    sha: str | None,
    width: int,
    height: int,
    colour: str,
    renditions: Sequence[Mapping[str, Any]] | None,
    alt: str = "",
) -> Picture | None:
    """From the columns of `Media`; None where there is no picture or nothing was made of it."""
    if not sha or not renditions:
        return None
    return Picture(
        sha=sha,
        width=width,
        height=height,
        colour=colour,
        renditions=tuple(Rendition(**each) for each in renditions),
        alt=alt,
    )


def pictures(uow: UnitOfWork, hashes: Iterable[str]) -> dict[str, Picture]:
    """Pictures by the SHA-256 of their originals, those that are there."""
    wanted = sorted(set(hashes))
    if not wanted:
        return {}
    rows = uow.db.execute(
        select(Media.sha256, Media.width, Media.height, Media.colour, Media.renditions).where(
            Media.sha256.in_(wanted)
        )
    )
    made = {row.sha256: picture_of(*row) for row in rows}
    return {sha: picture for sha, picture in made.items() if picture is not None}
