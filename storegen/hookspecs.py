"""Every hook of storegen, in one file; the docstrings are the reference.

An implementation is a function (or method) with the hook's name, marked ``@hookimpl`` from
`storegen.sdk`. It may take fewer arguments than the hook has, but none of another name. The host
calls implementations one by one in the order of plugins (`requires`, `after`, then `store.toml`)
and keeps apart what each of them returned. ``None`` always means "nothing from me".

What an exception (or a value of another type) does is the hook's *policy*, named with the hook:

- ``stop``: the boot stops with a `PluginProblem` that names the plugin;
- ``skip``: the plugin is left out of this one answer; three faults in five minutes leave it out
  until they are older (see ``/readyz``);
- ``refuse``: what was asked for is refused to the customer (`PluginFault`, 503), because going on
  without the answer could take or give the wrong money; the plugin is still asked the next time;
- ``abort``: as ``refuse``, and the transaction is rolled back;
- ``retry``: it is called again later, with growing pauses, then lies on the list of dead letters.

A `Refused` (or any other `StoreError`) is no fault but an answer: it reaches the customer where
the hook's policy is ``refuse`` or ``abort``, and means "nothing from me" where it is ``skip``. What
a hook wrote before it failed is taken back. Troubles of the database itself (locked, away, a
deadlock) are nobody's fault: the whole unit is tried again. Hooks marked *pure* may not read the
clock, the database or anything else that is not in their arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pluggy

from storegen.values.actor import Actor
from storegen.values.carrier import Carrier
from storegen.values.event import Event
from storegen.values.message import MessageChannel
from storegen.values.orders import OrderChange
from storegen.values.payment import PaymentProvider
from storegen.values.plugin import Companion, PluginSetup
from storegen.values.pricing import CartView, LineTax, Offer, Promotion, Surcharge
from storegen.values.reward import IssuedReward, Reward

if TYPE_CHECKING:
    from storegen.uow import UnitOfWork

PROJECT = "storegen"
hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)

Policy = Literal["stop", "skip", "refuse", "abort", "retry"]
_F = TypeVar("_F", bound=Callable[..., object])


def _hook(policy: Policy) -> Callable[[_F], _F]:
    def mark(function: _F) -> _F:
        function.storegen_policy = policy  # type: ignore[attr-defined]
        return _hookspec(function)

    return mark


# -- at start ------------------------------------------------------------------------------------


@_hook("stop")
def payment_methods(setup: PluginSetup) -> Sequence[PaymentProvider] | None:
    """Ways to pay that this plugin brings.

    When: once, while the store opens. Do no network traffic here: the shop must start while a
    provider is down.

    Return: providers in the order in which the checkout shows them. ``code`` is stable, lower
    case and unique over all plugins; ``titles`` has ``en``. ``None`` or an empty list: no way to
    pay, for example while a setting is missing on purpose.

    An exception, a code that is taken or a value that is no provider: stops the boot. What the
    *methods* of a provider raise afterwards is contained per call (see `PaymentProvider`).
    """


@_hook("stop")
def companions(setup: PluginSetup) -> Sequence[Companion] | None:
    """Programs that run beside the shop, as the sandbox gateway does in a demo.

    When: by `storegen serve`, before it starts its workers; no other command asks.

    Return: programs to start and to restart if they end by themselves. ``None``: none.

    An exception or a value of another type: stops the start.
    """


@_hook("stop")
def message_channels(setup: PluginSetup) -> Sequence[MessageChannel] | None:
    """Ways to bring a message (a one-time code, news of an order) to a customer, such as SMS.

    When: once, while the store opens; no network traffic here.

    Return: channels; ``kind`` says which addresses it takes (``sms``, ``email``). Of two channels
    of one kind the first in the order of plugins is used. What `MessageChannel.send` raises later
    is contained: the message is tried again with growing pauses.
    """


@_hook("stop")
def carriers(setup: PluginSetup) -> Sequence[Carrier] | None:
    """Carriers that the back office offers when a parcel is sent, with their tracking pages.

    When: once, while the store opens. Return: carriers with a ``code`` unique over all plugins.
    """


@_hook("stop")
def root_files(setup: PluginSetup) -> Mapping[str, bytes] | None:
    """Files at the root of the shop's address, such as the proof of ownership that WeChat or a
    search engine asks for.

    When: once, while the store opens. Return: file name (one segment, no slash, such as
    ``MP_verify_x1.txt``) → content, at most 64 KiB. A name that the core answers stops the boot.
    """


# -- prices --------------------------------------------------------------------------------------
# In this order, once for a whole cart: pricing_facts, offers, discounts, fees, tax_lines.


@_hook("skip")
def pricing_facts(uow: UnitOfWork, cart: CartView) -> Any:
    """Everything that this plugin's pure pricing hooks will want to know, for the whole cart.

    When: once per quote, before the other pricing hooks; the only one of them that may query
    (``uow.db``, ``uow.now``, ``uow.cached``). Aim at no query on a cart that has nothing to do
    with the plugin, and at one or two for any cart.

    Return: any value; it is given to this plugin's other pricing hooks as ``facts``. ``None``:
    nothing to say about this cart, and the other pricing hooks are not called.
    """


@_hook("skip")
def offers(cart: CartView, facts: Any) -> Sequence[Offer] | None:
    """Other prices of lines. Pure.

    Return: automatic offers compete with each other and with the list price, and the lowest wins;
    commitment offers count only for lines whose customer chose them (``line.offer``).
    """


@_hook("skip")
def discounts(cart: CartView, facts: Any) -> Sequence[Promotion] | None:
    """Rules that lower amounts. Pure; ``cart`` already has the winning offers' prices.

    Return: promotions, in any order; the core sorts, applies and explains them. An ``id`` is
    unique within the plugin; in quotes and orders it reads ``<plugin>:<id>``.
    """


@_hook("skip")
def fees(cart: CartView, facts: Any) -> Sequence[Surcharge] | None:
    """Amounts on top, such as a gift wrap. Pure. No promotion lowers them."""


@_hook("refuse")
def tax_lines(cart: CartView, facts: Any) -> Mapping[str, LineTax] | None:
    """Tax rates that differ from the shop's, such as those of the destination. Pure.

    Return: key of a line, or ``shipping`` for the freight → its rate. The first plugin that names
    a key wins. An exception refuses the checkout: a wrong tax is worse than a lost sale.
    """


# -- orders --------------------------------------------------------------------------------------


@_hook("refuse")
def check_order(uow: UnitOfWork, actor: Actor, cart: CartView, facts: Any) -> None:
    """The last word before an order is placed; raise `Refused` to refuse it.

    When: in the placing transaction, before anything was written. ``facts`` as in pricing.
    """


@_hook("abort")
def during_transition(uow: UnitOfWork, actor: Actor, change: OrderChange) -> None:
    """An order moves (``change.move``: ``place``, ``pay``, ``cancel``, ``time_out`` ...); take or
    give back here what belongs to the order, such as a coupon or a seat.

    When: in the transaction of the move, in a savepoint, before stock is locked. It may be called
    for an order that this plugin has nothing to do with; look at ``change`` first and query only
    if needed. Nothing external may happen here (use `on_event`).

    Raise `Refused` to forbid the move; any exception rolls the whole move back.
    """


# -- afterwards ----------------------------------------------------------------------------------


@_hook("retry")
def on_event(uow: UnitOfWork, event: Event) -> None:
    """A fact that the manifest's ``events`` asked for.

    When: by the worker, in a transaction of its own that also marks the delivery done: at least
    once for an effect outside the database, exactly once for one inside. Payloads only grow
    within a version; look at ``event.version``.
    """


@_hook("abort")
def issue_reward(
    uow: UnitOfWork, customer_id: int, reward: Reward, key: str
) -> IssuedReward | None:
    """Pay out a reward of a kind that this plugin knows.

    When: in the transaction of whoever grants it. ``key`` makes it idempotent: the same key again
    answers the same reward and issues nothing. The first plugin that answers not ``None`` issues.
    """


# -- pages, data ---------------------------------------------------------------------------------


@_hook("skip")
def api_fields(
    uow: UnitOfWork, kind: str, ids: Sequence[int]
) -> Mapping[int, Mapping[str, Any]] | None:
    """More about objects in API answers, under ``extensions.<plugin>``.

    ``kind``: ``product`` or ``order``; ``ids``: internal ids, all of one answer at once. Return:
    id → JSON values; ids without anything to say are left out. Public for products.
    """


@_hook("skip")
def personal_data(uow: UnitOfWork, customer_id: int) -> Mapping[str, Any] | None:
    """What this plugin keeps about a customer, as JSON values, for the customer's own export.

    A fault is reported in the export (``plugins_without_answer``). Only plugins that the shop uses
    are asked: whoever switches one off for good purges its tables.
    """


@_hook("abort")
def erase_personal_data(uow: UnitOfWork, customer_id: int) -> None:
    """Erase, or part from the person, what this plugin keeps about a customer.

    When: in the transaction that closes the account; an exception keeps the account open.
    """


@_hook("skip")
def seed(uow: UnitOfWork) -> None:
    """Fill a sample shop with believable data of this plugin; the catalog is there already.

    When: once, by `storegen new --sample`, in a transaction per plugin.
    """


HOOKS: dict[str, Policy] = {
    name: value.storegen_policy
    for name, value in list(globals().items())
    if hasattr(value, "storegen_policy")
}
"""Name of each hook → what an exception does."""
