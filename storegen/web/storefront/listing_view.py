"""A list's address read and written: filters, sorting, pages. Whatever it holds, it means
something or is left aside; nobody gets an error for a link that was cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from flask import request

from storegen.domain.catalog.listing import DEEPEST, SORTS, Listing, ListingQuery, Sort
from storegen.errors import StoreError
from storegen.values.money import parse_decimal, to_decimal
from storegen.web.context import Context, gettext

BETWEEN = "~"
"""Between a filter's name and its value: ``f=tag~green``."""
MOST_FILTERS = 20
_MOST_AMOUNT = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingView:
    """What a reader asked for. ``path`` is the list's own address, with the language."""

    path: str
    currency: str
    q: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min: int | None = None
    price_max: int | None = None
    in_stock: bool = False
    sort: Sort = "best"
    default_sort: Sort = "best"
    page: int = 1
    after: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether it shows less than the whole list, or in another order."""
        return bool(
            self.facets
            or self.in_stock
            or self.sort != self.default_sort
            or (self.price_min, self.price_max) != (None, None)
        )

    @property
    def filters(self) -> int:
        prices = (self.price_min, self.price_max) != (None, None)
        return sum(len(each) for each in self.facets.values()) + self.in_stock + prices

    def chosen(self, name: str, value: str) -> bool:
        return value in self.facets.get(name, ())

    @property
    def min_text(self) -> str:
        return "" if self.price_min is None else _short(self.price_min, self.currency)

    @property
    def max_text(self) -> str:
        return "" if self.price_max is None else _short(self.price_max, self.currency)

    def query(self, **more: Any) -> str:
        """The query string of this view, in one fixed order, defaults left out."""
        pairs: list[tuple[str, str]] = []
        if self.q:
            pairs.append(("q", self.q))
        pairs += [
            ("f", f"{name}{BETWEEN}{value}")
            for name, values in sorted(self.facets.items())
            for value in values
        ]
        pairs += [
            (name, text) for name, text in (("min", self.min_text), ("max", self.max_text)) if text
        ]
        if self.in_stock:
            pairs.append(("stock", "1"))
        if self.sort != self.default_sort:
            pairs.append(("sort", self.sort))
        pairs += [(name, str(value)) for name, value in more.items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""

    def address(self, **more: Any) -> str:
        return self.path + self.query(**more)

    def without(self, name: str, value: str = "") -> str:
        """The address of the same list with one filter less."""
        if name == "price":
            return replace(self, price_min=None, price_max=None).address()
        if name == "stock":
            return replace(self, in_stock=False).address()
        left = {
            key: tuple(one for one in values if (key, one) != (name, value))
            for key, values in self.facets.items()
        }
        return replace(self, facets={key: each for key, each in left.items() if each}).address()

    @property
    def bare(self) -> str:
        """The list without any filter; the words and the order stay."""
        return replace(self, facets={}, price_min=None, price_max=None, in_stock=False).address()

    @property
    def sorts(self) -> list[tuple[Sort, str]]:
        names: dict[Sort, str] = {
            "relevance": gettext("Best match"),
            "best": gettext("Most bought"),
            "new": gettext("Newest first"),
            "price": gettext("Price, low to high"),
            "price-desc": gettext("Price, high to low"),
        }
        return [(key, name) for key, name in names.items() if key != "relevance" or self.q]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOf:
    """Where in a list a page stands. ``beyond``: there is no such page."""

    number: int
    pages: int
    canonical: str
    previous: str | None
    next: str | None
    numbers: tuple[tuple[int, str], ...]
    beyond: bool

    def titled(self, title: str) -> str:
        """A title that no other page of the list has."""
        if self.number == 1:
            return title
        return gettext("%(title)s, page %(number)s", title=title, number=self.number)


def of_request(context: Context, path: str) -> ListingView:
    args = request.args
    currency = context.store.config.currency
    q = " ".join(args.get("q", "").split())[:100] if path == "/search" else ""
    default: Sort = "relevance" if q else "best"
    sort = next((each for each in SORTS if each == args.get("sort")), default)
    facets: dict[str, list[str]] = {}
    for text in args.getlist("f")[:MOST_FILTERS]:
        name, between, value = text.partition(BETWEEN)
        if between and name and value and len(name) <= 80 and len(value) <= 255:
            facets.setdefault(name, []).append(value)
    return ListingView(
        path=context.urls.prefix + path,
        currency=currency,
        q=q,
        facets={name: tuple(dict.fromkeys(values)) for name, values in sorted(facets.items())},
        price_min=_amount(args.get("min", ""), currency),
        price_max=_amount(args.get("max", ""), currency),
        in_stock=args.get("stock") == "1",
        sort=default if sort == "relevance" and not q else sort,
        default_sort=default,
        page=_page(args.get("page", "")),
        after=args.get("after", "")[:40],
    )


def query_of(
    view: ListingView, *, category_id: int | None = None, search: str | None = None
) -> ListingQuery:
    page = view.page
    if page > DEEPEST and not view.after:
        page = DEEPEST + 1
    return ListingQuery(
        category_id=category_id,
        search=search,
        facets=view.facets,
        price_min=view.price_min,
        price_max=view.price_max,
        in_stock=view.in_stock,
        sort=view.sort,
        page=page,
        after=view.after if page > DEEPEST else "",
    )


def page_of(view: ListingView, found: Listing, path: str) -> PageOf:
    size = ListingQuery().size
    pages = max(1, -(-found.total // size))
    number = view.page
    following = None
    if found.cursor:
        deep = {"after": found.cursor} if number >= DEEPEST and view.sort != "relevance" else {}
        if number < DEEPEST or deep:
            following = view.address(page=number + 1, **deep)
    counted = min(pages, DEEPEST)
    near = sorted({1, counted, *range(max(1, number - 2), min(counted, number + 2) + 1)})
    canonical = replace(view, path=path).address(page=number if number > 1 else "")
    return PageOf(
        number=number,
        pages=pages,
        canonical=canonical,
        previous=view.address(page=number - 1 if number > 2 else "") if number > 1 else None,
        next=following,
        numbers=tuple((each, view.address(page=each if each > 1 else "")) for each in near),
        beyond=number > 1 and not found.cards,
    )


def _page(text: str) -> int:
    """1 for what is no number of a page."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1


def _amount(text: str, currency: str) -> int | None:
    try:
        amount = parse_decimal(text.strip(), currency) if text.strip() else None
    except StoreError:
        return None
    return amount if amount is not None and 0 <= amount <= _MOST_AMOUNT else None


def _short(amount: int, currency: str) -> str:
    """``19.9`` and ``20``: what people type."""
    text = to_decimal(amount, currency)
    return text.rstrip("0").rstrip(".") if "." in text else text
