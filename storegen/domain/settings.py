"""The owner's settings, in typed groups, each one row of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from sqlalchemy import select

from storegen import owner_settings
from storegen.domain.upsert import upsert
from storegen.errors import Invalid
from storegen.models import Setting
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

SHELL = "shell"
"""The tag of everything that every page shows: brand, menus, settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """How the shop looks and speaks. ``names`` and the like: locale → text."""

    names: Mapping[str, str] = field(default_factory=dict)
    taglines: Mapping[str, str] = field(default_factory=dict)
    colour: str = "#2f5d50"
    accent: str = "#c8743a"
    logo: str = ""
    icons: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """What law wants to see on every page before the shop may open."""

    company: str = ""
    licence_number: str = ""
    icp_number: str = ""
    icp_domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """Rates in basis points; ``classes``: a variant's tax code → its rate."""

    prices_include_tax: bool = True
    default_bp: int = 0
    shipping_bp: int = 0
    classes: Mapping[str, int] = field(default_factory=dict)

    def rate(self, *, taxable: bool, code: str) -> int:
        return self.classes.get(code, self.default_bp) if taxable else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """The promises and deadlines of an order."""

    open: bool = True
    guests: bool = True
    payment_minutes: int = 30
    transfer_hours: int = 72
    ship_within_hours: int = 48
    auto_receive_days: int = 10
    complete_after_days: int = 7
    return_days: int = 7
    few_left: int = 5
    struck_price: str = "declared"  # or seven_days, never: `domain.catalog.struck`


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """All groups together. ``words``: locale → a word of the catalog (tag, type, option) → how it
    is said there; texts of single products are in `Translation`."""

    brand: Brand = field(default_factory=Brand)
    legal: Legal = field(default_factory=Legal)
    tax: Tax = field(default_factory=Tax)
    checkout: Checkout = field(default_factory=Checkout)
    theme: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


GROUPS: Mapping[str, type] = {"brand": Brand, "legal": Legal, "tax": Tax, "checkout": Checkout}
FREE = ("theme", "words")
"""Groups without fixed fields."""
T = TypeVar("T")


def load(uow: UnitOfWork) -> Shop:
    """The present settings; shared by requests until some process changes them."""
    return uow.cached("settings", (SHELL,), lambda: _read(uow))


def save(uow: UnitOfWork, actor: Actor, group: str, values: Mapping[str, Any]) -> None:
    """Change some values of a group (`GROUPS` or `FREE`).

    Raises `Invalid` for a name that the group does not have. Types and ranges are checked by the
    form or command that calls this.
    """
    from storegen.domain.audit_log import record

    values_now = getattr(_read(uow), group)
    present = dict(values_now) if group in FREE else asdict(values_now)
    if group in GROUPS:
        known = {item.name for item in fields(GROUPS[group])}
        unknown = set(values) - known
        if unknown:
            raise Invalid({name: "unknown" for name in sorted(unknown)})
    changed = {key: value for key, value in values.items() if present.get(key) != value}
    if not changed:
        return
    upsert(
        uow.db,
        Setting,
        {"key": group, "value": {**present, **values}, "updated_at": uow.now},
        keys=("key",),
    )
    record(uow, actor, "settings.save", "setting", group, changed=sorted(changed))
    uow.touch(SHELL)


def _read(uow: UnitOfWork) -> Shop:
    rows: dict[str, Any] = {
        key: value for key, value in uow.db.execute(select(Setting.key, Setting.value))
    }
    owner_settings.remember(uow, rows)
    groups: dict[str, Any] = {
        name: _group(kind, rows.get(name, {})) for name, kind in GROUPS.items()
    }
    return Shop(**groups, **{name: rows.get(name, {}) for name in FREE})


def _group(kind: type[T], values: Mapping[str, Any]) -> T:
    """Values of an older or newer release that this one does not know are left aside."""
    known = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    return kind(**{key: value for key, value in values.items() if key in known})
