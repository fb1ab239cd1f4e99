"""What staff do with an order's goods: ship, correct, receive, complete, note."""

from __future__ import annotations

from marshmallow import Schema

from storegen.domain import fulfilment
from storegen.domain.audit_log import record
from storegen.domain.orders.desk import order_id_of
from storegen.domain.orders.moving import lock, move, note
from storegen.domain.orders.reading import order_view
from storegen.domain.orders.transitions import STATES
from storegen.errors import Invalid, NotAllowed, NotFound
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.order_view import OrderView
from storegen.web.admin import fields
from storegen.web.admin.registry import Ask, Call, Done, Verb

MOST_NOTE = 2000


def offered(order: OrderView) -> list[str]:
    names = []
    if STATES[order.state].may_ship and any(_left(order).values()):
        names.append("ship")
    if any(shipment.parcels for shipment in order.shipments):
        names.append("correct-parcel")
    if "receive" in order.actions:
        names.append("receive")
    if "complete" in order.actions:
        names.append("complete")
    return [*names, "note"]


def of_key(uow: UnitOfWork, key: str) -> int:
    order_id = order_id_of(uow, key)
    if order_id is None:
        raise NotFound("order")
    return order_id


def order_of(ask: Ask) -> OrderView:
    return order_view(ask.uow, ask.actor, of_key(ask.uow, ask.key))


def _left(order: OrderView) -> dict[str, int]:
    return {line.id: line.quantity - line.shipped - line.cancelled for line in order.lines}


def line_name(order: OrderView, public_id: str) -> str:
    line = order.line(public_id)
    assert line is not None, "the lines of this very order"
    return f"{line.title} · {line.variant_title}" if line.variant_title else line.title


def _parcel() -> Schema:
    return fields.form(
        carrier=fields.text("Carrier", 64, required=True),
        number=fields.text("Tracking number", 64),
    )


def _ship_form(ask: Ask) -> Schema:
    order = order_of(ask)
    left = _left(order)
    units = {
        key: fields.number(line_name(order, key), 0, count, suffix=f"≤ {count}")
        for key, count in left.items()
        if count
    }
    return fields.form(
        units=fields.group("Units that leave now", fields.form(**units)),
        parcels=fields.rows(
            "Parcels", _parcel(), spare=1, one="Parcel", add="Another parcel",
            help="Leave this empty if there is no tracking number.",
        ),
    )  # fmt: skip


def _ship_initial(ask: Ask) -> dict[str, object]:
    return {"units": {key: count for key, count in _left(order_of(ask)).items() if count}}


def _ship(call: Call) -> Done:
    lines = {key: count for key, count in call.values["units"].items() if count}
    if not lines:
        raise Invalid({"units": "nothing-to-ship"})
    parcels = tuple((each["carrier"], each["number"]) for each in call.values["parcels"])
    command = fulfilment.Ship(lines=lines, parcels=parcels)
    call.store.transact(
        lambda uow: fulfilment.ship(uow, call.actor, of_key(uow, call.key), command)
    )
    return Done(said="Shipped.")


def _correct_form(ask: Ask) -> Schema:
    order = order_of(ask)
    parcels = [
        (str(parcel.id), f"{parcel.carrier} {parcel.tracking_number}")
        for shipment in order.shipments
        for parcel in shipment.parcels
    ]
    return fields.form(
        parcel=fields.choice("Parcel", parcels),
        carrier=fields.text("Carrier", 64, required=True),
        number=fields.text("Tracking number", 64, required=True),
    )


def _correct_initial(ask: Ask) -> dict[str, object]:
    parcels = [parcel for shipment in order_of(ask).shipments for parcel in shipment.parcels]
    if len(parcels) != 1:
        return {}
    return {
        "parcel": str(parcels[0].id),
        "carrier": parcels[0].carrier,
        "number": parcels[0].tracking_number,
    }


def _correct(call: Call) -> Done:
    given = call.values

    def work(uow: UnitOfWork) -> None:
        order_id = of_key(uow, call.key)
        fulfilment.correct_parcel(
            uow, call.actor, int(given["parcel"]), given["carrier"], given["number"]
        )
        note(uow, call.actor, order_id, "parcel_corrected", {"number": given["number"]})

    call.store.transact(work)
    return Done(said="The parcel is corrected.")


def _receive(call: Call) -> Done:
    call.store.transact(lambda uow: fulfilment.receive(uow, call.actor, of_key(uow, call.key)))
    return Done(said="The order counts as received.")


def _complete(call: Call) -> Done:
    def work(uow: UnitOfWork) -> None:
        order_id = of_key(uow, call.key)
        lock(uow, order_id)
        move(uow, call.actor, order_id, "complete")
        record(uow, call.actor, "order.complete", "order", str(order_id))

    call.store.transact(work)
    return Done(said="The order is completed.")


def write_note(uow: UnitOfWork, actor: Actor, order_id: int, text: str) -> None:
    """A note in the order's story, for staff only. Raises `NotAllowed`, `Invalid`."""
    if not actor.may("orders.edit"):
        raise NotAllowed("orders.edit")
    if not text.strip():
        raise Invalid({"text": "required"})
    note(uow, actor, order_id, "note", {"text": text.strip()[:MOST_NOTE]})
    record(uow, actor, "order.note", "order", str(order_id))


def _note(call: Call) -> Done:
    text = call.values["text"]
    call.store.transact(lambda uow: write_note(uow, call.actor, of_key(uow, call.key), text))
    return Done(said="The note is kept.")


VERBS = (
    Verb(
        name="ship",
        title="Ship",
        permission="orders.ship",
        schema=_ship_form,
        initial=_ship_initial,
        run=_ship,
    ),
    Verb(
        name="correct-parcel",
        title="Correct a parcel",
        permission="orders.ship",
        schema=_correct_form,
        initial=_correct_initial,
        run=_correct,
    ),
    Verb(
        name="receive",
        title="Customer has it",
        permission="orders.edit",
        confirm="The customer has the goods: the time for returns begins now.",
        run=_receive,
    ),
    Verb(name="complete", title="Complete", permission="orders.edit", run=_complete),
    Verb(
        name="note",
        title="Add a note",
        permission="orders.edit",
        help="Customers do not see notes.",
        schema=lambda _: fields.form(
            text=fields.text("Note", MOST_NOTE, required=True, widget="textarea")
        ),
        run=_note,
        place="inline",
    ),
)
