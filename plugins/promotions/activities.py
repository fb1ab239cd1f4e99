"""Activities: written by staff, let go, stopped. What is live is read once for many requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy import delete as sql_delete
from storegen_plugins.promotions.rules import Rules
from storegen_plugins.promotions.schedule import Schedule, Window
from storegen_plugins.promotions.tables import Activity, ActivityVersion

from storegen.sdk import Actor, Forbidden, Invalid, NotAllowed, NotFound, UnitOfWork, random_id
from storegen.sdk.lookups import audit

VIEW, EDIT = "promotions.view", "promotions.edit"
TAG = "promotions"
"""Tag of every public page or piece that shows activities, and of what is kept about them."""
STOCK_TAG = "promotions.stock"
"""Tag of those that show how much of a flash sale is left."""

State = Literal["draft", "scheduled", "live", "ended", "stopped"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A published activity that is not over."""

    id: int
    public_id: str
    version: int
    priority: int
    rules: Rules
    schedule: Schedule

    @property
    def mark(self) -> str:
        """Activity and version, as ids of promotions and offers carry them."""
        return f"{self.id}.{self.version}"


@dataclass(frozen=True, slots=True)
class Running:
    """An activity that runs now, and the time in which it does."""

    live: Live
    slot: Window


def create(
    uow: UnitOfWork,
    actor: Actor,
    name: str,
    rules: Rules,
    schedule: Schedule,
    priority: int = 0,
    *,
    complete: bool = True,
) -> str:
    """A new activity in state draft; its public id. Raises `Invalid`. One that is not ``complete``
    yet is judged when it is saved or published."""
    _may(actor)
    if complete:
        check(rules, schedule)
    public_id = random_id()
    uow.db.execute(
        insert(Activity).values(
            public_id=public_id,
            kind=rules.kind,
            version=1,
            created_at=uow.now,
            **_columns(uow, name, rules, schedule, priority),
        )
    )
    audit(uow, actor, "promotions.create", "promotion", public_id)
    return public_id


def edit(
    uow: UnitOfWork,
    actor: Actor,
    public_id: str,
    name: str,
    rules: Rules,
    schedule: Schedule,
    priority: int = 0,
) -> int:
    """Other terms from now on; the new version. Versions that were published stay as they were,
    and so do orders that they priced.

    Raises `Invalid`, and `Forbidden` for an activity that is over.
    """
    _may(actor)
    check(rules, schedule)
    row = one(uow, public_id, lock=True)
    state = state_of(row, uow.now)
    if state in ("ended", "stopped"):
        raise Forbidden("promotion", state, "edit")
    if rules.kind != row.kind:
        raise Invalid({"kind": "fixed"})
    version = int(row.version) + (row.published_at is not None)
    values = _columns(uow, name, rules, schedule, priority)
    uow.db.execute(update(Activity).where(Activity.id == row.id).values(version=version, **values))
    if row.published_at is not None:
        _snapshot(uow, actor, row.id, version, rules, schedule)
        _shown(uow, row.id, schedule)
    audit(uow, actor, "promotions.edit", "promotion", public_id, version=version)
    return version


def publish(uow: UnitOfWork, actor: Actor, public_id: str) -> None:
    """Let a draft go: it is live as soon as its time comes. Raises `Forbidden`, `Invalid`."""
    _may(actor)
    row = one(uow, public_id, lock=True)
    state = state_of(row, uow.now)
    if state != "draft":
        raise Forbidden("promotion", state, "publish")
    rules, schedule = Rules.from_json(row.rules), schedule_of(row)
    check(rules, schedule)
    if schedule.ends_at is not None and schedule.ends_at <= uow.now:
        raise Invalid({"ends_at": "over"})
    uow.db.execute(update(Activity).where(Activity.id == row.id).values(published_at=uow.now))
    _snapshot(uow, actor, row.id, row.version, rules, schedule)
    _shown(uow, row.id, schedule)
    audit(uow, actor, "promotions.publish", "promotion", public_id)


def stop(uow: UnitOfWork, actor: Actor, public_id: str) -> None:
    """End an activity now and for good. Raises `Forbidden`."""
    _may(actor)
    row = one(uow, public_id, lock=True)
    state = state_of(row, uow.now)
    if state not in ("scheduled", "live"):
        raise Forbidden("promotion", state, "stop")
    uow.db.execute(
        update(Activity)
        .where(Activity.id == row.id)
        .values(stopped_at=uow.now, changes_at=None, updated_at=uow.now)
    )
    uow.touch(TAG)
    audit(uow, actor, "promotions.stop", "promotion", public_id)


def duplicate(uow: UnitOfWork, actor: Actor, public_id: str) -> str:
    """A draft with the same terms; its public id."""
    _may(actor)
    row = one(uow, public_id)
    return create(
        uow,
        actor,
        row.name,
        Rules.from_json(row.rules),
        schedule_of(row),
        int(row.priority),
        complete=False,
    )


