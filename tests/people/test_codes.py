"""One-time codes: brute force, reuse, races, oracles, leaks."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import select

from storegen.domain import contact, messages
from storegen.domain.people import codes, sign_in
from storegen.errors import Conflict, Invalid, TooMany, WrongCode
from storegen.models import Message, OneTimeCode
from storegen.store import Store
from tests.fixtures.stores import TestClock
from tests.people.conftest import (
    EMAIL,
    OTHER_PHONE,
    PHONE,
    ask_code,
    at_once,
    customer,
    guest,
    last_code,
    passed_until_refused,
    wrong,
)


def redeem(store: Store, text: str, code: str, purpose: str = codes.SIGN_IN) -> bool:
    subject = contact.parse_subject(store, text)
    return store.transact(lambda uow: codes.redeem(uow, subject, code, purpose=purpose))


def test_right_code_once(store: Store) -> None:
    code = ask_code(store, guest(store), PHONE)
    assert len(code) == 6
    assert redeem(store, PHONE, f" {code} ")
    assert not redeem(store, PHONE, code)


def test_five_tries_and_the_right_code_is_worth_nothing(store: Store) -> None:
    code = ask_code(store, guest(store), PHONE)
    for _ in range(codes.MOST_TRIES):
        assert not redeem(store, PHONE, wrong(code))
    assert not redeem(store, PHONE, code)


def test_the_fifth_try_still_counts(store: Store) -> None:
    code = ask_code(store, guest(store), PHONE)
    for _ in range(codes.MOST_TRIES - 1):
        assert not redeem(store, PHONE, wrong(code))
    assert redeem(store, PHONE, code)


def test_expires_after_ten_minutes(store: Store, clock: TestClock) -> None:
    code = ask_code(store, guest(store), PHONE)
    clock.move(minutes=10)
    assert not redeem(store, PHONE, code)


def test_newest_wins(store: Store, clock: TestClock) -> None:
    first = ask_code(store, guest(store), PHONE)
    clock.move(seconds=61)
    second = ask_code(store, guest(store), PHONE)
    assert first == second or not redeem(store, PHONE, first)
    assert redeem(store, PHONE, second)


@pytest.mark.parametrize("purpose", [codes.identity_purpose(7), codes.identity_purpose(8)])
def test_good_for_its_purpose_only(store: Store, purpose: str) -> None:
    code = ask_code(store, guest(store), PHONE)
    assert not redeem(store, PHONE, code, purpose)
    assert redeem(store, PHONE, code)


def test_good_for_its_subject_only(store: Store) -> None:
    code = ask_code(store, guest(store), PHONE)
    assert not redeem(store, OTHER_PHONE, code)
    assert not redeem(store, EMAIL, code)


def test_right_code_in_many_hands_lets_one_in(store: Store) -> None:
    code = ask_code(store, guest(store), PHONE)
    # Four, because the fifth try is the last one anyhow.
    results = at_once(4, lambda _: redeem(store, PHONE, code))
    assert sorted(results, key=str) == [False, False, False, True]


def test_parallel_tries_share_the_five(store: Store) -> None:
    code = ask_code(store, guest(store), PHONE)
    results = at_once(16, lambda _: redeem(store, PHONE, wrong(code)))
    assert results == [False] * 16
    with store.read() as uow:
        assert uow.db.execute(select(OneTimeCode.attempts)).scalar_one() == codes.MOST_TRIES
    assert not redeem(store, PHONE, code)


def test_guessing_over_many_codes_is_limited_by_subject(store: Store, clock: TestClock) -> None:
    def one_code_and_five_tries(number: int) -> None:
        actor = guest(store, network=f"192.0.2.{number}")
        code = ask_code(store, actor, PHONE)
        for _ in range(codes.MOST_TRIES):
            with pytest.raises(WrongCode):
                sign_in.sign_in_by_code(store, actor, PHONE, wrong(code))
        clock.move(seconds=61)

    assert passed_until_refused(one_code_and_five_tries) == 5


def test_guessing_over_many_subjects_is_limited_by_network(store: Store) -> None:
    actor = guest(store, network="198.51.100.9")

    def one_try(number: int) -> None:
        with pytest.raises(WrongCode):
            sign_in.sign_in_by_code(store, actor, f"+86138001{number:05d}", "000000")

    assert passed_until_refused(one_try) == 100


def test_asking_is_limited(store: Store) -> None:
    ask_code(store, guest(store), PHONE)
    with pytest.raises(TooMany) as refusal:
        ask_code(store, guest(store), PHONE)
    assert refusal.value.retry_after == 60
    sender = guest(store, network="198.51.100.9")
    asked = passed_until_refused(lambda n: ask_code(store, sender, f"+86139001{n:05d}"))
    assert asked == 30


def test_same_answer_whether_the_account_exists(store: Store, clock: TestClock) -> None:
    customer(store, PHONE)
    clock.move(seconds=61)
    rows = []
    for text in (PHONE, OTHER_PHONE):
        ask_code(store, guest(store), text)
        with store.read() as uow:
            newest = select(Message.channel, Message.template, Message.locale, Message.expires_at)
            rows.append(uow.db.execute(newest.order_by(Message.id.desc())).first())
        with pytest.raises(WrongCode) as refusal:
            sign_in.sign_in_by_code(store, guest(store), text, wrong(last_code(store, text)))
        rows.append(refusal.value.data())
    assert rows[0] == rows[2]
    assert rows[1] == rows[3] == {}


def test_code_is_neither_stored_with_itself_nor_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="storegen")
    code = ask_code(store, guest(store), PHONE)
    with store.read() as uow:
        row = str(uow.db.execute(select(OneTimeCode.__table__)).one())
    assert code not in row.replace(str(store.clock.now().year), "")
    assert PHONE not in row
    assert code not in caplog.text


def test_live_shop_without_a_channel_refuses(live_store: Store) -> None:
    assert messages.channels_available(live_store) == frozenset()
    for text in (PHONE, EMAIL):
        with pytest.raises(Conflict) as refusal:
            ask_code(live_store, guest(live_store), text)
        assert refusal.value.reason == "no-channel"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("138 0013 8000", PHONE),
        ("+86 13800138000", PHONE),
        ("１３８００１３８０００", PHONE),
        ("0086-138-0013-8000", PHONE),
        ("+1 415 555 2671", "+14155552671"),
        (" Lin@Example.COM ", EMAIL),
        ("ｌｉｎ＠example.com", EMAIL),
    ],
)
def test_one_form_for_all_ways_to_write_it(store: Store, text: str, value: str) -> None:
    assert contact.parse_subject(store, text).value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110",
        "010-62770334",
        "13800138000 ext 5",
        "+86",
        "a@",
        "@b.com",
        "a@b",
        "a b@example.com",
        "a@example.com\nBcc: all@example.com",
        "аdmin@example.com",  # a Cyrillic letter
        "a" * 300 + "@example.com",
        "9" * 5000,
    ],
)
def test_what_cannot_be_reached_is_refused(store: Store, text: str) -> None:
    with pytest.raises(Invalid):
        contact.parse_subject(store, text)
