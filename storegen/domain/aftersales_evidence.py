"""The pictures of an after-sales request: shown to those whom it concerns, and forgotten in time.

They lie in ``private/after-sales/<request>/`` of the store, and the request's row names them. What
has no row is rubbish of a request that never came to be; the worker removes it.
"""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import ColumnElement, Text, cast, func, select, update

from storegen.domain.aftersales_rules import OPEN
from storegen.errors import BadMediaKey, NotAllowed, NotFound
from storegen.media import keys
from storegen.media.private import PrivateMedia
from storegen.media.renditions import OPEN_GRAPH, PictureResult
from storegen.models import AfterSales, Order
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.order_view import EvidencePicture

log = logging.getLogger(__name__)
KEEP = timedelta(days=365)
"""After a request was made, once it is decided: as long as somebody may still dispute it."""
_UNUSED = timedelta(days=1)
_ID = re.compile(r"[0-9a-z]{1,26}", re.ASCII)
_HELD = func.length(cast(AfterSales.pictures, Text)) > len("[]")


def area(store: Store) -> Path:
    """The folder of all of them; nobody but the shop's own user may look into it."""
    folder = store.root / "private"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "after-sales"


def media(store: Store, request_id: str) -> PrivateMedia:
    """Where the pictures of one request are put. Raises `NotFound` for what is no public id."""
    if not _ID.fullmatch(request_id):
        raise NotFound("after_sales")
    return PrivateMedia(area(store) / request_id)


def described(result: PictureResult) -> dict[str, Any]:
    """What the request remembers of a picture that was put there."""
    made = sorted(
        (each for each in result.renditions if each.name != OPEN_GRAPH),
        key=lambda each: each.width,
    )
    small, large = made[0], made[-1]
    return {
        "sha": result.sha256,
        "small": small.name,
        "large": large.name,
        "width": large.width,
        "height": large.height,
    }


def shown(pictures: Iterable[Any]) -> tuple[EvidencePicture, ...]:
    """From a request's row."""
    return tuple(EvidencePicture(**each) for each in pictures)


def of_buyer(uow: UnitOfWork, token: str, request_id: str, number: int, size: str) -> BinaryIO:
    """A picture for whoever has the order's link. ``number`` counts from 0, ``size`` is small or
    large. Raises `NotFound`, the same for all that is not there."""
    return _open(uow, request_id, number, size, Order.token == token)


def of_staff(uow: UnitOfWork, actor: Actor, request_id: str, number: int, size: str) -> BinaryIO:
    """A picture for staff who see orders. Raises `NotAllowed`, `NotFound`."""
    if not actor.may("orders.view"):
        raise NotAllowed("orders.view")
    return _open(uow, request_id, number, size)


def _open(
    uow: UnitOfWork, request_id: str, number: int, size: str, *where: ColumnElement[bool]
) -> BinaryIO:
    found = uow.db.scalar(
        select(AfterSales.pictures)
        .join(Order, Order.id == AfterSales.order_id)
        .where(AfterSales.public_id == request_id, *where)
    )
    pictures = shown(found or ())
    if size not in ("small", "large") or not 0 <= number < len(pictures):
        raise NotFound("picture")
    picture = pictures[number]
    name = picture.small if size == "small" else picture.large
    try:
        return media(uow.store, request_id).open(keys.key_of(picture.sha, name))
    except BadMediaKey:
        raise NotFound("picture") from None


def erase(uow: UnitOfWork, *where: ColumnElement[bool]) -> int:
    """Forget the pictures of the requests that ``where`` finds; how many requests had some.

    The files go once that is committed; what a crash leaves of them, the worker removes.
    """
    found = uow.db.execute(select(AfterSales.id, AfterSales.public_id).where(_HELD, *where)).all()
    for row in found:
        uow.db.execute(update(AfterSales).where(AfterSales.id == row.id).values(pictures=[]))
        uow.later(partial(discard, uow.store, row.public_id))
    return len(found)


def discard(store: Store, request_id: str) -> None:
    """Remove the files of a request, those that are there."""
    folder = media(store, request_id).root
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass
    except OSError:  # tried again by `remove_unused`
        log.exception("pictures of an after-sales request could not be removed")


def forget_old(uow: UnitOfWork) -> None:
    """Erase what is past its time: pictures of decided requests older than `KEEP`."""
    erase(uow, AfterSales.state.not_in(sorted(OPEN)), AfterSales.created_at < uow.now - KEEP)


def remove_unused(store: Store) -> int:
    """Remove folders that no request names, a day after they were made; how many."""
    before = (store.clock.now() - _UNUSED).timestamp()
    folder = area(store)
    old = [
        path.name
        for path in (folder.iterdir() if folder.is_dir() else ())
        if _ID.fullmatch(path.name) and path.stat().st_mtime < before
    ]
    unused = sorted(set(old) - store.look(lambda uow: _named(uow, old)))
    for name in unused:
        discard(store, name)
    return len(unused)


def _named(uow: UnitOfWork, names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        found |= set(
            uow.db.scalars(
                select(AfterSales.public_id).where(_HELD, AfterSales.public_id.in_(some))
            )
        )
    return found
