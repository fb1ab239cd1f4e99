"""Pages that are kept change at the minute at which an activity begins or ends."""

from __future__ import annotations

from sqlalchemy import select, update
from storegen_plugins.promotions.activities import TAG, schedule_of
from storegen_plugins.promotions.tables import Activity

from storegen.sdk import UnitOfWork

_AT_ONCE = 200


def turn(uow: UnitOfWork) -> int:
    """Make pages stale for every begin and end that has passed; how many there were."""
    due = uow.db.execute(
        select(Activity.__table__)
        .where(Activity.changes_at <= uow.now)
        .order_by(Activity.changes_at)
        .limit(_AT_ONCE)
    ).all()
    for row in due:
        uow.db.execute(
            update(Activity)
            .where(Activity.id == row.id)
            .values(changes_at=schedule_of(row).changes_at(uow.now, uow.store.config.timezone))
        )
    if due:
        uow.touch(TAG)
    return len(due)
