"""``slot("product.price", product=product)`` in a template: the pieces that plugins have there.

A slot that nobody fills costs a look into a dictionary. What goes wrong in a piece costs that piece
only; a page that lacks one is kept for a few seconds only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from flask import g
from markupsafe import Markup

from storegen.plugins import Plugin
from storegen.store import Store
from storegen.values.plugin import SlotPiece, SlotView
from storegen.values.slots import SLOTS
from storegen.web.context import Context, current
from storegen.web.plugins import marks, templates
from storegen.web.plugins.listed import plugins_of

SLOW = 1.0
"""Seconds; a piece that takes longer counts as a fault, so that the breaker leaves it out."""
_NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class Filled:
    """A piece at its place. ``key`` names it in fragment requests: plugin and number."""

    key: str
    plugin: Plugin
    piece: SlotPiece


def slot(name: str, **args: Any) -> Markup:
    """The HTML of all pieces in this slot. Raises `LookupError` for a slot that is none."""
    context = current()
    found = table(context.store).get(name)
    if found is None:
        if name not in SLOTS:
            raise LookupError(f"no such slot: {name}")
        return _NOTHING
    known = SLOTS[name]
    made = []
    for filled in found:
        if known.public and filled.piece.personal:
            made.append(_place(filled, known.anchor, args))
        elif known.each:
            made.append(_on_card(context, filled, args["product"]))
        else:
            made.append(_drawn(context, filled, _completed(known.anchor, args)))
    return Markup().join(made)


def cards(products: Sequence[Any]) -> str:
    """The products of a list that is about to be shown: pieces on cards load all of them at once.
    Put it before the first card; it shows nothing."""
    if "listing.card" in table(current().store):
        g.setdefault("slot_cards", {}).update({each.id: each for each in products})
    return ""


def table(store: Store) -> Mapping[str, tuple[Filled, ...]]:
    """Slot → pieces in their order, of the plugins that this store uses."""
    plugins = plugins_of(store)
    hit = store.cache.get("web.slots")
    if hit is None or hit[1][0] is not plugins:
        hit = ((), (plugins, _table(plugins.values())))
        store.cache["web.slots"] = hit
    found: Mapping[str, tuple[Filled, ...]] = hit[1][1]
    return found


def _table(plugins: Any) -> dict[str, tuple[Filled, ...]]:
    found: dict[str, list[Filled]] = {}
    for plugin in plugins:
        for number, piece in enumerate(plugin.manifest.slots):
            key = f"{plugin.manifest.name}.{number}"
            found.setdefault(piece.slot, []).append(Filled(key, plugin, piece))
    return {
        name: tuple(sorted(pieces, key=lambda each: each.piece.order))
        for name, pieces in found.items()
    }


def _completed(anchor: str, args: dict[str, Any]) -> dict[str, Any]:
    if anchor == "product":
        product = args["product"]
        variants = tuple(each.id for each in product.variants)
        return {**args, "product_id": product.id, "variant_ids": variants}
    if args.get("cart") is not None:
        return {**args, "cart": args["cart"].view()}
    if "order" in args:
        return {**args, "order_id": args["order"].order_id}
    return args


def _place(filled: Filled, anchor: str, args: Mapping[str, Any]) -> Markup:
    """Where a personal piece will stand; scripts ask for it if the visitor has a session."""
    of = args["product"].public_id if anchor == "product" else str(args.get("page", ""))
    return Markup('<div data-slot="{}~{}" data-piece hidden></div>').format(filled.key, of)


def _drawn(context: Context, filled: Filled, args: Mapping[str, Any]) -> Markup:
    piece, name = filled.piece, filled.piece.slot
    public = SLOTS[name].public
    who: dict[str, Any] = {}
    csrf = ""
    if name.startswith("admin."):
        if piece.permission and not context.staff_actor.may(piece.permission):
            return _NOTHING
        csrf = context.staff.csrf if context.staff else ""
    elif not public and context.session is not None:
        csrf = context.session.csrf
        who = {"customer_id": context.actor.customer_id, "session_id": context.actor.session_id}
    if public:
        marks.depends_on(piece.tags)
    return drawn(context, filled, args, csrf=csrf, **who)


def drawn(
    context: Context,
    filled: Filled,
    args: Mapping[str, Any],
    *,
    csrf: str,
    customer_id: int | None = None,
    session_id: int | None = None,
) -> Markup:
    """One piece; nothing where it has nothing to say, or fails."""

    def work() -> Markup:
        values = load(context, filled, args, customer_id, session_id)
        return _NOTHING if values is None else _rendered(context, filled, values, csrf)

    return contained(context, filled, work) or _NOTHING


def load(
    context: Context,
    filled: Filled,
    args: Mapping[str, Any],
    customer_id: int | None,
    session_id: int | None,
) -> Mapping[Any, Any] | None:
    """What the plugin says about this place."""
    return filled.piece.load(
        SlotView(
            slot=filled.piece.slot,
            args=args,
            uow=context.db,
            setup=filled.plugin.setup,
            locale=context.locale,
            customer_id=customer_id,
            session_id=session_id,
        )
    )


def contained(context: Context, filled: Filled, work: Callable[[], Any]) -> Any:
    """The outcome of ``work``, or None: a fault, a slow piece, an open breaker."""
    host = context.store.plugins
    name, what = filled.plugin.manifest.name, f"slot {filled.piece.slot}"
    started = perf_counter()
    made = host.contained(name, what, work, uow=context.db)
    took = perf_counter() - started
    if took > SLOW:
        host.breaker.fault(name, what, f"took {took:.2f} s")
    if made is None:
        marks.incomplete()
    return made


def _rendered(context: Context, filled: Filled, values: Mapping[str, Any], csrf: str) -> Markup:
    marks.ends(values.get("expires"), context.db.now)
    theme = context.store.config.theme
    html = templates.render(theme, filled.plugin, filled.piece.template, {"csrf": csrf, **values})
    return html if html.strip() else _NOTHING


def _on_card(context: Context, filled: Filled, product: Any) -> Markup:
    """The first card of a list loads for all of them."""
    made: dict[int, Markup] = g.setdefault("slot_made", {}).setdefault(filled.key, {})
    if product.id not in made:
        marks.depends_on(filled.piece.tags)
        listed = {**g.get("slot_cards", {}), product.id: product}
        new = [each for key, each in listed.items() if key not in made]
        args = {"products": new, "product_ids": [each.id for each in new]}
        made.update(on_cards(context, filled, args, csrf=""))
    return made[product.id]


def on_cards(
    context: Context,
    filled: Filled,
    args: Mapping[str, Any],
    *,
    csrf: str,
    customer_id: int | None = None,
    session_id: int | None = None,
) -> dict[int, Markup]:
    """Product id → HTML, for every id in ``args``."""

    def work() -> dict[int, Markup]:
        values = load(context, filled, args, customer_id, session_id) or {}
        return {
            key: _rendered(context, filled, values[key], csrf)
            for key in args["product_ids"]
            if key in values
        }

    nothing = dict.fromkeys(args["product_ids"], _NOTHING)
    return {**nothing, **(contained(context, filled, work) or {})}
