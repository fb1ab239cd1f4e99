"""Why a shop cannot open to the public yet: a list with what to do, instead of a broken shop."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, literal, select, union_all

from storegen.domain.payments.play_money import providers_in_use
from storegen.domain.settings import SHELL, Shop
from storegen.models import Product, ShippingMethod, StaticPage
from storegen.uow import UnitOfWork

REQUIRED_PAGES = ("privacy", "terms", "returns")
DRAFT = "【"
"""Opens a place in a draft that only the owner can fill; such a page does not count as written."""


_EXAMPLES = (DRAFT, "示例", "DEMO")


def _filled(text: str) -> bool:
    """Whether an owner wrote this. A shop must not open with an example's licence number."""
    return bool(text.strip()) and not any(mark in text for mark in _EXAMPLES)


def reasons_closed(uow: UnitOfWork, shop: Shop) -> list[str]:
    """Codes of what keeps the shop from taking orders, most urgent first; empty when it may.

    A demo shop opens without legal texts, since no stranger buys in it.
    """
    if not shop.checkout.open:
        return ["closed-by-owner"]
    if uow.store.config.mode == "demo":
        return []
    return [reason for reason in missing(uow, shop) if reason in _BLOCKING]


def missing(uow: UnitOfWork, shop: Shop) -> list[str]:
    """Everything that is not in order yet, whether it blocks or not."""
    facts = uow.cached("opening", (SHELL, "listing"), lambda: _facts(uow))
    reasons = []
    if not shop.checkout.open:
        reasons.append("closed-by-owner")
    if not _filled(shop.legal.company):
        reasons.append("no-company")
    if uow.store.config.country == "CN":
        if not _filled(shop.legal.licence_number):
            reasons.append("no-licence")
        if not _filled(shop.legal.icp_number):
            reasons.append("no-icp")
    reasons += [f"no-page-{kind}" for kind in REQUIRED_PAGES if kind not in facts["pages"]]
    if not shop.brand.email and not shop.brand.phone:
        reasons.append("no-contact")
    if not facts["products"]:
        reasons.append("no-products")
    if not facts["methods"]:
        reasons.append("no-delivery")
    if not providers_in_use(uow.store):
        reasons.append("no-payment")
    if "pay_sandbox" in uow.store.config.plugins:
        reasons.append("sandbox-payment")
    if not uow.store.config.base_url:
        reasons.append("no-address")
    return reasons


_BLOCKING = {
    "no-company",
    "no-licence",
    "no-icp",
    "no-contact",
    "sandbox-payment",
    *(f"no-page-{kind}" for kind in REQUIRED_PAGES),
}


def _facts(uow: UnitOfWork) -> dict[str, Any]:
    """In one statement, since pages of a live shop ask: which pages are finished, and whether
    there is a product and a way of delivery at all."""
    pages = select(StaticPage.kind).where(
        StaticPage.published.is_(True),
        StaticPage.body != "",
        StaticPage.body.not_like(f"%{DRAFT}%"),
    )
    products = select(literal("@products")).where(
        exists(select(1).where(Product.status == "active"))
    )
    methods = select(literal("@methods")).where(
        exists(select(1).where(ShippingMethod.active.is_(True)))
    )
    found = set(uow.db.scalars(union_all(pages, products, methods)))
    return {
        "pages": found - {"@products", "@methods"},
        "products": "@products" in found,
        "methods": "@methods" in found,
    }
