"""What is recorded of a picture that was processed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from storegen.domain.upsert import insert
from storegen.media.renditions import PictureResult
from storegen.models import Media
from storegen.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMedia:
    """A processed picture; ``size`` in bytes and ``name`` are the original's. ``made_here``: it
    was drawn by us, so it belongs to no export."""

    result: PictureResult
    size: int
    name: str = ""
    made_here: bool = False


def find_media(uow: UnitOfWork, hashes: Iterable[str]) -> dict[str, int]:
    """SHA-256 of an original → media id, for those that are known."""
    wanted = sorted(set(hashes))
    if not wanted:
        return {}
    rows = uow.db.execute(select(Media.sha256, Media.id).where(Media.sha256.in_(wanted)))
    return {sha: media_id for sha, media_id in rows}


def record_media(uow: UnitOfWork, pictures: Mapping[str, NewMedia]) -> dict[str, int]:
    """Record pictures by the SHA-256 of their originals; returns all their media ids.

    One that another process recorded meanwhile is left as it is: equal bytes, equal renditions.
    """
    if not pictures:
        return {}
    statement = insert(uow.db, Media).on_conflict_do_nothing(index_elements=["sha256"])
    uow.db.execute(statement, [_row(uow, pictures[sha]) for sha in sorted(pictures)])
    return find_media(uow, pictures)


def _row(uow: UnitOfWork, new: NewMedia) -> dict[str, Any]:
    result = new.result
    return {
        "sha256": result.sha256,
        "name": new.name[:500],
        "mime": result.mime,
        "size": new.size,
        "width": result.width,
        "height": result.height,
        "colour": result.colour,
        "renditions": [
            {key: value for key, value in asdict(each).items() if key != "data"}
            for each in result.renditions
        ],
        "made_here": new.made_here,
        "created_at": uow.now,
    }
