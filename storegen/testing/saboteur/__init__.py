"""A plugin that answers everything, and badly: with it at work the shop must still sell.

``mode`` is what it does: ``raise`` (exceptions, refusals, broken SQL), ``junk`` (values of wrong
types, or of the right type with impossible contents), ``slow`` (it sleeps). What may refuse a sale
by its contract (hooks of the policies ``refuse`` and ``abort``) lies in ``guards.py``, which is
only in a store that is to see them fail; with ``channels`` it takes over text messages.

It lies in a store's own ``plugins/``, so its module is that store's alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storegen.sdk import (
    Carrier,
    CartView,
    Event,
    Gift,
    Manifest,
    Offer,
    PluginJob,
    PluginSetup,
    Promotion,
    Schema,
    SlotPiece,
    SlotView,
    Surcharge,
    UnitOfWork,
    fields,
    hookimpl,
    validate,
)
from storegen.values.events import EVENTS
from storegen.values.slots import SLOTS

from .acts import Acts
from .outside import BadChannel, BadProvider

acts = Acts()


class Settings(Schema):
    """How bad it is today."""

    mode = fields.String(load_default="raise", validate=validate.OneOf(("raise", "junk", "slow")))
    channels = fields.Boolean(load_default=False)


def _settings(uow: UnitOfWork) -> Mapping[str, Any]:
    found: Mapping[str, Any] = uow.store.plugins.by_name["saboteur"].setup.settings
    return found


def _act(uow: UnitOfWork) -> Any:
    return acts.act(_settings(uow)["mode"], uow)


def _piece(view: SlotView) -> Any:
    """Junk breaks the template; every second fault is the template's too."""
    mode = view.setup.settings["mode"]
    if mode != "slow" and acts.turn() % 2:
        return {"thing": None, "product_ids": [1]}
    return acts.act(mode, view.uow)


manifest = Manifest(
    name="saboteur",
    version="1.0.0",
    title={"en": "Saboteur", "zh": "破坏者"},
    settings_schema=Settings,
    slots=(
        *(SlotPiece(slot=name, template="piece.html", load=_piece) for name in SLOTS),
        *(
            SlotPiece(slot=name, template="piece.html", load=_piece, personal=True)
            for name, slot in SLOTS.items()
            if slot.public and slot.anchor
        ),
    ),
    events=tuple(EVENTS),
    jobs=(PluginJob(name="spoil", every=1, work=_act),),
    pages=(".web:pages",),
    api=(".web:api",),
    webhooks=(".web:hooks",),
)


# -- at start: a defect here stops the boot by contract, so it brings things that fail later ------


@hookimpl
def payment_methods(setup: PluginSetup) -> list[Any]:
    return [BadProvider(acts, setup.settings)]


@hookimpl
def message_channels(setup: PluginSetup) -> list[Any] | None:
    return [BadChannel(acts, setup.settings)] if setup.settings["channels"] else None


@hookimpl
def carriers(setup: PluginSetup) -> list[Carrier]:
    return [Carrier(code="saboteur", titles={"en": "Lost Parcels", "zh": "丢件快递"})]


@hookimpl
def root_files(setup: PluginSetup) -> Mapping[str, bytes]:
    return {"saboteur.txt": b"\xff\x00"}


# -- prices ----------------------------------------------------------------------------------------


@hookimpl
def pricing_facts(uow: UnitOfWork, cart: CartView) -> Any:
    """Every second time it lets the pure hooks have their turn."""
    settings = _settings(uow)
    return settings if acts.turn() % 2 else acts.act(settings["mode"], uow)


@hookimpl
def offers(cart: CartView, facts: Any) -> Any:
    keys = tuple(line.key for line in cart.lines)
    return acts.spoil(facts, Offer(id="junk", lines=(*keys, "none"), unit_price=-1))


@hookimpl
def discounts(cart: CartView, facts: Any) -> Any:
    return acts.spoil(
        facts,
        Promotion(id="minus", scope="order", kind="fixed", amount=-(10**15)),
        Promotion(id="much", scope="unit", kind="percent", percent_bp=-5000),
        Promotion(id="none", scope="order", kind="gift", gifts=(Gift(variant_id=-1),)),
        Promotion(id="nul", scope="order", kind="repeated_fixed", every=0, amount=1),
    )


@hookimpl
def fees(cart: CartView, facts: Any) -> Any:
    return acts.spoil(facts, Surcharge(source="junk", amount=-(10**9), includes_tax=True))


# -- afterwards, and data --------------------------------------------------------------------------


@hookimpl
def on_event(uow: UnitOfWork, event: Event) -> Any:
    return _act(uow)


@hookimpl
def api_fields(uow: UnitOfWork, kind: str) -> Any:
    return _act(uow)


@hookimpl
def personal_data(uow: UnitOfWork) -> Any:
    return _act(uow)


@hookimpl
def seed(uow: UnitOfWork) -> Any:
    return _act(uow)


if (Path(__file__).parent / "guards.py").exists():
    # Not for a plugin that sells nothing short: whose taxes are not known, refuses the sale.
    from .guards import (
        check_order,
        during_transition,
        erase_personal_data,
        issue_reward,
        tax_lines,
    )

    __all__ = [
        "check_order",
        "during_transition",
        "erase_personal_data",
        "issue_reward",
        "tax_lines",
    ]
