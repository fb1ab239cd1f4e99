"""From demo to live under a running shop: the next request knows it, and so does the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, update
from storegen_plugins.pay_sandbox.settings import default_settings

from storegen.config import read_config
from storegen.domain import message_queue, messages, opening, settings
from storegen.domain.payments import booking, following, play_money, starting
from storegen.errors import Conflict, Invalid, NotFound, NotificationRefused
from storegen.generate.texts import Page, write_pages
from storegen.models import LedgerEntry, Message, Order, ParkedNotification, Payment
from storegen.publish.pagecache import PageCache
from storegen.store import OPENING, Store
from storegen.values.actor import CLI, Actor
from storegen.web.serving import site
from tests.cli.test_commands import run
from tests.fixtures.goods import Goods, make_delivery, make_product, place_order
from tests.fixtures.payment import ADDRESSES, ScriptedProvider, fact, start, use
from tests.publish.client import Answer, call

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BANNER = b"This is a demo shop"
GUEST = Actor(kind="guest", session_id=1)


@pytest.fixture
def shop(make_store: Callable[..., Store], backend: str) -> Store:
    """A demo that lacks nothing but to be live; its sandbox stands in ``store.toml``."""
    account = default_settings("0123456789abcdef")
    lines = [f"{key} = {str(v).lower() if v is True else repr(v)}" for key, v in account.items()]
    store = make_store(
        backend,
        locale="en",
        plugins=["pay_sandbox", "pay_offline"],
        extra="\n[plugin.pay_sandbox]\n" + "\n".join(lines).replace("'", '"') + "\n",
    )
    make_delivery(store)
    words = {"zh-Hans": "文字", "en": "Words"}
    pages = [Page(slug=k, kind=k, title=words, body=words) for k in opening.REQUIRED_PAGES]
    store.transact(lambda uow: write_pages(uow, pages, store.config.locales))
    legal = {"company": "雨山", "licence_number": "9133", "icp_number": "浙ICP备1号"}
    store.transact(lambda uow: settings.save(uow, CLI, "legal", legal))
    store.transact(lambda uow: settings.save(uow, CLI, "brand", {"email": "a@example.com"}))
    return store


@pytest.fixture
def tea(shop: Store) -> Goods:
    return make_product(shop, "Tea", price=1000, stock=10)


@pytest.fixture
def running(shop: Store, tea: Goods) -> Iterator[WSGIApplication]:
    """The app with its page cache, as a worker process serves it: with a store of its own."""
    served = site(shop.root)
    yield PageCache(served.app, served.counters_for, served.rules)
    store = served.app.wsgi_app._source.store  # type: ignore[attr-defined]
    store.close()


def get(app: WSGIApplication, path: str) -> Answer:
    return call(app, path, HTTP_HOST="shop.test")


def without_sandbox(root: Path) -> None:
    path = root / "store.toml"
    path.write_text(path.read_text("utf-8").replace('"pay_sandbox", ', ""), "utf-8")


def open_shop(root: Path) -> str:
    without_sandbox(root)
    return run("open", root).stdout


def offered(app: WSGIApplication, shop: Store) -> set[str]:
    store: Store = app._app.wsgi_app._source.store  # type: ignore[attr-defined]
    assert "sandbox" in store.plugins.payment_providers  # this process loaded it at its start
    found = starting.methods(store, amount=1000, channel="web", locale="en")
    return {each.code for each in found}


def test_a_running_shop_goes_live_with_the_next_request(
    running: WSGIApplication, shop: Store, tea: Goods
) -> None:
    path = f"/products/{tea.handle}"
    assert BANNER in get(running, path).body
    assert BANNER in get(running, path).body  # from memory, by now
    assert get(running, "/mailbox").status == 200
    assert "sandbox" in offered(running, shop)

    said = open_shop(shop.root)

    assert "is open, a running `storegen serve` included" in said
    for page in (path, "/"):
        answer = get(running, page)
        assert answer.status == 200
        assert BANNER not in answer.body
    assert get(running, "/mailbox").status == 404
    assert "sandbox" not in offered(running, shop)
    assert offered(running, shop)  # the shop sells: what was listed beside it is still there
    assert call(running, "/pay/sandbox/notify", "POST", HTTP_HOST="shop.test").status == 404


def test_closing_and_opening_reach_a_running_shop(
    running: WSGIApplication, shop: Store, tea: Goods
) -> None:
    store: Store = running._app.wsgi_app._source.store  # type: ignore[attr-defined]

    def reasons() -> list[str]:
        return store.look(lambda uow: opening.reasons_closed(uow, settings.load(uow)))

    open_shop(shop.root)
    assert reasons() == []
    run("close", shop.root)
    assert reasons() == ["closed-by-owner"]
    run("open", shop.root)
    assert reasons() == []


def test_the_worker_sees_it_too(shop: Store, tea: Goods) -> None:
    with Store.open(shop.root) as worker:
        assert worker.config.mode == "demo"
        assert "sms" in messages.channels_available(worker)
        open_shop(shop.root)
        assert worker.config.mode == "live"
        assert "sms" not in messages.channels_available(worker)
        with worker.read() as uow, pytest.raises(NotFound):
            messages.mailbox(uow)


def test_without_the_counter_a_process_knows_nothing(shop: Store) -> None:
    """The negative control: the counter makes the tests above pass."""
    with Store.open(shop.root) as worker:
        assert worker.config.mode == "demo"
        path = shop.root / "store.toml"
        path.write_text(path.read_text("utf-8").replace('"demo"', '"live"'), "utf-8")
        assert worker.config.mode == "demo"
        shop.counters.bump([OPENING])
        assert worker.config.mode == "live"


def test_a_broken_file_never_makes_a_demo(shop: Store) -> None:
    assert shop.config.mode == "demo"
    before = shop.config
    (shop.root / "store.toml").write_text("[store", "utf-8")
    shop.counters.bump([OPENING])
    assert shop.config.mode == "live"
    assert (shop.config.name, shop.config.database) == (before.name, before.database)


# -- play money that was begun in demo time ------------------------------------------------------


@pytest.fixture
def sandbox(shop: Store) -> ScriptedProvider:
    return use(shop, ScriptedProvider(code="sandbox"))


def state_of(shop: Store, order_id: int) -> str:
    with shop.read() as uow:
        return str(uow.db.scalar(Order.__table__.select().with_only_columns(Order.state).where(
            Order.id == order_id
        )))  # fmt: skip


def captured(shop: Store) -> int:
    with shop.read() as uow:
        return len(uow.db.execute(LedgerEntry.__table__.select()).all())


@pytest.fixture
def begun(shop: Store, tea: Goods, sandbox: ScriptedProvider) -> tuple[int, str, str]:
    """An order whose sandbox page was open when the shop went live: id, number, reference."""
    placed = place_order(shop, (tea, 2))
    reference = start(shop, GUEST, placed.order_id, code="sandbox")
    said = open_shop(shop.root)
    assert placed.number in said
    return placed.order_id, placed.number, reference


def test_play_money_never_pays_an_order_of_a_live_shop(
    shop: Store, begun: tuple[int, str, str], sandbox: ScriptedProvider
) -> None:
    order_id, _, reference = begun
    with pytest.raises(NotificationRefused):
        following.notify(shop, "sandbox", fact(reference))
    with pytest.raises(NotificationRefused):
        shop.transact(lambda uow: booking.book(uow, "sandbox", fact(reference)))
    sandbox.states[reference] = "succeeded"
    with shop.read() as uow:
        payment_id = uow.db.execute(Payment.__table__.select()).one().id
    asked = len(sandbox.calls)
    following.query(shop, payment_id)
    assert len(sandbox.calls) == asked  # it is not even asked
    assert (state_of(shop, order_id), captured(shop)) == ("pending_payment", 0)


def test_the_same_word_counts_in_a_demo(shop: Store, tea: Goods, sandbox: ScriptedProvider) -> None:
    """The negative control of the refusals."""
    placed = place_order(shop, (tea, 2))
    reference = start(shop, GUEST, placed.order_id, code="sandbox")
    assert following.notify(shop, "sandbox", fact(reference)) == "booked"
    assert state_of(shop, placed.order_id) == "to_ship"


def test_a_parked_word_of_demo_time_is_given_up(
    shop: Store, tea: Goods, sandbox: ScriptedProvider, clock: object
) -> None:
    placed = place_order(shop, (tea, 2))
    assert following.notify(shop, "sandbox", fact("a" * 24, amount=1)) == "parked"
    open_shop(shop.root)
    with shop.write() as uow:
        uow.db.execute(update(ParkedNotification).values(next_at=uow.now))
    following.retry_parked(shop)
    with shop.read() as uow:
        assert uow.db.execute(ParkedNotification.__table__.select()).one().state == "given_up"
    assert state_of(shop, placed.order_id) == "pending_payment"


def test_a_live_shop_starts_no_payment_with_play_money(
    shop: Store, begun: tuple[int, str, str]
) -> None:
    """Nor does it lead back to the page that is open at the sandbox."""
    with pytest.raises(Invalid):
        starting.start(shop, GUEST, begun[0], "sandbox", ADDRESSES)


def test_such_an_order_can_be_paid_otherwise_or_ends_in_its_time(
    shop: Store, begun: tuple[int, str, str], sandbox: ScriptedProvider, clock: object
) -> None:
    order_id, number, _ = begun
    other = use(shop)
    reference = start(shop, GUEST, order_id, code="scripted")
    assert other.states[reference] == "pending"
    assert number in run("check", shop.root).stdout
    clock.move(minutes=31)  # type: ignore[attr-defined]
    following.close_due(shop)
    assert state_of(shop, order_id) == "closed"
    assert shop.look(play_money.leftovers) == []
    assert "demo time" not in run("check", shop.root).stdout


def test_check_names_orders_that_play_money_paid(
    shop: Store, tea: Goods, sandbox: ScriptedProvider
) -> None:
    placed = place_order(shop, (tea, 1))
    reference = start(shop, GUEST, placed.order_id, code="sandbox")
    following.notify(shop, "sandbox", fact(reference))
    assert placed.number not in run("check", shop.root).stdout  # a demo is made of such orders
    open_shop(shop.root)
    assert placed.number in run("check", shop.root).stdout


# -- starting asks the provider -------------------------------------------------------------------


def test_a_provider_that_does_not_take_the_amount_is_not_started(
    shop: Store, tea: Goods, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = use(shop)
    placed = place_order(shop, (tea, 1))
    monkeypatch.setattr(provider, "available", lambda **asked: asked["amount"] < 100)
    with pytest.raises(Conflict, match="payment-method-unavailable"):
        starting.start(shop, GUEST, placed.order_id, "scripted", ADDRESSES)
    assert provider.calls == []
    with shop.read() as uow:
        assert uow.db.execute(Payment.__table__.select()).all() == []


def test_the_mode_on_disk_is_what_the_command_says(shop: Store) -> None:
    assert read_config(shop.root).mode == "demo"
    make_product(shop)
    open_shop(shop.root)
    assert read_config(shop.root).mode == "live"


def test_what_waited_in_the_demo_s_mailbox_is_never_sent(shop: Store, tea: Goods) -> None:
    def say(template: str, **data: str) -> None:
        shop.transact(
            lambda uow: messages.send(
                uow, channel="email", recipient="a@example.com", template=template,
                locale="en", data=data,
            )
        )  # fmt: skip

    say("sign_in_code", code="123456", minutes="10")
    say("identity_code", code="654321", minutes="10")
    assert "2 messages waited in the demo's mailbox" in open_shop(shop.root)
    with shop.read() as uow:
        found = uow.db.execute(select(Message.state, Message.data)).all()
        assert message_queue.due(uow, "email", 10) == []
    assert found == [("expired", {})] * 2


def test_opening_again_keeps_what_a_live_shop_has_to_say(shop: Store, tea: Goods) -> None:
    open_shop(shop.root)
    run("close", shop.root)
    with shop.write() as uow:
        uow.db.execute(
            insert(Message).values(
                channel="email", recipient="a@example.com", template="sign_in_code", locale="en",
                data={"code": "1"}, created_at=uow.now, next_at=uow.now,
            )
        )  # fmt: skip
    run("open", shop.root)
    with shop.read() as uow:
        assert len(message_queue.due(uow, "email", 10)) == 1
