"""Pictures of products that have an address and nothing that was fetched from it yet."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, func, or_, select

from storegen.domain.audit_log import record
from storegen.domain.catalog.product_editing import PERMISSION
from storegen.domain.upsert import upsert
from storegen.errors import NotAllowed
from storegen.models import JobLease, ProductImage
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

LEASE = "storegen.pictures"
"""The `JobLease` of their rounds: `faults` counts those that were made."""
JOB_NAME = "retries"
"""What the worker is woken for."""


def missing_pictures(uow: UnitOfWork) -> int:
    """How many pictures of products have an address and nothing that was fetched from it."""
    found = select(func.count(func.distinct(ProductImage.source))).where(*unfetched())
    return uow.db.scalar(found) or 0


def unfetched() -> tuple[ColumnElement[bool], ...]:
    """Which rows of `ProductImage` these are."""
    source = func.lower(ProductImage.source)
    remote = or_(source.like("http://%"), source.like("https://%"), source.like("//%"))
    return ProductImage.media_id.is_(None), remote


def begin_anew(uow: UnitOfWork) -> None:
    """After an import that lost pictures all rounds are to come."""
    uow.db.execute(delete(JobLease).where(JobLease.name == LEASE))


def try_again_now(uow: UnitOfWork, actor: Actor) -> int:
    """Staff ask for the first round at once, and all others after it; how many pictures are
    missing. The worker fetches them. Raises `NotAllowed`."""
    if not actor.may(PERMISSION):
        raise NotAllowed(PERMISSION)
    count = missing_pictures(uow)
    if count:
        fresh = {"name": LEASE, "next_at": uow.now, "faults": 0, "error": ""}
        upsert(uow.db, JobLease, fresh, keys=("name",))
        record(uow, actor, "picture.retry", "product", "*", pictures=count)
        store = uow.store
        uow.later(lambda: store.wake(JOB_NAME))
    return count