def delete(uow: UnitOfWork, actor: Actor, public_id: str) -> None:
    """Only drafts go; whatever was published stays on the books. Raises `Forbidden`."""
    _may(actor)
    row = one(uow, public_id, lock=True)
    state = state_of(row, uow.now)
    if state != "draft":
        raise Forbidden("promotion", state, "delete")
    uow.db.execute(sql_delete(Activity).where(Activity.id == row.id))
    audit(uow, actor, "promotions.delete", "promotion", public_id)


def one(uow: UnitOfWork, public_id: str, *, lock: bool = False) -> Any:
    """The activity's row. Raises `NotFound`."""
    statement = select(Activity.__table__).where(Activity.public_id == public_id)
    row = uow.db.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise NotFound("promotion")
    return row


def in_state(state: State, now: datetime) -> ColumnElement[bool]:
    """The same as `state_of`, as a condition."""
    out = Activity.published_at.is_not(None)
    going = and_(out, Activity.stopped_at.is_(None))
    over = Activity.ends_at <= now
    not_over = or_(Activity.ends_at.is_(None), Activity.ends_at > now)
    conditions: dict[State, ColumnElement[bool]] = {
        "draft": Activity.published_at.is_(None),
        "stopped": and_(out, Activity.stopped_at.is_not(None)),
        "ended": and_(going, over),
        "scheduled": and_(going, not_over, Activity.starts_at > now),
        "live": and_(going, not_over, Activity.starts_at <= now),
    }
    return conditions[state]


def state_of(row: Any, now: datetime) -> State:
    """Derived from times, so that no job has to be in time for it."""
    if row.published_at is None:
        return "draft"
    if row.stopped_at is not None:
        return "stopped"
    if row.ends_at is not None and row.ends_at <= now:
        return "ended"
    return "scheduled" if now < row.starts_at else "live"


def schedule_of(row: Any) -> Schedule:
    return Schedule.from_json(row.starts_at, row.ends_at, row.schedule)


def live_of(row: Any) -> Live:
    return Live(
        id=row.id,
        public_id=row.public_id,
        version=row.version,
        priority=row.priority,
        rules=Rules.from_json(row.rules),
        schedule=schedule_of(row),
    )


def published(uow: UnitOfWork) -> tuple[Live, ...]:
    """Every activity that is live or scheduled; no query as long as none of them changes."""

    def read() -> tuple[Live, ...]:
        rows = uow.db.execute(
            select(Activity.__table__)
            .where(
                Activity.published_at.is_not(None),
                Activity.stopped_at.is_(None),
                or_(Activity.ends_at.is_(None), Activity.ends_at > uow.now),
            )
            .order_by(Activity.id)
        )
        return tuple(live_of(row) for row in rows)

    return uow.cached("promotions.published", (TAG,), read)


def running(uow: UnitOfWork) -> list[Running]:
    """What runs at this moment."""
    zone = uow.store.config.timezone
    found = ((each, each.schedule.slot(uow.now, zone)) for each in published(uow))
    return [Running(live, slot) for live, slot in found if slot is not None]


def check(rules: Rules, schedule: Schedule) -> None:
    """Raise `Invalid` with a reason per field."""
    problems = {**dict(rules.problems()), **dict(schedule.problems())}
    if problems:
        raise Invalid(problems)


def _columns(
    uow: UnitOfWork, name: str, rules: Rules, schedule: Schedule, priority: int
) -> dict[str, Any]:
    name = name.strip()
    if not name or len(name) > 120:
        raise Invalid({"name": "too-long" if name else "required"})
    return {
        "name": name,
        "priority": priority,
        "rules": rules.to_json(),
        "schedule": schedule.to_json(),
        "starts_at": schedule.starts_at,
        "ends_at": schedule.ends_at,
        "updated_at": uow.now,
    }


def _shown(uow: UnitOfWork, activity_id: int, schedule: Schedule) -> None:
    """Pages are stale now, and again when it next begins or ends."""
    changes_at = schedule.changes_at(uow.now, uow.store.config.timezone)
    uow.db.execute(update(Activity).where(Activity.id == activity_id).values(changes_at=changes_at))
    uow.touch(TAG)


def _snapshot(
    uow: UnitOfWork,
    actor: Actor,
    activity_id: int,
    version: int,
    rules: Rules,
    schedule: Schedule,
) -> None:
    terms = {
        "starts_at": schedule.starts_at.isoformat(),
        "ends_at": schedule.ends_at.isoformat() if schedule.ends_at else None,
        **schedule.to_json(),
    }
    uow.db.execute(
        insert(ActivityVersion).values(
            activity_id=activity_id,
            version=version,
            rules=rules.to_json(),
            schedule=terms,
            at=uow.now,
            actor=str(actor),
        )
    )


def _may(actor: Actor) -> None:
    if not actor.may(EDIT):
        raise NotAllowed(EDIT)
