"""Every kind of storefront page, in each language, in the states that a customer meets.

Public pages come from sitemap.xml; the personal ones by walking the shop as a visitor without
scripts: fill a cart, check out, open the order, sign up, look at addresses and orders.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from string import ascii_lowercase
from urllib.parse import urlsplit

from defusedxml import ElementTree

from tests.judges.visitor import Control, Form, Page, Visitor

LANGUAGES = {"zh-Hans": "", "en": "/en"}

# What a customer types, by the control's autocomplete token, else by its type.
ANSWERS = {
    "name": "王小明",
    "tel": "13800138000",
    "email": "xiaoming@shop.example",
    "postal-code": "310000",
    "street-address": "文三路 138 号 2 单元 501",
    "address-line1": "文三路 138 号",
    "address-line2": "2 单元 501",
    "address-level1": "浙江省",
    "address-level2": "杭州市",
    "address-level3": "西湖区",
    "new-password": "correct-horse-battery-9",
    "current-password": "correct-horse-battery-9",
    "password": "correct-horse-battery-9",
}


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A page with what it is ("product", "cart, filled") and its language."""

    kind: str
    language: str
    page: Page

    @property
    def label(self) -> str:
        """An address for findings, with the state that the address alone does not show."""
        return f"{self.page.url} [{self.kind}]"


@dataclass
class Tour:
    """All pages that were met, and per language the Cookie header at the end of the walk."""

    pages: list[ShopPage] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    sitemap: Page | None = None

    def public(self) -> Iterator[ShopPage]:
        """The pages that anyone gets at their address."""
        return (found for found in self.pages if found.kind.startswith("public"))

    def sample(self, each: int = 2) -> list[ShopPage]:
        """At most ``each`` public pages of one shape (/p/…), and all personal ones."""
        seen: dict[tuple[str, str], int] = {}
        chosen = []
        for found in self.pages:
            shape = (found.kind, found.language)
            seen[shape] = seen.get(shape, 0) + 1
            if seen[shape] <= each or not found.kind.startswith("public"):
                chosen.append(found)
        return chosen


def tour(base_url: str) -> Tour:
    """Walk the whole shop; a page that the walk needs and does not find is a LookupError."""
    found = Tour()
    with Visitor(base_url) as visitor:
        found.sitemap = visitor.get("/sitemap.xml")
        addresses = list(_addresses(visitor, found.sitemap))
    for language, prefix in LANGUAGES.items():
        with Visitor(base_url) as visitor:
            walk = _Walk(found, visitor, language, prefix)
            walk.public(path for path in addresses if _prefix(path) == prefix)
            walk.purchase()
            walk.account()
            found.cookies[language] = visitor.cookie
    return found


def _addresses(visitor: Visitor, sitemap: Page) -> Iterator[str]:
    """The paths in a sitemap, through an index of sitemaps; hosts are the shop's public name."""
    root = ElementTree.fromstring(sitemap.body)
    for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc"):
        parts = urlsplit(str(element.text).strip())
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if root.tag.endswith("sitemapindex"):
            yield from _addresses(visitor, visitor.get(path))
        else:
            yield path


def _prefix(path: str) -> str:
    return next((p for p in LANGUAGES.values() if p and re.match(rf"{p}(/|$)", path)), "")


