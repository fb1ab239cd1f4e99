"""A walk through everything that a shop shows, as people take it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from storegen.domain import fulfilment
from storegen.domain.refunds import requesting, sending
from storegen.models import Customer, Order, OrderLine
from storegen.testing.browser import Shopper, token_of
from storegen.testing.desk import Desk, owner
from storegen.testing.goods import STAFF, Goods, make_product
from storegen.testing.html import Page
from storegen.testing.kit import Kit
from storegen.testing.sandbox import Gateway

_PLACE = re.compile(r'data-slot="([a-z][a-z0-9_]*\.[0-9]+~[a-z0-9_]*)" data-piece')
LANGUAGES = ("", "/zh-hans")


@dataclass(slots=True)
class Seen:
    """What the tour left behind: a customer with a finished order and no open one."""

    customer_id: int = 0
    orders: tuple[str, ...] = ()


class Failed(AssertionError):
    """A page of the tour was no page."""


class Tour:
    """Browse, search, cart, checkout, pay, ship, receive, refund; account, back office, API, in
    both languages. Raises `Failed` where the shop answers with an error."""

    def __init__(self, kit: Kit, gateway: Gateway) -> None:
        self.kit, self.store = kit, kit.store
        self.seen = Seen()
        self.guest = Shopper(lambda: kit.app, kit.store, "192.0.2.1", gateway)
        self.member = Shopper(lambda: kit.app, kit.store, "192.0.2.2", gateway)

    def take(self) -> Seen:
        goods = make_product(self.store, "Lamp", price=25000, stock=50, description="<p>Lamp</p>")
        self.public(goods)
        ordered = self.buying(goods)
        self.following(*ordered)
        self.account()
        self.api(goods)
        self.office()
        self.guest.add(goods)
        order = self._good(self.guest.order("sandbox"))
        self._good(self.guest.submit(self._open(self.guest, order).form(action="cancel")))
        return self.seen

    def public(self, goods: Goods) -> None:
        """Pages that anybody may see, and what arrives in them afterwards."""
        self._good(self.member.sign_in("tour@example.com"))
        with self.store.read() as uow:
            self.seen.customer_id = uow.db.scalars(
                select(Customer.id).order_by(Customer.id.desc()).limit(1)
            ).one()
        for language in LANGUAGES:
            for path in (
                "/",
                "/collections/all",
                "/search?q=lamp",
                f"/products/{goods.handle}",
                "/account/sign-in",
                "/account/register",
                "/cart",
            ):
                page = self._good(self.guest.get(f"{language}{path}"))
                query = "&".join(f"piece={place}" for place in _PLACE.findall(page.text))
                self._good(self.member.get(f"{language}/fragment?{query}"))

    def buying(self, goods: Goods) -> tuple[str, str]:
        """The tokens of two paid orders: a guest's and a member's."""
        tokens = []
        for shopper in (self.guest, self.member):
            self._good(shopper.add(goods, 2))
            for language in LANGUAGES:
                self._good(shopper.get(f"{language}/cart"))
                self._good(shopper.get(f"{language}/checkout"))
            page = self._good(shopper.pay(self._good(shopper.order("sandbox"))))
            tokens.append(token_of(page))
            for language in LANGUAGES:
                self._good(shopper.get(f"{language}/orders/{tokens[-1]}"))
        self.seen.orders = tuple(tokens)
        return tokens[0], tokens[1]

    def following(self, guests: str, members: str) -> None:
        """The guest's order is shipped and received, the member's is refunded."""
        first, second = self._order(guests), self._order(members)
        store = self.store
        store.transact(lambda uow: fulfilment.ship(uow, STAFF, first, fulfilment.Ship()))
        store.transact(lambda uow: fulfilment.receive(uow, STAFF, first))
        with store.read() as uow:
            rows = uow.db.execute(
                select(OrderLine.public_id, OrderLine.quantity).where(OrderLine.order_id == second)
            ).all()
        wanted = requesting.RefundRequested(
            lines={row.public_id: row.quantity for row in rows}, shipping=600
        )
        store.transact(lambda uow: requesting.request_refund(uow, STAFF, second, wanted))
        sending.send_due(store)
        state = store.look(lambda uow: uow.db.scalar(select(Order.state).where(Order.id == second)))
        if state != "refunded":
            raise Failed(f"the refund was not sent: the order is {state}")

    def account(self) -> None:
        for language in LANGUAGES:
            for path in ("", "/orders", "/addresses", "/settings"):
                self._good(self.member.get(f"{language}/account{path}"))

    def api(self, goods: Goods) -> None:
        for path in ("products", f"products/{goods.handle}", "openapi.json"):
            page = self.guest.get(f"/api/v1/{path}")
            if page.status not in (200, 404):
                raise Failed(f"{page.url} answered {page.status}")

    def office(self) -> None:
        desk = owner(self.store, lambda: self.kit.app)
        for language in LANGUAGES:
            desk.prefix = language
            for kind in ("orders", "products", "customers"):
                listed = self._staff(desk, f"/{kind}")
                found = re.search(rf'href="{language}/admin/({kind}/[a-z0-9]{{10,}})"', listed)
                if found is None:
                    raise Failed(f"the back office lists no {kind}")
                self._staff(desk, f"/{found[1]}")
            self._staff(desk, "/")

    def _order(self, token: str) -> int:
        with self.store.read() as uow:
            return uow.db.scalars(select(Order.id).where(Order.token == token)).one()

    def _open(self, shopper: Shopper, order: Page) -> Page:
        return self._good(shopper.get(f"/orders/{token_of(order)}"))

    @staticmethod
    def _good(page: Page) -> Page:
        if page.status != 200:
            raise Failed(f"{page.url} answered {page.status}: {page.text[-2000:]}")
        return page

    @staticmethod
    def _staff(desk: Desk, path: str) -> str:
        answer = desk.get(path)
        if answer.status_code != 200:
            raise Failed(f"/admin{path} answered {answer.status_code}")
        return answer.text
