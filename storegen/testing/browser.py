"""A visitor without scripts who talks to the app directly: keeps cookies, follows redirects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from storegen.models import Message
from storegen.store import Store
from storegen.testing.goods import Goods
from storegen.testing.html import Form, Page
from storegen.testing.sandbox import Gateway

BASE = "http://shop.test"
SAME_SITE = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
ADDRESS = {
    "phone": "13800138000",
    "name": "王小明",
    "division_0": "310000",
    "division_1": "310101",
    "line1": "南京东路 1 号",
}


class Shopper:
    """One browser. ``app`` may be a function that answers the shop's app of the moment; ``network``
    is the address that limits count by; at the ``gateway`` orders can be paid."""

    def __init__(
        self,
        app: Flask | Callable[[], Flask],
        store: Store,
        network: str = "192.0.2.7",
        gateway: Gateway | None = None,
    ) -> None:
        self.store, self.network, self.gateway = store, network, gateway
        self._given = app

    def _app(self) -> Flask:
        return self._given if isinstance(self._given, Flask) else self._given()

    @cached_property
    def _client(self) -> FlaskClient:
        return self._app().test_client()

    @property
    def client(self) -> FlaskClient:
        """Keeps its cookies when the shop is started anew with another plugin."""
        self._client.application = self._app()
        return self._client

    def get(self, path: str, *, follow: bool = True) -> Page:
        return self._open("GET", path, follow=follow)

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        follow: bool = True,
    ) -> Page:
        sent = SAME_SITE if headers is None else headers
        return self._open("POST", path, data=data or {}, headers=sent, follow=follow)

    def submit(self, form: Form, *, follow: Any = True, **values: Any) -> Page:
        return self.post(form.action, form.submitted(**values), follow=follow)

    def _open(self, method: str, path: str, *, follow: bool, **more: Any) -> Page:
        url = urljoin(BASE, path)
        for _ in range(6):
            answer = self.client.open(
                url.removeprefix(BASE) or "/",
                method=method,
                base_url=BASE,
                environ_base={"REMOTE_ADDR": self.network},
                **more,
            )
            page = Page(url, answer.status_code, httpx.Headers(list(answer.headers)), answer.data)
            answer.close()
            where = answer.headers.get("Location", "")
            if not follow or page.status not in (301, 302, 303, 307, 308):
                return page
            url, method, more = urljoin(url, where), "GET", {}
            assert urlsplit(url).netloc == urlsplit(BASE).netloc, f"led away to {url}"
        raise AssertionError("redirects without end")

    # -- what people do ---------------------------------------------------------------------

    def browse(self, goods: Goods) -> Page:
        """The product's page."""
        return self.get(f"/products/{goods.handle}")

    def add(self, variant: str | Goods, quantity: object = 1) -> Page:
        wanted = variant.variant if isinstance(variant, Goods) else variant
        return self.post("/cart/lines", {"variant": wanted, "quantity": str(quantity)})

    def checkout_form(self, **values: Any) -> Form:
        """The checkout filled in so far that its total includes delivery."""
        page = self.get("/checkout")
        page = self.submit(page.form(action="checkout"), **{**ADDRESS, **values, "step": "method"})
        return page.form(action="checkout")

    def order(self, payment: str = "scripted", **values: Any) -> Page:
        """Place the order of what is in the cart; the page that follows."""
        return self.submit(self.checkout_form(), payment=payment, **values)

    def pay(self, order: Page) -> Page:
        """Pay the order of this page at the sandbox and come back; the order's page."""
        if self.gateway is None:
            raise LookupError("this shop has no sandbox")
        token = token_of(order)
        self.gateway.take_money(self.store, token)
        return self.get(f"/orders/{token}/paid")

    def buy(self, *goods: Goods) -> Page:
        """Put one of each into the cart, check out, pay: the page of the paid order."""
        for one in goods:
            self.add(one)
        return self.pay(self.order("sandbox"))

    def code(self, recipient: str) -> str:
        """The newest code, read where the person would."""
        with self.store.read() as uow:
            data = uow.db.scalars(
                select(Message.data)
                .where(Message.recipient == recipient)
                .order_by(Message.id.desc())
                .limit(1)
            ).one()
        return str(data["code"])

    def sign_in(self, email: str = "lin@example.com", next: str = "") -> Page:
        page = self.get("/account/sign-in" + (f"?next={next}" if next else ""))
        page = self.submit(page.form(action="sign-in/code"), contact=email)
        return self.submit(page.form(action="verify"), code=self.code(email))


def token_of(page: Page) -> str:
    """The order's token in a page's address."""
    return urlsplit(page.url).path.split("/orders/")[1].split("/")[0]


def csrf_of(page: Page) -> str:
    """The token that the page's forms carry."""
    for form in page.forms():
        for control in form.controls:
            if control.name == "csrf" and control.value:
                return control.value
    raise LookupError(f"{page.url}: no form with a token")