class _Walk:
    def __init__(self, found: Tour, visitor: Visitor, language: str, prefix: str) -> None:
        self.found, self.visitor = found, visitor
        self.language, self.prefix = language, prefix
        self.products: list[Page] = []

    def keep(self, kind: str, page: Page, status: int = 200) -> Page:
        if page.status != status:
            raise LookupError(f"{kind}: {page.url} answered {page.status}, not {status}")
        self.found.pages.append(ShopPage(kind, self.language, page))
        return page

    def public(self, paths: Iterable[str]) -> None:
        home = self.keep("public /", self.visitor.get(f"{self.prefix}/"))
        for path in paths:
            if path.rstrip("/") != self.prefix:
                inner = path.removeprefix(self.prefix).split("?")[0].strip("/").split("/")
                shape = "/".join([*inner[:-1], "…"]) if len(inner) > 1 else inner[0]
                page = self.keep(f"public /{shape}", self.visitor.get(path))
                if any("cart" in form.action and form.method == "post" for form in page.forms()):
                    self.products.append(page)
        if not self.products:
            raise LookupError(f"{self.prefix}/sitemap.xml names no page with a form to the cart")
        search = home.form(names=("q",), method="get")
        self.keep(
            "search, found", self.visitor.submit(search, q="茶" if not self.prefix else "tea")
        )
        self.keep("search, nothing", self.visitor.submit(search, q="zzzzqqq"))
        self.keep("not found", self.visitor.get(f"{self.prefix}/no-such-page"), 404)

    def follow(self, page: Page, part: str) -> Page:
        """Open the page's first link whose path contains ``part``."""
        for link in page.links():
            if part in urlsplit(link).path and link.startswith(self.visitor.base_url):
                return self.visitor.get(link)
        raise LookupError(f"{page.url}: no link to {part!r}")

    def purchase(self) -> None:
        home = self.visitor.get(f"{self.prefix}/")
        self.keep("cart, empty", self.follow(home, "/cart"))
        for product in self.products:
            cart = self.visitor.submit(product.form(action="cart"))
            if cart.status == 200 and any("/checkout" in link for link in cart.links()):
                break
        else:
            raise LookupError("no product could be put into the cart")
        self.keep("cart, filled", cart)
        page = self.keep("checkout", self.follow(cart, "/checkout"))
        refused = self.visitor.submit(page.form(action="checkout"))
        if "/checkout" in refused.path and refused.status in {200, 400, 422}:
            self.keep("checkout, refused", refused, refused.status)
        # Without scripts a region is chosen in steps: each answer shows the next choice.
        for _ in range(6):
            form = answered(page.form(action="checkout"))
            page = self.visitor.submit(form, **paid_by_hand(form))
            if "/checkout" not in page.path:
                break
        order = page if "/order" in page.path else self.follow(page, "/order")
        self.keep("order", order)

    def mailed_code(self, contact: str) -> str:
        """The newest code for them in the demo's mailbox, which stands in for phones and mail."""
        mailbox = self.keep("mailbox", self.visitor.get(f"{self.prefix}/mailbox"))
        _, _, theirs = mailbox.text.partition(contact)
        found = re.search(r"(?<!\d)\d{6}(?!\d)", theirs)
        if found is None:
            raise LookupError(f"{mailbox.url}: no code")
        return found[0]

    def account(self) -> None:
        home = self.visitor.get(f"{self.prefix}/")
        entrance = self.keep("sign in", self.follow(home, "/account"))
        for part in ("register", "forgot", "reset"):
            if any(part in urlsplit(link).path for link in entrance.links()):
                self.keep(part, self.follow(entrance, part))
        page = self.follow(entrance, "register")
        # Somebody new each time: a shop sends one code a minute to the same person.
        contact = "".join(secrets.choice(ascii_lowercase) for _ in range(12)) + "@shop.example"
        form = page.form(names=("password", "contact"))
        account = self.visitor.submit(answered(form), contact=contact)
        if any("code" in form.names for form in account.forms()):
            self.keep("register, code sent", account)
            form = answered(account.form(names=("password", "code")))
            account = self.visitor.submit(form, code=self.mailed_code(contact), step="")
        self.keep("account", account)
        for part in ("addresses", "orders"):
            self.keep(part, self.follow(account, part))


def answered(form: Form) -> Form:
    """The form with its empty controls filled in as a customer would."""
    for control in form.controls:
        if control.kind == "select" and not control.value:
            control.value = next(filter(None, control.choices), "")
        elif control.kind in {"text", "tel", "email", "password"} and not control.value:
            control.value = _answer(control)
    return form


def paid_by_hand(form: Form) -> dict[str, str]:
    """The choice of a payment that leads straight to the order, not through a gateway's pages."""
    return {
        control.name: control.value
        for control in form.controls
        if control.kind == "radio" and "pay" in control.name and "sandbox" not in control.value
    }


def _answer(control: Control) -> str:
    token = control.attributes.get("autocomplete", "").split(" ")[-1]
    known = ANSWERS.get(token) or ANSWERS.get(control.name) or ANSWERS.get(control.kind, "")
    return known or ("无" if control.required else "")
