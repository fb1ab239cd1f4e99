"""Pieces of pages: checked at the boot, and those that arrive in the fragment request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from storegen.errors import PluginProblem
from storegen.models import Product, Variant
from storegen.plugins import Plugin
from storegen.plugins.discovery import did_you_mean
from storegen.values.slots import SLOTS
from storegen.web.context import Context
from storegen.web.plugins import slots
from storegen.web.plugins.slots import Filled

MOST = 100
"""Personal pieces that one page may ask for."""
_ASKED = re.compile(r"([a-z][a-z0-9_]{0,39}\.[0-9]{1,3})~([a-z0-9_]{0,40})", re.ASCII)


def check(plugin: Plugin) -> None:
    """Raises `PluginProblem` for a slot that is none, a template that is not there."""
    name = plugin.manifest.name
    for piece in plugin.manifest.slots:
        if piece.slot not in SLOTS:
            raise PluginProblem(
                f"Plugin `{name}` fills a slot `{piece.slot}`, which storegen does not have.",
                f"{did_you_mean(piece.slot, SLOTS)}See docs/reference/slots.md.",
            )
        if piece.personal and SLOTS[piece.slot].public and not SLOTS[piece.slot].anchor:
            raise PluginProblem(
                f"Plugin `{name}`: nothing personal can come into the slot `{piece.slot}`.",
                "Take `personal` away, or another slot.",
            )
        folder = plugin.folder
        if folder is None or not (folder / "templates" / name / piece.template).is_file():
            raise PluginProblem(
                f"Plugin `{name}`: the template `{piece.template}` of its piece in `{piece.slot}` "
                f"is not in templates/{name}/.",
                "Put it there, beside the plugin's manifest.",
            )


def personal(context: Context, asked: Iterable[str]) -> dict[str, str]:
    """What was asked for (``plugin.number~of``) → HTML. What does not exist is left out."""
    wanted = _wanted(context, asked)
    session = context.session
    if not wanted or session is None:
        return {}
    actor = context.actor
    who: dict[str, Any] = {
        "csrf": session.csrf,
        "customer_id": actor.customer_id,
        "session_id": actor.session_id,
    }
    products = _products(context, {of for filled, of, _key in wanted if _by_product(filled)})
    found: dict[str, Markup] = {}
    cards: dict[str, tuple[Filled, dict[int, str]]] = {}
    for filled, of, key in wanted:
        if not _by_product(filled):
            found[key] = slots.drawn(context, filled, {"page": of}, **who)
        elif of in products:
            product_id, variant_ids = products[of]
            if SLOTS[filled.piece.slot].each:
                cards.setdefault(filled.key, (filled, {}))[1][product_id] = key
            else:
                args = {"product_id": product_id, "variant_ids": variant_ids}
                found[key] = slots.drawn(context, filled, args, **who)
    for filled, keys in cards.values():
        made = slots.on_cards(context, filled, {"product_ids": list(keys)}, **who)
        found.update({keys[product_id]: html for product_id, html in made.items()})
    return {key: str(html) for key, html in found.items()}


def _wanted(context: Context, asked: Iterable[str]) -> list[tuple[Filled, str, str]]:
    there = {
        filled.key: filled
        for name, pieces in slots.table(context.store).items()
        if SLOTS[name].public
        for filled in pieces
        if filled.piece.personal
    }
    found = []
    for key in list(dict.fromkeys(asked))[:MOST]:
        match = _ASKED.fullmatch(key)
        if match is not None and match[1] in there:
            found.append((there[match[1]], match[2], key))
    return found


def _by_product(filled: Filled) -> bool:
    return SLOTS[filled.piece.slot].anchor == "product"


def _products(context: Context, public_ids: set[str]) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Public id → internal id and those of its variants, of products that are for sale."""
    if not public_ids:
        return {}
    found: dict[str, tuple[int, tuple[int, ...]]] = {}
    for public_id, product_id, variant_id in context.db.db.execute(
        select(Product.public_id, Product.id, Variant.id)
        .outerjoin(Variant, (Variant.product_id == Product.id) & Variant.active.is_(True))
        .where(Product.public_id.in_(public_ids), Product.status == "active")
        .order_by(Variant.position, Variant.id)
    ):
        _, before = found.get(public_id, (product_id, ()))
        more = () if variant_id is None else (variant_id,)
        found[public_id] = (product_id, (*before, *more))
    return found
