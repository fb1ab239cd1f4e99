"""Pictures that an import could not fetch: tried again, a few times and ever more seldom."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import select, update

from storegen.domain.catalog.cards import refresh_cover
from storegen.domain.catalog.media_rows import record_media
from storegen.domain.catalog.missing_pictures import LEASE, missing_pictures, unfetched
from storegen.domain.settings import SHELL
from storegen.domain.upsert import insert
from storegen.generate.picture_import import BatchPictures, PictureImport
from storegen.media.fetch import FetchRules
from storegen.media.fetch_many import FetchPool
from storegen.media.pool import PicturePool
from storegen.models import JobLease, ProductImage
from storegen.store import Store
from storegen.uow import UnitOfWork

ROUNDS = 5
FIRST = timedelta(minutes=5)
"""The first round comes this long after the import, each further one four times as long after
the one before: 5 and 20 minutes, 80, five hours, a day."""
_AT_ONCE = 100


def retry_pictures(
    store: Store, *, rules: FetchRules | None = None, seconds: float = 120.0
) -> tuple[int, int]:
    """Try all of them now, within ``seconds``; how many came, how many are missing still.

    The guard and the time-outs are those of an import.
    """
    came, after = 0, ""
    with (
        FetchPool(rules, budget=seconds) as fetch,
        PicturePool(store.media) as pool,
    ):
        pictures = PictureImport(store, pool, fetch)
        while sources := store.look(partial(_some, after=after)):
            after = sources[-1]
            found = pictures.resolve(sources, store.root)
            if found.hashes:
                store.transact(partial(_take, found=found))
                came += len(found.hashes)
    return came, store.look(missing_pictures)


def retry_due(store: Store, rules: FetchRules | None = None) -> int:
    """The job: a round if one is due; how many pictures came."""
    if not store.look(missing_pictures) or not store.transact(_claim):
        return 0
    return retry_pictures(store, rules=rules)[0]


def _claim(uow: UnitOfWork) -> bool:
    """Whether a round is due, and this process the one that does it."""
    fresh = {"name": LEASE, "next_at": uow.now + FIRST, "faults": 0, "error": ""}
    uow.db.execute(
        insert(uow.db, JobLease).values(**fresh).on_conflict_do_nothing(index_elements=["name"])
    )
    done = uow.db.scalar(select(JobLease.faults).where(JobLease.name == LEASE)) or 0
    taken = uow.db.execute(
        update(JobLease)
        .where(
            JobLease.name == LEASE,
            JobLease.next_at <= uow.now,
            JobLease.faults == done,
            JobLease.faults < ROUNDS,
        )
        .values(faults=done + 1, next_at=uow.now + FIRST * 4 ** (done + 1))
    )
    return taken.rowcount == 1


def _some(uow: UnitOfWork, after: str) -> list[str]:
    return list(
        uow.db.scalars(
            select(ProductImage.source)
            .where(*unfetched(), ProductImage.source > after)
            .distinct()
            .order_by(ProductImage.source)
            .limit(_AT_ONCE)
        )
    )


def _take(uow: UnitOfWork, found: BatchPictures) -> None:
    """Put pictures where their addresses stand; the first of a gallery becomes the cover."""
    ids = {**found.known, **record_media(uow, found.made)}
    for source, sha in found.hashes.items():
        changed = uow.db.scalars(
            update(ProductImage)
            .where(ProductImage.source == source, ProductImage.media_id.is_(None))
            .values(media_id=ids[sha])
            .returning(ProductImage.product_id)
        )
        for product_id in set(changed):
            refresh_cover(uow, product_id)
            uow.touch(f"product:{product_id}")
    uow.touch("listing", SHELL)
