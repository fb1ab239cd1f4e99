"""When activities run, in the shop's own time, and the states that follow from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storegen_plugins.promotions import activities, turning
from storegen_plugins.promotions.schedule import Schedule

from storegen.errors import Forbidden, Invalid, NotAllowed
from storegen.values.actor import Actor
from tests.fixtures.goods import STAFF
from tests.fixtures.stores import statements
from tests.promotions.conftest import make_activity, row_of

SHANGHAI = "Asia/Shanghai"
START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday, 08:00 in Shanghai


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def test_slots_are_local_times_of_the_day():
    schedule = Schedule(starts_at=START, hours=((600, 720), (1200, 1440)))
    slots = list(schedule.slots(START, SHANGHAI, days=1))
    assert [(s.start, s.end) for s in slots] == [
        (at("2026-03-02T10:00+08:00"), at("2026-03-02T12:00+08:00")),
        (at("2026-03-02T20:00+08:00"), at("2026-03-03T00:00+08:00")),
    ]
    assert schedule.slot(at("2026-03-02T11:59:59+08:00"), SHANGHAI) == slots[0]
    assert schedule.slot(at("2026-03-02T12:00+08:00"), SHANGHAI) is None
    assert schedule.changes_at(at("2026-03-02T12:00+08:00"), SHANGHAI) == slots[1].start


def test_weekdays():
    weekend = Schedule(starts_at=START, weekdays=(5, 6))
    assert weekend.slot(at("2026-03-06T23:00+08:00"), SHANGHAI) is None
    assert weekend.slot(at("2026-03-07T00:00+08:00"), SHANGHAI) is not None
    assert weekend.next_slot(START, SHANGHAI).start == at("2026-03-07T00:00+08:00")


def test_ten_o_clock_stays_ten_o_clock_where_clocks_change():
    schedule = Schedule(starts_at=START, hours=((600, 660),))
    before, after = (at(f"2026-03-{day}T12:00+00:00") for day in ("28", "29"))
    zone = "Europe/Berlin"
    assert next(schedule.slots(before - timedelta(hours=5), zone, days=1)).start.hour == 9
    assert next(schedule.slots(after - timedelta(hours=5), zone, days=1)).start.hour == 8


def test_start_and_end_cut_the_slots():
    schedule = Schedule(
        starts_at=at("2026-03-02T11:00+08:00"),
        ends_at=at("2026-03-03T11:00+08:00"),
        hours=((600, 720),),
    )
    slots = list(schedule.slots(START, SHANGHAI, days=5))
    assert [(s.start, s.end) for s in slots] == [
        (at("2026-03-02T11:00+08:00"), at("2026-03-02T12:00+08:00")),
        (at("2026-03-03T10:00+08:00"), at("2026-03-03T11:00+08:00")),
    ]
    assert schedule.changes_at(at("2026-03-03T11:00+08:00"), SHANGHAI) is None


@given(
    hours=st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(sorted),
    minute=st.integers(0, 20_000),
)
def test_a_slot_that_runs_now_is_one_of_the_slots(hours, minute):
    pairs = tuple(zip(hours[::2], hours[1::2], strict=False))
    schedule = Schedule(
        starts_at=START, ends_at=START + timedelta(days=10), hours=pairs, weekdays=(0, 2, 4)
    )
    now = START + timedelta(minutes=minute)
    slot = schedule.slot(now, SHANGHAI)
    change = schedule.changes_at(now, SHANGHAI)
    if slot is not None:
        assert slot.holds(now)
        assert change == slot.end
    if change is not None:
        assert change > now
        just_before = schedule.slot(change - timedelta(microseconds=1), SHANGHAI)
        assert just_before != schedule.slot(change, SHANGHAI)


def test_two_schedules_overlap_only_where_both_run():
    morning = Schedule(starts_at=START, hours=((540, 600),))
    noon = Schedule(starts_at=START, hours=((600, 660),))
    day = Schedule(starts_at=START, ends_at=START + timedelta(days=3))
    assert not morning.overlaps(noon, START, SHANGHAI)
    assert day.overlaps(noon, START, SHANGHAI)
    assert not noon.overlaps(
        Schedule(starts_at=START - timedelta(days=9), ends_at=START), START, SHANGHAI
    )


def test_states_follow_from_time(shop, clock):
    soon = {
        "starts_at": clock.now() + timedelta(hours=1),
        "ends_at": clock.now() + timedelta(days=1),
    }
    made = make_activity(shop, "amount_off", every=100, off=1, live=False, schedule=soon)

    def state():
        return activities.state_of(row_of(shop, made), clock.now())

    def found():
        with shop.read() as uow:
            from sqlalchemy import select
            from storegen_plugins.promotions.tables import Activity

            return [
                each
                for each in activities.STATES
                if uow.db.scalars(
                    select(Activity.id).where(activities.in_state(each, uow.now))
                ).all()
            ]

    assert (state(), found()) == ("draft", ["draft"])
    shop.transact(lambda uow: activities.publish(uow, STAFF, made))
    assert (state(), found()) == ("scheduled", ["scheduled"])
    clock.move(hours=1)
    assert (state(), found()) == ("live", ["live"])
    clock.move(hours=23)
    assert (state(), found()) == ("ended", ["ended"])


def test_published_versions_never_change(shop):
    from sqlalchemy import select
    from storegen_plugins.promotions.tables import ActivityVersion

    made = make_activity(shop, "amount_off", every=1000, off=100)
    row = row_of(shop, made)
    more = activities.Rules(kind="amount_off", titles={"en": "x"}, every=1000, off=200)
    shop.transact(
        lambda uow: activities.edit(uow, STAFF, made, "n", more, activities.schedule_of(row))
    )
    with shop.read() as uow:
        kept = uow.db.execute(
            select(ActivityVersion.version, ActivityVersion.rules).order_by(ActivityVersion.version)
        ).all()
    assert [(version, rules["off"]) for version, rules in kept] == [(1, 100), (2, 200)]


def test_what_is_over_is_not_edited_but_duplicated(shop):
    made = make_activity(shop, "amount_off", every=1000, off=100)
    shop.transact(lambda uow: activities.stop(uow, STAFF, made))
    row = row_of(shop, made)
    rules = activities.Rules.from_json(row.rules)
    with pytest.raises(Forbidden):
        shop.transact(
            lambda uow: activities.edit(uow, STAFF, made, "n", rules, activities.schedule_of(row))
        )
    with pytest.raises(Forbidden):
        shop.transact(lambda uow: activities.stop(uow, STAFF, made))
    with pytest.raises(Forbidden):
        shop.transact(lambda uow: activities.delete(uow, STAFF, made))
    copy = shop.transact(lambda uow: activities.duplicate(uow, STAFF, made))
    assert row_of(shop, copy).rules == row.rules
    shop.transact(lambda uow: activities.delete(uow, STAFF, copy))


def test_only_staff_who_may(shop):
    guest = Actor(kind="staff", staff_id=2, permissions=frozenset({"promotions.view"}))
    made = make_activity(shop, "amount_off", every=1000, off=100)
    for verb in (activities.stop, activities.duplicate, activities.publish, activities.delete):
        with pytest.raises(NotAllowed):
            shop.transact(lambda uow, verb=verb: verb(uow, guest, made))


@pytest.mark.parametrize(
    ("kind", "rules", "field"),
    [
        ("amount_off", {}, "tiers"),
        ("amount_off", {"tiers": [{"amount": 100, "off": 200}]}, "tiers"),
        (
            "amount_off",
            {"tiers": [{"amount": 200, "off": 20}, {"amount": 100, "off": 30}]},
            "tiers",
        ),
        ("amount_off", {"every": 100, "off": 101}, "off"),
        ("percent_off", {"tiers": [{"pieces": 2, "percent_bp": 10_001}]}, "tiers"),
        ("percent_off", {"tiers": [{"pieces": 2, "amount": 5, "percent_bp": 100}]}, "tiers"),
        ("gift", {"tiers": [{"amount": 100}]}, "tiers"),
        ("timed", {}, "percent_bp"),
        ("timed", {"items": [{"product": 1}]}, "items"),
        ("timed", {"items": [{"product": 1, "price": -1}]}, "items"),
        ("flash", {"items": [{"product": 1, "price": 1}]}, "items"),
        ("bundle", {"items": [{"product": 1}], "price": 5}, "items"),
        ("n_for_m", {"every": 0, "percent_bp": 1}, "every"),
        ("shipping", {"min_amount": -1}, "min_amount"),
        ("shipping", {"scope": "products"}, "products"),
        ("shipping", {"titles": {}}, "titles"),
    ],
)
def test_what_contradicts_itself_is_refused_by_field(plugin_store, kind, rules, field):
    shop = plugin_store("promotions")
    with pytest.raises(Invalid) as refused:
        make_activity(shop, kind, **rules)
    assert field in refused.value.problems


def test_pages_turn_at_the_minute_and_a_quiet_worker_costs_one_query(shop, clock):
    soon = {
        "starts_at": clock.now() + timedelta(hours=1),
        "ends_at": clock.now() + timedelta(hours=2),
    }
    made = make_activity(shop, "amount_off", every=100, off=1, schedule=soon)
    slots = shop.counters.slots((activities.TAG,))

    def turned():
        before = shop.counters.at(slots)
        shop.transact(turning.turn)
        return shop.counters.at(slots) != before

    assert not turned()
    clock.move(hours=1)
    assert turned()
    assert row_of(shop, made).changes_at == soon["ends_at"]
    with shop.write() as uow, statements(shop) as ran:
        assert turning.turn(uow) == 0
    assert len(ran) == 1
    clock.move(hours=1)
    assert turned()
    assert row_of(shop, made).changes_at is None


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("starts_at", "0001-01-01T00:00+08:00"),
        ("ends_at", "9999-12-31T23:59-05:00"),
        ("ends_at", "3000-01-01T00:00+08:00"),
    ],
)
def test_a_time_that_a_zone_moves_out_of_the_calendar_is_refused(shop, field, text):
    """Kept, it could never be read again, and with it no promotion of the shop."""
    when = {field: datetime.fromisoformat(text)}
    with pytest.raises(Invalid) as caught:
        make_activity(shop, "timed", percent_bp=1000, schedule=when)
    assert caught.value.problems == {field: "out-of-range"}
    with shop.read() as uow:
        assert activities.published(uow) == ()
