"""The pictures that a form lets staff choose from."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from storegen.models import Media
from storegen.uow import UnitOfWork
from storegen.web.admin.picture_choice import Offered
from storegen.web.admin.resources.thumbnails import thumbnail

RECENT = 24


def offered(uow: UnitOfWork, used: Iterable[str] = ()) -> tuple[Offered, ...]:
    """The pictures that came last, and those that are ``used``, newest first."""
    recent = select(Media.id).order_by(Media.id.desc()).limit(RECENT).subquery()
    rows = uow.db.execute(
        select(
            Media.name, Media.sha256, Media.width, Media.height, Media.colour, Media.renditions
        )
        .where(or_(Media.id.in_(select(recent.c.id)), Media.sha256.in_(sorted(set(used)))))
        .order_by(Media.id.desc())
    )  # fmt: skip
    return tuple(
        Offered(
            key=row.sha256,
            name=f"{row.name} {row.width} × {row.height}".strip(),
            address=address,
        )
        for row in rows
        if (address := thumbnail(uow.store, *row[1:]))
    )
