"""Addresses of the shop's pages, put together without Flask's router: a listing has hundreds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from storegen.store import Store
from storegen.web import binding


@dataclass(frozen=True, slots=True)
class Urls:
    """``prefix`` is the language's (``/en`` or empty); paths begin with it, addresses with ``base``
    (scheme and host), for what leaves the shop: canonical links, mail, QR codes."""

    prefix: str
    base: str

    def home(self) -> str:
        return f"{self.prefix}/"

    def product(self, handle: str) -> str:
        return f"{self.prefix}/products/{quote(handle)}"

    def category(self, slug: str) -> str:
        return f"{self.prefix}/collections/{quote(slug)}"

    def all_products(self) -> str:
        return f"{self.prefix}/collections/all"

    def search(self, query: str = "") -> str:
        return f"{self.prefix}/search" + (f"?{urlencode({'q': query})}" if query else "")

    def page(self, slug: str) -> str:
        return f"{self.prefix}/pages/{quote(slug)}"

    def cart(self) -> str:
        return f"{self.prefix}/cart"

    def checkout(self) -> str:
        return f"{self.prefix}/checkout"

    def order(self, token: str) -> str:
        return f"{self.prefix}/orders/{token}"

    def account(self, part: str = "") -> str:
        return f"{self.prefix}/account" + (f"/{part}" if part else "")

    def to(self, link: str) -> str:
        """A link that an owner wrote: a path of the shop gets the language's prefix."""
        if not link.startswith("/") or link.startswith(("/assets/", "/media/")):
            return link
        return self.prefix + link

    def absolute(self, path: str) -> str:
        return f"{self.base}{path}"


def urls(store: Store, locale: str, host_url: str = "") -> Urls:
    """``host_url`` is the request's own (checked) address, used while the store knows no public
    one."""
    return Urls(binding.prefix(store, locale), store.config.base_url or host_url.rstrip("/"))


def with_query(path: str, values: Mapping[str, object]) -> str:
    """``path`` with those values that are not empty."""
    pairs = [(key, str(value)) for key, value in values.items() if value not in ("", None)]
    return f"{path}?{urlencode(pairs)}" if pairs else path
