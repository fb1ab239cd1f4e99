"""What plugins say reaches every place that prices a cart, and the order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select, update

from storegen.domain import delivery
from storegen.domain.audit import drifts
from storegen.domain.carts import changes, pricing, set_attribute
from storegen.domain.carts.loading import load
from storegen.domain.orders import moving, placing
from storegen.domain.orders.placing import place
from storegen.domain.payments.booking import confirm_by_hand
from storegen.errors import (
    Invalid,
    NotFound,
    OfferEnded,
    PluginFault,
    PriceChanged,
    Refused,
    SoldOut,
)
from storegen.models import Cart, CartLine, Order, OrderLine, Refund, Reservation, Stock
from storegen.values.actor import JOB
from storegen.values.orders import OrderChange
from storegen.values.pricing import Gift, LineTax, Offer, Promotion, Surcharge
from tests.fixtures.goods import (
    SHANGHAI,
    STAFF,
    fill_cart,
    make_delivery,
    make_guest,
    make_product,
    order_command,
    place_order,
)
from tests.fixtures.stores import statements
from tests.plugins.objects import answer, plugin, use


@pytest.fixture
def shop(store):
    make_delivery(store)
    return store


@dataclass
class Probe:
    """A plugin whose answers a test sets; it remembers what it was asked and told."""

    offers: list[Offer] = field(default_factory=list)
    discounts: list[Promotion] = field(default_factory=list)
    fees: list[Surcharge] = field(default_factory=list)
    taxes: Any = None
    facts: Any = "facts"
    carts: list[Any] = field(default_factory=list)
    told: list[OrderChange] = field(default_factory=list)
    refuse: str = ""
    checked: list[Any] = field(default_factory=list)

    def use(self, store: Any, name: str = "probe") -> Probe:
        def pricing_facts(uow: Any, cart: Any) -> Any:
            self.carts.append(cart)
            return self.facts

        def offers(cart: Any, facts: Any) -> Any:
            assert facts == self.facts
            return self.offers

        def discounts(cart: Any) -> Any:
            self.carts.append(cart)
            return self.discounts

        def fees(facts: Any) -> Any:
            return self.fees

        def tax_lines(cart: Any) -> Any:
            return self.taxes(cart) if callable(self.taxes) else self.taxes

        def check_order(actor: Any, cart: Any, facts: Any) -> None:
            self.checked.append((cart, facts))
            if self.refuse == "check":
                raise Refused("probe:no", "不行")

        def during_transition(change: Any) -> None:
            self.told.append(change)
            if self.refuse == change.move:
                raise Refused("probe:no", "不行")

        hooks = (pricing_facts, offers, discounts, fees, tax_lines, check_order, during_transition)
        use(store, plugin(name, **{each.__name__: answer(each.__name__, each) for each in hooks}))
        return self


def key_of(shop: Any, actor: Any, nth: int = 0) -> str:
    with shop.read() as uow:
        return str(load(uow, actor).lines[nth].view.key)


def test_a_fee_lowers_nothing_by_its_tax_either(shop: Any) -> None:
    tea = make_product(shop, price=1_000)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    Probe(fees=[Surcharge(source="x", amount=100, includes_tax=False, tax_bp=-50_000)]).use(shop)
    with shop.read() as uow:
        quote, _ = delivery.priced(uow, load(uow, actor), None, "")
    assert (quote.total, quote.surcharges_gross) == (1_100, 100)


def test_the_same_quote_everywhere(shop: Any) -> None:
    """Cart page, delivery options, checkout and order: offer, discount, fee and tax are in all."""
    tea = make_product(shop, price=1_000)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 2))
    key = key_of(shop, actor)
    probe = Probe(
        offers=[Offer(id="7", lines=(key,), unit_price=800, title="秒杀")],
        discounts=[Promotion(id="1", scope="order", kind="fixed", amount=100, title="满减")],
        fees=[Surcharge(source="wrap", amount=50, includes_tax=True)],
        taxes={key: LineTax(tax_bp=900), "shipping": LineTax(tax_bp=600)},
    ).use(shop)
    with shop.read() as uow:
        cart = load(uow, actor)
        page, _ = delivery.priced(uow, cart, None, "")
        options = delivery.options(uow, cart, SHANGHAI.destination)
        quote, _ = delivery.priced(uow, cart, SHANGHAI.destination, "express")
    assert (page.goods, page.discount, page.total) == (1_600, 100, 1_550)
    assert options[0].charge.amount == quote.shipping[0].amount == 600
    assert quote.total == 1_550 + 600
    assert (quote.lines[0].tax_bp, quote.shipping[0].tax_bp) == (900, 600)
    assert [(x.source, x.data.get("title")) for x in quote.adjustments[:2]] == [
        ("probe:7", "秒杀"),
        ("probe:1", "满减"),
    ]
    assert probe.carts[1].lines[0].unit_price == 800  # discounts see the offers' prices
    assert {cart.country for cart in probe.carts} == {"", "CN"}
    placed = shop.transact(lambda uow: place(uow, actor, order_command(shop, actor)))
    assert placed.payable == quote.total
    with shop.read() as uow:
        row = uow.db.execute(select(OrderLine.__table__)).one()
        assert uow.db.scalar(select(Order.surcharges)) == 50
    assert (row.offer, row.unit_price, row.discount, row.gross) == ("probe:7", 800, 100, 1_500)
    view, facts = probe.checked[0]
    assert (facts, view.shipping[0].amount, view.lines[0].offer) == ("facts", 600, "probe:7")
    with shop.read() as uow:
        assert drifts(uow) == []


def test_facts_are_gathered_once_for_each_destination(shop: Any) -> None:
    tea = make_product(shop)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    probe = Probe().use(shop)
    with shop.read() as uow:
        cart = load(uow, actor)
        delivery.options(uow, cart, SHANGHAI.destination)
        delivery.priced(uow, cart, SHANGHAI.destination, "express")
        delivery.priced(uow, cart, SHANGHAI.destination, "express")
        assert len(probe.carts) == 2  # facts and discounts
        delivery.priced(uow, cart, None, "")
        delivery.options(uow, cart, SHANGHAI.destination, exact=False)
        assert len(probe.carts) == 4


def test_nothing_to_say_means_no_further_question_and_no_query(shop: Any) -> None:
    tea = make_product(shop)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    probe = Probe(facts=None, discounts=[Promotion(id="1", scope="order", kind="fixed", amount=9)])

    def count() -> int:
        with shop.read() as uow:
            cart = load(uow, actor)
            with statements(shop) as found:
                assert delivery.priced(uow, cart, None, "")[0].discount == 0
            return len(found)

    assert count() == 0
    probe.use(shop)
    assert (count(), len(probe.carts)) == (0, 1)


def test_a_price_that_a_plugin_changed_meanwhile_is_a_new_quote(shop: Any) -> None:
    tea = make_product(shop, price=1_000)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    probe = Probe().use(shop)
    command = order_command(shop, actor)
    probe.discounts = [Promotion(id="1", scope="order", kind="fixed", amount=100)]
    with pytest.raises(PriceChanged):
        shop.transact(lambda uow: place(uow, actor, command))


@pytest.mark.parametrize(
    "taxes",
    [
        lambda cart: 1 / 0,
        lambda cart: {"shipping": LineTax(tax_bp=900, components_bp=(100, 200))},
        lambda cart: {"shipping": LineTax(tax_bp=-1)},
        "13 %",
    ],
)
def test_without_taxes_nothing_is_ordered_and_the_cart_can_still_be_seen(
    shop: Any, taxes: Any
) -> None:
    tea = make_product(shop)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    Probe(taxes=taxes).use(shop)
    command = order_command(shop, actor)
    with pytest.raises(PluginFault) as fault:
        shop.transact(lambda uow: place(uow, actor, command))
    assert fault.value.data() == {"plugin": "probe"}
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.id)) is None


def test_a_chosen_offer_that_is_gone_is_not_ordered_at_the_list_price(shop: Any) -> None:
    tea = make_product(shop, price=1_000)
    actor = make_guest(shop)
    add = changes.AddLine(variant=tea.variant, offer="probe:group-1")
    shop.transact(lambda uow: changes.apply(uow, actor, add))
    probe = Probe().use(shop)
    command = order_command(shop, actor)
    with pytest.raises(OfferEnded):
        shop.transact(lambda uow: place(uow, actor, command))
    probe.offers = [
        Offer(id="group-1", lines=(key_of(shop, actor),), unit_price=700, kind="commitment")
    ]
    command = order_command(shop, actor)
    placed = shop.transact(lambda uow: place(uow, actor, command))
    assert placed.payable == 700 + 600
    assert probe.told[0].lines[0].offer == "probe:group-1"


@pytest.mark.parametrize("when", ["check", "place"])
def test_a_plugin_may_refuse_the_order_and_nothing_stays(shop: Any, when: str) -> None:
    tea = make_product(shop)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    Probe(refuse=when).use(shop)
    command = order_command(shop, actor)
    with pytest.raises(Refused):
        shop.transact(lambda uow: place(uow, actor, command))
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.id)) is None
        assert load(uow, actor).state == "open"
        assert uow.db.scalar(select(Stock.reserved)) == 0


def test_money_for_an_order_that_a_plugin_refuses_to_be_paid_goes_back(shop: Any) -> None:
    """yudao: the refusal rolls the booking back, and the money is taken for nothing."""
    tea = make_product(shop)
    Probe(refuse="pay").use(shop)
    placed = place_order(shop, (tea, 1))
    shop.transact(lambda uow: confirm_by_hand(uow, STAFF, placed.order_id, "B7"))
    with shop.read() as uow:
        order = uow.db.execute(select(Order.__table__)).one()
        refunds = list(uow.db.execute(select(Refund.amount, Refund.kind)))
        assert uow.db.scalar(select(Stock.reserved)) == 0
    assert (order.state, order.captured) == ("closed", placed.payable)
    assert refunds == [(placed.payable, "late")]


def test_every_move_is_told_with_what_had_applied(shop: Any) -> None:
    tea = make_product(shop, price=1_000)
    probe = Probe(
        discounts=[
            Promotion(id="1", scope="order", kind="fixed", amount=100),
            Promotion(id="2", scope="order", kind="fixed", amount=100, min_subtotal=99_999),
            Promotion(id="3", scope="shipping", kind="percent", percent_bp=10_000),
        ]
    ).use(shop)
    placed = place_order(shop, (tea, 2))
    [change] = probe.told
    assert (change.move, change.from_state, change.to_state) == ("place", "", "pending_payment")
    assert dict(change.applied) == {"probe:1": -100, "probe:3": -600}
    assert [(x.variant_id, x.quantity, x.gross) for x in change.lines] == [
        (tea.variant_id, 2, 1_900)
    ]
    shop.transact(lambda uow: moving.move(uow, JOB, placed.order_id, "close"))
    last = probe.told[-1]
    assert (last.move, last.from_state, last.to_state) == ("close", "pending_payment", "closed")
    assert (dict(last.applied), last.lines) == (dict(change.applied), change.lines)
    assert (last.number, last.total) == (placed.number, placed.payable)


def test_plugins_are_told_before_stock_is_locked(shop: Any) -> None:
    tea = make_product(shop)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    Probe().use(shop)
    command = order_command(shop, actor)
    with statements(shop) as found:
        shop.transact(lambda uow: place(uow, actor, command))
    assert found.texts[-1].startswith("UPDATE stock")


def gift_rule(goods: Any, quantity: int = 1, **more: Any) -> Promotion:
    gifts = (Gift(variant_id=goods.variant_id, quantity=quantity),)
    return Promotion(id="g", scope="order", kind="gift", gifts=gifts, title="满赠", **more)


def test_gifts_are_lines_at_nothing_whose_stock_is_held_and_given_back(shop: Any) -> None:
    tea, cup = make_product(shop, "茶", price=1_000), make_product(shop, "杯", stock=3)
    Probe(discounts=[gift_rule(cup, 2)]).use(shop)
    placed = place_order(shop, (tea, 1))
    assert placed.payable == 1_000 + 600

    def held() -> int:
        with shop.read() as uow:
            assert drifts(uow) == []
            return int(
                uow.db.scalar(select(Stock.reserved).where(Stock.variant_id == cup.variant_id))
            )

    assert held() == 2
    with shop.read() as uow:
        rows = uow.db.execute(select(OrderLine.__table__).order_by(OrderLine.position)).all()
        needs = uow.db.execute(select(Reservation.variant_id, Reservation.quantity)).all()
    assert [(x.title, x.gift, x.quantity, x.gross, x.offer) for x in rows] == [
        ("茶", False, 1, 1_000, "list"),
        ("杯", True, 2, 0, "probe:g"),
    ]
    assert sorted(map(tuple, needs)) == sorted([(tea.variant_id, 1), (cup.variant_id, 2)])
    shop.transact(lambda uow: moving.move(uow, JOB, placed.order_id, "close"))
    assert held() == 0


def test_gifts_that_are_sold_out_are_left_out_and_explained(shop: Any) -> None:
    tea, cup = make_product(shop, "茶", price=1_000), make_product(shop, "杯", stock=0)
    Probe(discounts=[gift_rule(cup)]).use(shop)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    with shop.read() as uow:
        quote, _ = delivery.priced(uow, load(uow, actor), None, "")
    [note] = [x for x in quote.adjustments if x.source == "probe:g"]
    assert (note.applied, note.reason, note.data["title"]) == (False, "gift-out-of-stock", "满赠")
    placed = shop.transact(lambda uow: place(uow, actor, order_command(shop, actor)))
    with shop.read() as uow:
        lines = uow.db.scalars(select(OrderLine.title).where(OrderLine.order_id == placed.order_id))
        assert list(lines) == ["茶"]


def test_what_the_cart_buys_itself_is_not_given_away(shop: Any) -> None:
    cup = make_product(shop, "杯", price=1_000, stock=3)
    Probe(discounts=[gift_rule(cup, 2)]).use(shop)
    actor = make_guest(shop)
    fill_cart(shop, actor, (cup, 2))
    with shop.read() as uow:
        cart = load(uow, actor)
        quote, _ = delivery.priced(uow, cart, None, "")
        [gift] = delivery.gifts(uow, cart, None, quote)
    assert (gift.quantity, gift.goods.title) == (1, "杯")


def test_the_last_gift_goes_to_one_of_two(shop: Any) -> None:
    tea, cup = make_product(shop, "茶"), make_product(shop, "杯", stock=1)
    Probe(discounts=[gift_rule(cup)]).use(shop)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    command = order_command(shop, actor)

    def rival_first(uow: Any) -> None:
        uow.db.execute(
            update(Stock).where(Stock.variant_id == cup.variant_id).values(reserved=Stock.on_hand)
        )

    def work(uow: Any) -> None:
        real = placing._insert_order
        try:
            placing._insert_order = lambda *given: (rival_first(uow), real(*given))[1]
            place(uow, actor, command)
        finally:
            placing._insert_order = real

    with pytest.raises(SoldOut) as gone:
        shop.transact(work)
    assert gone.value.lines[0][1] == "杯"


def test_codes_and_attributes_stay_with_the_cart(shop: Any) -> None:
    tea = make_product(shop)
    actor = make_guest(shop)
    probe = Probe().use(shop)
    code = changes.AddCoupon(code=" ｔｅａ10 ")
    for change in (changes.AddLine(variant=tea.variant), code, code):
        shop.transact(lambda uow, c=change: changes.apply(uow, actor, c))
    shop.transact(lambda uow: set_attribute(uow, actor, "gift_wrap", "text", "生日快乐"))
    with shop.read() as uow:
        delivery.priced(uow, load(uow, actor), None, "")
    assert probe.carts[0].coupons == ("TEA10",)
    assert dict(probe.carts[0].attributes) == {"gift_wrap.text": "生日快乐"}
    shop.transact(lambda uow: set_attribute(uow, actor, "gift_wrap", "text", ""))
    shop.transact(lambda uow: changes.apply(uow, actor, changes.RemoveCoupon(code="tea10")))
    with shop.read() as uow:
        cart = load(uow, actor)
    assert (cart.coupons, dict(cart.attributes)) == ((), {})
    for wrong, problem in [
        (changes.RemoveCoupon(code="tea10"), NotFound),
        (changes.AddCoupon(code=" "), Invalid),
        (changes.AddCoupon(code="x" * 65), Invalid),
        (changes.SetAttribute(plugin="A-b", name="x", value="1"), Invalid),
        (changes.SetAttribute(plugin="a", name="x", value="1" * 501), Invalid),
    ]:
        with pytest.raises(problem):
            shop.transact(lambda uow, c=wrong: changes.apply(uow, actor, c))


def test_a_basis_is_made_from_the_lines_that_can_be_bought(shop: Any) -> None:
    tea = make_product(shop)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    with shop.read() as uow:
        assert pricing.basis(uow, load(uow, actor)).promotions == ()
        assert uow.db.scalar(select(CartLine.id).join(Cart)) is not None
