"""What an activity does. Money is in minor units, percentages in basis points off the price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from storegen.sdk import Invalid

Kind = Literal[
    "amount_off", "percent_off", "gift", "timed", "flash", "bundle", "n_for_m", "shipping"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
OFFERS: tuple[Kind, ...] = ("timed", "flash")
"""Kinds that set a price; the others lower amounts."""
Scope = Literal["all", "categories", "products"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
Stacks = Literal["all", "coupons", "promotions", "nothing"]
STACKS: tuple[Stacks, ...] = get_args(Stacks)
CHANNELS = ("web", "mini_program", "official_account", "api")
"""Sales channels that an activity may be limited to."""
WHOLE = 10_000
"""100 % in basis points."""
MOST = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """From ``amount`` (or ``pieces``) of covered goods on: ``off`` minor units, ``percent_bp``, or
    ``quantity`` pieces of the product ``gift`` for free."""

    amount: int | None = None
    pieces: int | None = None
    off: int = 0
    percent_bp: int = 0
    gift: int | None = None
    variant: int | None = None
    """The variant of ``gift`` that is given."""
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A product with a price of its own: ``price``, or ``percent_bp`` off. In a flash sale,
    ``stock`` pieces per time slot, at most ``limit`` of them per person; in a bundle, ``quantity``
    pieces of it."""

    product: int
    price: int | None = None
    percent_bp: int | None = None
    stock: int | None = None
    limit: int | None = None
    quantity: int = 1

    def price_of(self, list_price: int) -> int:
        """What one piece costs that is ``list_price`` otherwise."""
        if self.price is not None:
            return self.price
        return reduced(list_price, self.percent_bp or 0)


