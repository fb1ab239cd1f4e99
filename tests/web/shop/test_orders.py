"""Orders open by their link and by nothing else; after-sales through their pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select, update
from werkzeug.datastructures import FileStorage, MultiDict

from storegen.domain import aftersales, fulfilment, limits
from storegen.models import AfterSales, Media, Order, OrderLine, Refund, Stock, random_id
from storegen.store import Store
from storegen.web.storefront import aftersales as pages
from tests.fixtures.goods import STAFF, Goods, make_product
from tests.fixtures.payment import ScriptedProvider
from tests.fixtures.stores import TestClock
from tests.judges.visitor import Page
from tests.web.shop.browser import Shopper, csrf_of, token_of

Settle = Callable[[], None]


def paid(shopper: Shopper, settle: Settle, goods: Goods, quantity: int = 1) -> str:
    """The token of an order that is paid."""
    shopper.add(goods.variant, quantity)
    token = token_of(shopper.order("scripted"))
    settle()
    assert shopper.get(f"/orders/{token}/paid").path == f"/orders/{token}"
    return token


def order_id(store: Store, token: str) -> int:
    with store.read() as uow:
        found = uow.db.scalar(select(Order.id).where(Order.token == token))
    assert found is not None
    return found


def receive(store: Store, token: str) -> None:
    number = order_id(store, token)
    command = fulfilment.Ship(parcels=(("SF", "1"),))
    store.transact(lambda uow: fulfilment.ship(uow, STAFF, number, command))
    store.transact(lambda uow: fulfilment.receive(uow, STAFF, number))


def line_of(store: Store, token: str) -> str:
    with store.read() as uow:
        return str(
            uow.db.scalar(
                select(OrderLine.public_id).where(OrderLine.order_id == order_id(store, token))
            )
        )


def ask(shopper: Shopper, store: Store, token: str, **values: object) -> Page:
    page = shopper.get(f"/orders/{token}/after-sales?line={line_of(store, token)}")
    form = page.form(action="/after-sales", names=("reason",))
    return shopper.submit(form, **{"kind": "return", "reason": "damaged", **values})


def test_only_the_link_opens_an_order(shopper: Shopper, other: Shopper, tea: Goods) -> None:
    shopper.add(tea.variant)
    order = shopper.order("bank_transfer")
    token = token_of(order)
    assert other.get(f"/orders/{token}").status == 200, "whoever has the link may look"
    number = next(word for word in order.text.split() if word.startswith("26") and len(word) == 16)
    bodies = set()
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), random_id(26), number, "1"):
        page = other.get(f"/orders/{wrong}")
        assert page.status == 404
        assert page.headers["Cache-Control"] == "private, no-store"
        bodies.add(page.body)
    assert len(bodies) == 1


@pytest.mark.parametrize("action", ["pay", "cancel", "receive", "after-sales"])
def test_acting_on_an_order_takes_its_link_and_a_token(
    shopper: Shopper, other: Shopper, shop: Store, tea: Goods, action: str
) -> None:
    shopper.add(tea.variant)
    token = token_of(shopper.order("bank_transfer"))
    good = csrf_of(shopper.get(f"/orders/{token}"))
    foreign = csrf_of(other.get(f"/orders/{token}"))
    for csrf in ("", foreign):
        data = {"csrf": csrf, "payment": "scripted"}
        assert shopper.post(f"/orders/{token}/{action}", data).status == 403
    wrong = shopper.post(f"/orders/{random_id(26)}/{action}", {"csrf": good})
    assert wrong.status == 404
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.state)) == "pending_payment"


def test_guessing_links_stops(other: Shopper) -> None:
    for _ in range(limits.LIMITS["order-token-network"].limit):
        assert other.get(f"/orders/{random_id(26)}").status == 404
    page = other.get(f"/orders/{random_id(26)}")
    assert page.status == 429
    assert int(page.headers["Retry-After"]) > 0


def test_saying_paid_in_an_address_pays_nothing(
    shopper: Shopper, shop: Store, provider: ScriptedProvider, tea: Goods
) -> None:
    shopper.add(tea.variant)
    token = token_of(shopper.order("scripted"))
    page = shopper.get(f"/orders/{token}/paid?status=paid&amount=1600&result=succeeded")
    assert "waiting for the confirmation" in page.text
    assert shopper.post(f"/orders/{token}/paid", {"status": "paid"}).status == 405
    with shop.read() as uow:
        assert uow.db.execute(select(Order.state, Order.captured)).one() == ("pending_payment", 0)


def test_what_was_paid_meanwhile_cannot_be_cancelled(
    shopper: Shopper, shop: Store, tea: Goods, settle: Settle
) -> None:
    shopper.add(tea.variant)
    token = token_of(shopper.order("scripted"))
    form = shopper.get(f"/orders/{token}").form(action="/cancel")
    settle()
    page = shopper.submit(form)
    assert page.status == 409
    assert "moved on meanwhile" in page.text
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.state)) == "to_ship"


@pytest.mark.parametrize("left", [False, True], ids=["here", "left"])
def test_cash_on_delivery_is_cancelled_by_its_buyer_until_goods_leave(
    shopper: Shopper, shop: Store, tea: Goods, left: bool
) -> None:
    shopper.add(tea.variant, 2)
    token = token_of(shopper.order("cash_on_delivery"))
    form = shopper.get(f"/orders/{token}").form(action="/cancel")
    if left:
        number, some = order_id(shop, token), fulfilment.Ship(lines={line_of(shop, token): 1})
        shop.transact(lambda uow: fulfilment.ship(uow, STAFF, number, some))
    page = shopper.submit(form)
    assert page.status == (409 if left else 200)
    assert ("on their way already" in page.text) is left
    with shop.read() as uow:
        state = uow.db.scalar(select(Order.state))
        units = uow.db.execute(select(Stock.on_hand, Stock.reserved)).one()
    assert (state, units) == (("to_ship", (9, 1)) if left else ("cancelled", (10, 0)))


def test_a_return_from_request_to_refund(
    shopper: Shopper, shop: Store, tea: Goods, settle: Settle
) -> None:
    token = paid(shopper, settle, tea, 2)
    receive(shop, token)
    page = ask(shopper, shop, token, quantity="1", message="Two cups are cracked")
    assert "Waiting for the shop" in page.text
    assert "Two cups are cracked" in page.text
    with shop.read() as uow:
        request = uow.db.scalar(select(AfterSales.public_id)) or ""
    shop.transact(lambda uow: aftersales.approve(uow, STAFF, request, "Send it to Long Road 1"))
    page = shopper.get(f"/orders/{token}")
    assert "Send it to Long Road 1" in page.text
    back = page.form(action="/send-back")
    assert shopper.submit(back, carrier="", tracking_number="").status == 422
    page = shopper.submit(back, carrier="YTO", tracking_number="YT99")
    assert "YT99" in page.text
    shop.transact(lambda uow: aftersales.complete(uow, STAFF, request, restock=True))
    page = shopper.get(f"/orders/{token}")
    assert "1 piece is being refunded" in page.text
    with shop.write() as uow:  # the provider has answered
        uow.db.execute(update(Refund).values(state="succeeded"))
    assert "1 piece refunded" in shopper.get(f"/orders/{token}").text
    with shop.read() as uow:
        assert uow.db.execute(select(Refund.amount, Refund.kind)).one() == (1000, "after_sales")
        assert uow.db.scalar(select(AfterSales.amount)) == 1000


def test_the_same_request_twice_is_one(
    shopper: Shopper, shop: Store, tea: Goods, settle: Settle
) -> None:
    token = paid(shopper, settle, tea, 3)
    receive(shop, token)
    page = shopper.get(f"/orders/{token}/after-sales?line={line_of(shop, token)}")
    form = page.form(action="/after-sales", names=("reason",))
    values = {"kind": "return", "reason": "damaged", "quantity": "1"}
    assert shopper.submit(form, **values).path.startswith(f"/orders/{token}")
    assert shopper.submit(form, **values).path.startswith(f"/orders/{token}")
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(AfterSales)) == 1


def test_more_than_was_bought_cannot_be_asked_about(
    shopper: Shopper, shop: Store, tea: Goods, settle: Settle
) -> None:
    token = paid(shopper, settle, tea, 2)
    receive(shop, token)
    ask(shopper, shop, token, quantity="1")
    page = ask(shopper, shop, token, quantity="2")
    assert page.status == 409
    assert "under way already" in page.text
    for junk in ("0", "-1", "1e3", "99999999999", ""):
        assert ask(shopper, shop, token, quantity=junk).status == 422
    for values in ({"kind": "gift"}, {"reason": "nonsense"}):
        assert ask(shopper, shop, token, **values).status == 422
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(AfterSales)) == 1


def test_another_orders_request_is_not_there(
    shopper: Shopper, other: Shopper, shop: Store, tea: Goods, settle: Settle
) -> None:
    mine, theirs = paid(shopper, settle, tea), paid(other, settle, tea)
    for token in (mine, theirs):
        receive(shop, token)
    ask(shopper, shop, mine)
    with shop.read() as uow:
        request = uow.db.scalar(select(AfterSales.public_id)) or ""
    data = {
        "csrf": csrf_of(other.get(f"/orders/{theirs}/after-sales?line={line_of(shop, theirs)}")),
        "carrier": "X",
        "tracking_number": "1",
        "line": line_of(shop, mine),
        "kind": "return",
        "reason": "damaged",
    }
    for path in (f"/{request}/withdraw", f"/{request}/send-back", ""):
        answer = other.post(f"/orders/{theirs}/after-sales{path}", data)
        unknown = other.post(f"/orders/{random_id(26)}/after-sales{path}", data)
        assert answer.status == 404
        assert answer.body == unknown.body
    page = other.get(f"/orders/{theirs}/after-sales?line={line_of(shop, mine)}")
    assert page.status == 404
    with shop.read() as uow:
        assert uow.db.scalar(select(AfterSales.state)) == "requested"


def test_when_the_window_is_closed_nothing_is_offered(
    shopper: Shopper, shop: Store, tea: Goods, settle: Settle, clock: TestClock
) -> None:
    token = paid(shopper, settle, tea)
    receive(shop, token)
    form = shopper.get(f"/orders/{token}/after-sales?line={line_of(shop, token)}").form(
        action="/after-sales", names=("reason",)
    )
    clock.move(days=8)
    assert "/after-sales?line=" not in shopper.get(f"/orders/{token}").text
    page = shopper.submit(form, kind="return", reason="damaged")
    assert page.status == 409
    assert "over" in page.text


def picture(size: tuple[int, int] = (640, 480)) -> bytes:
    body = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    Image.new("RGB", size, "#884422").save(body, "JPEG", exif=exif)
    return body.getvalue()


def send_pictures(shopper: Shopper, store: Store, token: str, *bodies: bytes) -> Page:
    page = shopper.get(f"/orders/{token}/after-sales?line={line_of(store, token)}")
    form = page.form(action="/after-sales", names=("reason",))
    data: MultiDict[str, object] = MultiDict(
        {**form.submitted(), "kind": "return", "reason": "damaged", "quantity": "1"}
    )
    data.poplist("pictures")
    for number, body in enumerate(bodies):
        data.add("pictures", FileStorage(io.BytesIO(body), f"{number}.jpg", "pictures"))
    return shopper.post(form.action, data)


def private_files(shop: Store) -> list[Path]:
    return sorted(path for path in (shop.root / "private").rglob("*") if path.is_file())


def test_pictures_are_made_anew_and_shown(
    shopper: Shopper, other: Shopper, shop: Store, tea: Goods, settle: Settle
) -> None:
    token = paid(shopper, settle, tea, 3)
    receive(shop, token)
    page = send_pictures(shopper, shop, token, picture(), picture((320, 200)))
    assert page.status == 200
    addresses = re.findall(r'="(/orders/[^"]+/pictures/\d/(?:small|large))"', page.text)
    assert len(set(addresses)) == 4
    for address in addresses:
        for visitor in (shopper, other):  # the link is the key, as for the order itself
            shown = visitor.get(address)
            assert (shown.status, shown.headers["Content-Type"]) == (200, "image/webp")
            assert shown.headers["Cache-Control"].startswith("private")
            assert b"where I live" not in shown.body
    files = private_files(shop)
    assert len(files) == 3  # one is too small to have two widths
    assert {path.suffix for path in files} == {".webp"}, "no original, no preview for links"
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(Media)) == 0


def test_pictures_open_to_the_orders_link_and_to_nothing_else(
    shopper: Shopper, other: Shopper, shop: Store, tea: Goods, settle: Settle
) -> None:
    token = paid(shopper, settle, tea)
    receive(shop, token)
    page = send_pictures(shopper, shop, token, picture())
    found = re.search(r"/after-sales/(\w+)/pictures/0/small", page.text)
    assert found is not None
    request = found[1]
    file = private_files(shop)[0]
    inside = file.relative_to(shop.root).as_posix()
    key = "/".join(file.parts[-3:])
    elsewhere = paid(other, settle, tea)
    for path in (
        f"/media/{key}",
        f"/media/../{inside}",
        f"/{inside}",
        f"/orders/{elsewhere}/after-sales/{request}/pictures/0/small",
        f"/orders/{token}/after-sales/{request}/pictures/1/small",
        f"/orders/{token}/after-sales/{request}/pictures/0/original",
        f"/orders/{token}/after-sales/{random_id()}/pictures/0/small",
        f"/admin/after-sales/{request}/pictures/0/small",
    ):
        answer = other.get(path, follow=False)
        assert answer.status in (303, 404), path
        assert not answer.body.startswith(b"RIFF"), path


def test_nothing_stays_of_a_request_that_is_refused(
    shopper: Shopper, shop: Store, tea: Goods, settle: Settle
) -> None:
    token = paid(shopper, settle, tea)
    receive(shop, token)
    assert send_pictures(shopper, shop, token, picture(), b"no picture").status == 422
    assert private_files(shop) == []
    page = shopper.get(f"/orders/{token}/after-sales?line={line_of(shop, token)}")
    form = page.form(action="/after-sales", names=("reason",))
    kept, first = [], ""
    for key, status in ((random_id(26), 200), ("", 200), (random_id(26), 409)):
        # The second is a double click; at the third no unit is left to ask about.
        data: MultiDict[str, object] = MultiDict(
            {**form.submitted(), "kind": "return", "reason": "damaged", "quantity": "1"}
        )
        data.poplist("pictures")
        data["key"] = first = key or first
        data.add("pictures", FileStorage(io.BytesIO(picture()), "a.jpg", "pictures"))
        assert shopper.post(form.action, data).status == status
        kept.append(private_files(shop))
    assert len(kept[0]) == 2
    assert kept == [kept[0]] * 3


@pytest.mark.parametrize(
    ("bodies", "words"),
    [
        ([b"<html><script>alert(1)</script>"], "not a picture"),
        ([b"\xff\xd8\xff\xe0 broken"], "not a picture"),
        ([picture()], "too large"),
        ([b"x"] * 7, "at most 6"),
    ],
)
def test_what_is_no_picture_is_refused(
    shopper: Shopper,
    shop: Store,
    tea: Goods,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
    bodies: list[bytes],
    words: str,
) -> None:
    if words == "too large":
        monkeypatch.setattr(pages, "MOST_BYTES", 100)
    token = paid(shopper, settle, tea)
    receive(shop, token)
    page = send_pictures(shopper, shop, token, *bodies)
    assert page.status == 422
    assert words in page.text
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(AfterSales)) == 0


def test_goods_without_free_return_come_back_for_a_fault(
    shopper: Shopper, shop: Store, settle: Settle
) -> None:
    fresh = make_product(shop, "Fresh cake", return_class="no_return")
    shopper.add(fresh.variant)
    form = shopper.checkout_form()
    ack = next(name for name in form.names if name.startswith("ack-"))
    token = token_of(shopper.submit(form, payment="scripted", **{ack: "yes"}))
    settle()
    shopper.get(f"/orders/{token}/paid")
    receive(shop, token)
    page = ask(shopper, shop, token, reason="changed_mind")
    assert page.status == 422
    assert "fault only" in page.text
    assert ask(shopper, shop, token, reason="faulty").status == 200


def test_an_order_page_costs_a_bounded_number_of_queries(
    shopper: Shopper, shop: Store, settle: Settle
) -> None:
    from tests.fixtures.stores import statements

    counts = []
    for amount in (1, 6):
        for number in range(amount):
            shopper.add(make_product(shop, f"Tea {number}").variant)
        token = token_of(shopper.order("bank_transfer"))
        shopper.get(f"/orders/{token}")
        with statements(shop) as ran:
            shopper.get(f"/orders/{token}")
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 16


def test_the_order_shows_what_it_was_sold_as(shopper: Shopper, shop: Store, tea: Goods) -> None:
    """A product that is renamed or repriced later changes no order."""
    from storegen.models import Product, Variant

    shopper.add(tea.variant)
    order = shopper.order("bank_transfer")
    with shop.write() as uow:
        uow.db.execute(update(Product).values(title="Coffee"))
        uow.db.execute(update(Variant).values(price=9900))
    page = shopper.get(order.path)
    assert "Tea" in page.text
    assert "Coffee" not in page.text
    assert "¥99" not in page.text
