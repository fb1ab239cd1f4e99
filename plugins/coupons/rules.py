"""What a coupon does. A template has rules; every issued coupon has a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from storegen.sdk import Invalid

Kind = Literal["money", "percent", "shipping", "exchange"]
Scope = Literal["all", "categories", "products"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SCOPES: tuple[Scope, ...] = get_args(Scope)
CHANNELS = ("web", "mini_program", "official_account", "api")
"""Sales channels that a coupon may be limited to."""
WHOLE = 10_000
"""100 % in basis points: every percentage of this plugin is in them."""
MOST = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Money in minor units, percentages in basis points off the price (2000 is 20 % off, 8 折).

    ``exchange`` makes one piece out of ``products`` free. Categories and products are internal
    ids. ``cap`` bounds what ``percent`` and ``shipping`` take.
    """

    kind: Kind
    amount: int = 0
    percent_bp: int = 0
    cap: int | None = None
    min_amount: int | None = None
    """The covered lines together must come to this much."""
    min_pieces: int | None = None
    """The covered lines together must have this many pieces."""
    scope: Scope = "all"
    categories: tuple[int, ...] = ()
    products: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    """Products that it never covers."""
    stackable: bool = False
    """May be used together with other coupons; of those that may not, one applies."""
    alone: bool = False
    """Not together with any other promotion."""
    new_customers: bool = False
    """Only for somebody's first order."""
    back_after_refund: bool = True
    """Given back also when the whole order's money was given back."""
    channels: tuple[str, ...] = ()
    """Sales channels; none: all."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Locale (``zh``, ``en``) → the name that customers see."""

    def title(self, locale: str) -> str:
        """The name in this language, else in whichever there is."""
        short = locale.partition("-")[0]
        return self.titles.get(short) or next((t for t in self.titles.values() if t), "")

    def to_json(self) -> dict[str, Any]:
        record = asdict(self)
        return {name: list(v) if isinstance(v, tuple) else v for name, v in record.items()}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Rules:
        """What `to_json` wrote. A name that is not known here was written by a later release and
        is left out; everything else that does not fit is a bug."""
        known = {each.name for each in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v
            for name, v in record.items()
            if name in known
        }
        return cls(**values)

    def covers(self, product_id: int, categories: frozenset[int]) -> bool:
        """Whether a product in these categories (and all above them) is in its scope."""
        if product_id in self.excluded:
            return False
        if self.kind == "exchange" or self.scope == "products":
            return product_id in self.products
        if self.scope == "categories":
            return not categories.isdisjoint(self.categories)
        return True

    def check(self) -> None:
        """Raise `Invalid` with a reason per field where the rules contradict themselves."""
        problems = dict(self._problems())
        if problems:
            raise Invalid(problems)

    def _problems(self) -> Iterator[tuple[str, str]]:
        if self.kind not in KINDS:
            yield "kind", "unknown"
        if self.scope not in SCOPES:
            yield "scope", "unknown"
        if not any(text.strip() for text in self.titles.values()):
            yield "titles", "required"
        if self.kind == "money" and not 1 <= self.amount <= MOST:
            yield "amount", "out-of-range"
        if self.kind == "percent" and not 1 <= self.percent_bp <= WHOLE:
            yield "percent_bp", "out-of-range"
        for name in ("cap", "min_amount"):
            value = getattr(self, name)
            if value is not None and not 1 <= value <= MOST:
                yield name, "out-of-range"
        if self.min_pieces is not None and not 1 <= self.min_pieces <= MOST:
            yield "min_pieces", "out-of-range"
        if self.scope == "categories" and not self.categories and self.kind != "exchange":
            yield "categories", "required"
        if (self.scope == "products" or self.kind == "exchange") and not self.products:
            yield "products", "required"
        if not set(self.channels) <= set(CHANNELS):
            yield "channels", "unknown"