def reduced(amount: int, percent_bp: int) -> int:
    """``amount`` less a percentage; half a unit rounds up."""
    return (amount * (WHOLE - percent_bp) * 2 + WHOLE) // (WHOLE * 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """``scope`` and its products say what is covered; kinds with ``items`` cover those."""

    kind: Kind
    titles: Mapping[str, str] = field(default_factory=dict)
    """Locale (``zh``, ``en``) → the name that customers see."""
    scope: Scope = "all"
    categories: tuple[int, ...] = ()
    products: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    """Sales channels; none: all."""
    group: str = ""
    """Of all activities with the same word here, the best for the customer applies."""
    stacks: Stacks = "all"
    """What it may be combined with."""
    tiers: tuple[Tier, ...] = ()
    """``amount_off``, ``percent_off``, ``gift``: the highest reached counts."""
    every: int | None = None
    """``amount_off``: each full ``every`` takes ``off``. ``n_for_m``: pieces at full price per
    group."""
    off: int = 0
    times: int | None = None
    """How often ``every`` may count; None: always."""
    get: int = 1
    """``n_for_m``: further pieces per group, at ``percent_bp`` off."""
    percent_bp: int = 0
    """``n_for_m``, and ``timed`` without items: off each covered piece."""
    cap: int | None = None
    """The most that the activity takes from one order."""
    items: tuple[Item, ...] = ()
    price: int = 0
    """``bundle``: one of each item's quantity together."""
    min_amount: int | None = None
    """``shipping``: from this amount of covered goods."""
    places: tuple[str, ...] = ()
    """``shipping``: countries (``CN``) and beginnings of division codes (``31``); none: all."""

    def title(self, locale: str) -> str:
        """The name in this language, else in whichever there is."""
        short = locale.partition("-")[0]
        return self.titles.get(short) or next((t for t in self.titles.values() if t), "")

    def covers(self, product_id: int, categories: frozenset[int]) -> bool:
        """Whether a product in these categories (and all above them) takes part."""
        if self.items:
            return any(each.product == product_id for each in self.items)
        if product_id in self.excluded:
            return False
        if self.scope == "products":
            return product_id in self.products
        if self.scope == "categories":
            return not categories.isdisjoint(self.categories)
        return True

    def item(self, product_id: int) -> Item | None:
        """The product's own price; for a timed discount over a scope, its percentage."""
        if self.items or self.kind != "timed":
            return next((each for each in self.items if each.product == product_id), None)
        return Item(product=product_id, percent_bp=self.percent_bp)

    def sells_in(self, channel: str) -> bool:
        return not self.channels or channel in self.channels

    def reaches(self, country: str, region: str) -> bool:
        """Whether a destination is among ``places``; one that is not known yet is not."""
        if not self.places:
            return True
        return any(
            place in ("*", country)
            if not place.isdigit()
            else bool(region) and region.startswith(place)
            for place in self.places
        )

    def to_json(self) -> dict[str, Any]:
        """JSON values, without what is as by default."""
        bare = Rules(kind=self.kind)
        return {
            name: _plain(value)
            for name, value in asdict(self).items()
            if name == "kind" or value != getattr(bare, name)
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Rules:
        """What `to_json` wrote; names that a later release added are left out."""
        values = _known(cls, record)
        values["tiers"] = tuple(Tier(**_known(Tier, each)) for each in values.get("tiers", ()))
        values["items"] = tuple(Item(**_known(Item, each)) for each in values.get("items", ()))
        return cls(**values)

    def problems(self) -> Iterator[tuple[str, str]]:
        """(field, reason) of everything that contradicts itself."""
        if self.kind not in KINDS:
            yield "kind", "unknown"
        if not any(text.strip() for text in self.titles.values()):
            yield "titles", "required"
        if self.scope not in SCOPES:
            yield "scope", "unknown"
        if self.stacks not in STACKS:
            yield "stacks", "unknown"
        if not set(self.channels) <= set(CHANNELS):
            yield "channels", "unknown"
        if self.scope == "categories" and not self.categories:
            yield "categories", "required"
        if self.scope == "products" and not self.products and not self.items:
            yield "products", "required"
        if self.cap is not None and not 1 <= self.cap <= MOST:
            yield "cap", "out-of-range"
        yield from _OF_KIND[self.kind](self)

    def check(self) -> None:
        """Raise `Invalid` with a reason per field."""
        problems = dict(self.problems())
        if problems:
            raise Invalid(problems)


def _amount_off(rules: Rules) -> Iterator[tuple[str, str]]:
    if rules.every is not None:
        if not 1 <= rules.every <= MOST:
            yield "every", "out-of-range"
        if not 1 <= rules.off <= rules.every:
            yield "off", "out-of-range"
        if rules.times is not None and rules.times < 1:
            yield "times", "out-of-range"
    elif not rules.tiers:
        yield "tiers", "required"
    for tier in rules.tiers:
        if (tier.amount is None) == (tier.pieces is None):
            yield "tiers", "amount-or-pieces"
        elif not 1 <= tier.off <= (MOST if tier.amount is None else tier.amount):
            yield "tiers", "out-of-range"
    yield from _rising(rules)


def _percent_off(rules: Rules) -> Iterator[tuple[str, str]]:
    if not rules.tiers:
        yield "tiers", "required"
    for tier in rules.tiers:
        if (tier.amount is None) == (tier.pieces is None):
            yield "tiers", "amount-or-pieces"
        elif not 1 <= tier.percent_bp <= WHOLE:
            yield "tiers", "out-of-range"
    yield from _rising(rules)


def _gift(rules: Rules) -> Iterator[tuple[str, str]]:
    if not rules.tiers:
        yield "tiers", "required"
    for tier in rules.tiers:
        if (tier.amount is None) == (tier.pieces is None):
            yield "tiers", "amount-or-pieces"
        elif tier.variant is None or not 1 <= tier.quantity <= 100:
            yield "tiers", "out-of-range"
    yield from _rising(rules)


def _rising(rules: Rules) -> Iterator[tuple[str, str]]:
    """A tier that asks for more gives more, and all of them count the same thing."""
    found = [(tier.amount, tier.pieces, tier.off or tier.percent_bp) for tier in rules.tiers]
    counted = {amount is None for amount, _, _ in found}
    if len(counted) > 1:
        yield "tiers", "amount-or-pieces"
        return
    asked = [(amount or 0) + (pieces or 0) for amount, pieces, _ in found]
    gains = [gain for *_, gain in found]
    rising = asked == sorted(set(asked)) and all(1 <= each <= MOST for each in asked)
    if not rising or (rules.kind != "gift" and gains != sorted(set(gains))):
        yield "tiers", "order"


def _timed(rules: Rules) -> Iterator[tuple[str, str]]:
    if not rules.items and not 1 <= rules.percent_bp <= WHOLE:
        yield "percent_bp", "out-of-range"
    yield from _priced(rules)


def _flash(rules: Rules) -> Iterator[tuple[str, str]]:
    if not rules.items:
        yield "items", "required"
    yield from _priced(rules)
    for item in rules.items:
        if item.stock is None or not 1 <= item.stock <= 10**9:
            yield "items", "stock"
        if item.limit is not None and not 1 <= item.limit <= 10**6:
            yield "items", "out-of-range"


def _priced(rules: Rules) -> Iterator[tuple[str, str]]:
    products = [each.product for each in rules.items]
    if len(products) != len(set(products)):
        yield "items", "twice"
    for item in rules.items:
        if (item.price is None) == (item.percent_bp is None):
            yield "items", "price-or-percent"
        elif not 0 <= (item.price or 0) <= MOST or not 1 <= (item.percent_bp or 1) <= WHOLE:
            yield "items", "out-of-range"


def _bundle(rules: Rules) -> Iterator[tuple[str, str]]:
    products = [each.product for each in rules.items]
    if len(products) != len(set(products)):
        yield "items", "twice"
    if sum(each.quantity for each in rules.items) < 2 or any(
        not 1 <= each.quantity <= 100 for each in rules.items
    ):
        yield "items", "too-few"
    if not 1 <= rules.price <= MOST:
        yield "price", "out-of-range"


def _n_for_m(rules: Rules) -> Iterator[tuple[str, str]]:
    if rules.every is None or not 1 <= rules.every <= 1000:
        yield "every", "out-of-range"
    if not 1 <= rules.get <= 1000:
        yield "get", "out-of-range"
    if not 1 <= rules.percent_bp <= WHOLE:
        yield "percent_bp", "out-of-range"


def _shipping(rules: Rules) -> Iterator[tuple[str, str]]:
    if rules.min_amount is not None and not 0 <= rules.min_amount <= MOST:
        yield "min_amount", "out-of-range"


_OF_KIND = {
    "amount_off": _amount_off,
    "percent_off": _percent_off,
    "gift": _gift,
    "timed": _timed,
    "flash": _flash,
    "bundle": _bundle,
    "n_for_m": _n_for_m,
    "shipping": _shipping,
}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _known(cls: type[Any], record: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(cls)}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in record.items()
        if name in names
    }
