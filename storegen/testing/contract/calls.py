"""A plugin's hooks, slots, events and jobs, called as a shop calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from storegen.domain import outbox_delivery, plugin_jobs
from storegen.errors import StoreError
from storegen.models import Order, Product
from storegen.store import Store
from storegen.testing.statements import statements
from storegen.testing.tour import Tour
from storegen.values.actor import Actor
from storegen.values.orders import OrderChange, OrderedLine
from storegen.values.pricing import CartView, LineView
from storegen.values.reward import Reward

_NOBODY = Actor(kind="guest", session_id=0)


def watch_slots(store: Store, name: str) -> set[str]:
    """A set that fills with the plugin's slots as they are drawn."""
    drawn: set[str] = set()
    host: Any = store.plugins
    inner: Callable[..., Any] = host.contained

    def contained(plugin: str, what: str, work: Callable[[], Any], **more: Any) -> Any:
        if plugin == name and what.startswith("slot "):
            drawn.add(what.removeprefix("slot "))
        return inner(plugin, what, work, **more)

    host.contained = contained
    return drawn


def slots_left(store: Store, name: str, drawn: set[str]) -> list[str]:
    wanted = {piece.slot for piece in store.plugins.by_name[name].manifest.slots}
    return [f"its piece in the slot {slot} was never drawn" for slot in sorted(wanted - drawn)]


def everything_else(store: Store, name: str, tour: Tour) -> list[str]:
    """What no visitor asks for: events, jobs, the sample, rewards of others, fields of the API."""
    found = []
    outbox_delivery.deliver_due(store)
    with store.read() as uow:
        for letter in outbox_delivery.letters(uow):
            if letter.plugin == name:
                found.append(f"on_event failed on {letter.event}: {letter.error}")
    plugin_jobs.run_due(store)
    with store.write() as uow:
        store.plugins.ask_one(name, "seed", uow=uow)
    with store.read() as uow:
        for kind, model in (("product", Product), ("order", Order)):
            ids = list(uow.db.scalars(select(model.id).limit(20)))
            store.plugins.ask_one(name, "api_fields", uow=uow, kind=kind, ids=ids)
    try:
        with store.write() as uow:
            issued = store.plugins.ask_one(
                name,
                "issue_reward",
                uow=uow,
                customer_id=tour.seen.customer_id,
                reward=Reward(kind="nobodys_kind"),
                key="contract",
            )
        if issued is not None:
            found.append("issue_reward paid out a kind of reward that it cannot know")
    except StoreError as error:
        found.append(f"issue_reward raised for a kind that is not its own: {error}")
    return found


def idle(store: Store, name: str, allowed: int) -> list[str]:
    """Statements for a cart and an order that have nothing to do with the plugin."""
    line = LineView(key="1", variant_id=-1, product_id=-1, variant="none", quantity=1, unit_price=1)
    cart = CartView(currency="CNY", prices_include_tax=True, lines=(line,))
    change = OrderChange(
        order_id=-1,
        number="0",
        move="pay",
        from_state="pending_payment",
        to_state="to_ship",
        customer_id=None,
        session_id=None,
        channel="web",
        total=1,
        lines=(
            OrderedLine(
                line_id=-1,
                product_id=-1,
                variant_id=-1,
                quantity=1,
                offer="list",
                unit_price=1,
                discount=0,
                gross=1,
            ),
        ),
        applied={},
    )
    host, found = store.plugins, []
    with store.read() as uow:
        asked: list[tuple[str, dict[str, Any]]] = [
            ("pricing_facts", {"uow": uow, "cart": cart}),
            ("check_order", {"uow": uow, "actor": _NOBODY, "cart": cart, "facts": None}),
            ("during_transition", {"uow": uow, "actor": _NOBODY, "change": change}),
        ]
        for hook, arguments in asked:
            with statements(store) as seen:
                host.ask_one(name, hook, **arguments)
            if len(seen) > allowed:
                found.append(
                    f"{hook} runs {len(seen)} statements for a cart or order that has nothing to "
                    f"do with it ({allowed} are allowed): {seen.texts[0]}"
                )
    return found


def faults(store: Store, name: str) -> list[str]:
    return [
        f"{one.count} faults in {one.hook}, the last: {one.reason}"
        for one in store.plugins.faults()
        if one.plugin == name
    ]
