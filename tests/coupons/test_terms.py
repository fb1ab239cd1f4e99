"""Rules and terms: what is refused when they are written, and how long a coupon is good."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.terms import Terms, Window, window

from storegen.errors import Invalid

TITLES = {"en": "10 off", "zh": "立减10元"}
SHANGHAI = "Asia/Shanghai"
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


def money(**more: object) -> Rules:
    return Rules(**{"kind": "money", "amount": 1000, "titles": TITLES, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (money(amount=0), "amount"),
        (money(amount=-5), "amount"),
        (money(min_amount=0), "min_amount"),
        (money(min_pieces=0), "min_pieces"),
        (money(titles={}), "titles"),
        (money(titles={"en": " "}), "titles"),
        (money(scope="categories"), "categories"),
        (money(scope="products"), "products"),
        (money(channels=("tv",)), "channels"),
        (money(cap=0), "cap"),
        (Rules(kind="percent", percent_bp=0, titles=TITLES), "percent_bp"),
        (Rules(kind="percent", percent_bp=10_001, titles=TITLES), "percent_bp"),
        (Rules(kind="exchange", titles=TITLES), "products"),
        (Rules(kind="nothing", titles=TITLES), "kind"),  # type: ignore[arg-type]
    ],
)
def test_rules_that_contradict_themselves_are_refused_with_the_field(rules, field):
    with pytest.raises(Invalid) as caught:
        rules.check()
    assert set(caught.value.problems) == {field}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"channel": "door"}, "channel"),
        ({"total": 0}, "total"),
        ({"per_customer": -1}, "per_customer"),
        ({"per_day": 0}, "per_day"),
        ({"claim_from": NOON, "claim_until": NOON}, "claim_until"),
        ({"validity": "fixed"}, "valid_until"),
        ({"validity": "fixed", "valid_from": NOON, "valid_until": NOON}, "valid_until"),
        ({"validity": "days", "days": 0}, "days"),
        ({"validity": "for ever"}, "validity"),
        ({"gift_from": -1}, "gift_from"),
        ({"rules": money(amount=0)}, "amount"),
    ],
)
def test_terms_that_contradict_themselves_are_refused_with_the_field(given, field):
    with pytest.raises(Invalid) as caught:
        Terms(**{"rules": money(), **given}).check()
    assert set(caught.value.problems) == {field}


def test_good_rules_and_terms_pass_and_come_back_from_json_as_they_were():
    rules = money(scope="categories", categories=(1, 2), excluded=(7,), channels=("web",), cap=5)
    Terms(rules=rules, total=1, per_customer=None, per_day=2).check()
    assert Rules.from_json(rules.to_json()) == rules
    assert Rules.from_json({**rules.to_json(), "of_a_later_release": 1}) == rules


def test_a_title_is_in_the_language_or_in_whichever_there_is():
    assert money().title("zh-Hans") == "立减10元"
    assert money().title("en-GB") == "10 off"
    assert money(titles={"zh": "券"}).title("en") == "券"


def test_what_is_covered():
    none: frozenset[int] = frozenset()
    assert money().covers(1, none)
    assert not money(excluded=(1,)).covers(1, none)
    in_tea = money(scope="categories", categories=(5,), excluded=(2,))
    assert in_tea.covers(1, frozenset({4, 5}))
    assert not in_tea.covers(1, frozenset({4}))
    assert not in_tea.covers(2, frozenset({5}))
    assert money(scope="products", products=(3,)).covers(3, none)
    assert not money(scope="products", products=(3,)).covers(4, none)
    assert Rules(kind="exchange", products=(3,), titles=TITLES).covers(3, none)
    assert not Rules(kind="exchange", products=(3,), titles=TITLES).covers(4, none)


def test_validity_n_days_counts_from_the_claim():
    good = window(Terms(rules=money(), validity="days", days=7), NOON, SHANGHAI)
    assert good == Window(NOON, datetime(2026, 3, 8, 4, 0, tzinfo=UTC))
    assert good.holds(NOON)
    assert not good.holds(good.end)


def test_validity_from_the_next_day_begins_and_ends_at_midnights_of_the_shop():
    good = window(Terms(rules=money(), validity="next_day", days=7), NOON, SHANGHAI)
    assert good.start == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)  # 2 March, 00:00 in Shanghai
    assert good.end == datetime(2026, 3, 8, 16, 0, tzinfo=UTC)
    assert not good.holds(NOON)


def test_validity_from_the_next_day_knows_summer_time():
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    good = window(Terms(rules=money(), validity="next_day", days=1), before, "Europe/Berlin")
    assert (good.end - good.start).total_seconds() == 23 * 3600


def test_a_fixed_validity_is_the_same_for_everybody():
    until = datetime(2026, 6, 1, tzinfo=UTC)
    assert window(
        Terms(rules=money(), validity="fixed", valid_until=until), NOON, SHANGHAI
    ) == Window(NOON, until)


@pytest.mark.parametrize("field", ["claim_from", "claim_until", "valid_from", "valid_until"])
@pytest.mark.parametrize("text", ["0001-01-01T00:00+08:00", "9999-12-31T23:59-05:00"])
def test_a_day_that_a_zone_moves_out_of_the_calendar_is_refused(field, text):
    """Kept, it could never be read again."""
    fixed = {"validity": "fixed", "valid_until": NOON, field: datetime.fromisoformat(text)}
    with pytest.raises(Invalid) as caught:
        Terms(rules=money(), **fixed).check()
    assert caught.value.problems[field] == "out-of-range"
