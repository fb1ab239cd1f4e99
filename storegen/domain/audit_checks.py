"""What `storegen audit` recounts: one statement per check, for SQLite and PostgreSQL alike.

A statement answers (id, about, expected, found) for every row that is wrong and nothing for a
sound shop. A stored number and its recount are added up from both sides in one UNION, so that a
row that exists on one side only is seen too.
"""

# ruff: noqa: S608 - put together from the constants of this file only

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """``kind`` is stable; ``sentence`` may name {id}, {about}, {expected} and {found}."""

    kind: str
    entity: str
    sentence: str
    sql: str


_STOCK = """
SELECT v.public_id AS id, v.sku AS about, SUM(x.counted) AS expected, SUM(x.stored) AS found
FROM ({both}) x JOIN variant v ON v.id = x.variant_id
GROUP BY v.public_id, v.sku, x.variant_id, x.pool HAVING SUM(x.counted) <> SUM(x.stored)
"""
_RESERVATION = """
SELECT o.number AS id, v.sku AS about, SUM(x.counted) AS expected, SUM(x.stored) AS found
FROM ({both}) x JOIN orders o ON o.id = x.order_id JOIN variant v ON v.id = x.variant_id
WHERE {where} GROUP BY o.id, o.number, v.id, v.sku HAVING SUM(x.counted) <> SUM(x.stored)
"""
_LINE = """
SELECT o.number AS id, l.public_id AS about, COALESCE(x.counted, 0) AS expected, {stored} AS found
FROM order_line l JOIN orders o ON o.id = l.order_id
LEFT JOIN ({counted}) x ON x.line = l.id
WHERE {stored} <> COALESCE(x.counted, 0) {where}
"""
_ORDER = """
SELECT o.number AS id, o.state AS about, COALESCE(x.counted, 0) AS expected, {stored} AS found
FROM orders o LEFT JOIN ({counted}) x ON x.order_id = o.id
WHERE {stored} <> COALESCE(x.counted, 0) {where}
"""
_LEDGER = "SELECT order_id, SUM(amount) AS counted FROM ledger_entry WHERE kind = '{}' GROUP BY 1"
_REFUNDS = "SELECT order_id, SUM(amount) AS counted FROM refund GROUP BY 1"
_LINES = "SELECT order_id, SUM({}) AS counted FROM order_line GROUP BY 1"
_OVER = "('cancelled', 'closed', 'refunding', 'refunded', 'shipped', 'received', 'completed')"
_LIVE = "('paid', 'to_ship', 'shipped', 'received', 'completed')"

STOCK = (
    Check(
        "stock-reserved",
        "variant",
        "Variant {id} ({about}): {found} units are counted as reserved, orders hold {expected}.",
        _STOCK.format(
            both="SELECT variant_id, pool, reserved AS stored, 0 AS counted FROM stock UNION ALL "
            "SELECT variant_id, pool, 0, quantity - taken - released FROM reservation "
            "WHERE state = 'held'"
        ),
    ),
    Check(
        "stock-on-hand",
        "variant",
        "Variant {id} ({about}): {found} units are on hand, its movements sum to {expected}.",
        _STOCK.format(
            both="SELECT variant_id, pool, on_hand AS stored, 0 AS counted FROM stock UNION ALL "
            "SELECT variant_id, pool, 0, change FROM stock_movement"
        ),
    ),
    Check(
        "reservation-state",
        "order",
        "Order {id}, {about}: its reservation says '{found}', its units say '{expected}'.",
        "SELECT o.number AS id, v.sku AS about, r.state AS found, CASE WHEN r.quantity > r.taken "
        "+ r.released THEN 'held' ELSE 'done' END AS expected FROM reservation r "
        "JOIN orders o ON o.id = r.order_id JOIN variant v ON v.id = r.variant_id "
        "WHERE r.state <> CASE WHEN r.quantity > r.taken + r.released THEN 'held' ELSE 'done' END",
    ),
    Check(
        "reservation-orphan",
        "order",
        "Order {id} ({about}) sends nothing more, and still holds {found} units.",
        "SELECT o.number AS id, o.state AS about, 0 AS expected, "
        "SUM(r.quantity - r.taken - r.released) AS found FROM reservation r "
        "JOIN orders o ON o.id = r.order_id WHERE r.state = 'held' "
        f"AND o.state IN {_OVER} GROUP BY o.number, o.state",
    ),
    Check(
        "reservation-quantity",
        "order",
        "Order {id}, {about}: {found} units were reserved, its lines say {expected}.",
        _RESERVATION.format(
            both="SELECT order_id, variant_id, quantity AS stored, 0 AS counted FROM reservation "
            "UNION ALL SELECT order_id, variant_id, 0, quantity FROM order_line",
            where="1 = 1",
        ),
    ),
    Check(
        "reservation-taken",
        "order",
        "Order {id}, {about}: {found} units were taken from stock, {expected} were shipped.",
        _RESERVATION.format(
            both="SELECT order_id, variant_id, taken AS stored, 0 AS counted FROM reservation "
            "UNION ALL SELECT order_id, variant_id, 0, shipped FROM order_line",
            where="1 = 1",
        ),
    ),
    Check(
        "reservation-released",
        "order",
        "Order {id}, {about}: {found} units were set free, {expected} were cancelled.",
        _RESERVATION.format(
            both="SELECT order_id, variant_id, released AS stored, 0 AS counted FROM reservation "
            "UNION ALL SELECT order_id, variant_id, 0, cancelled FROM order_line",
            where=f"o.state = 'pending_payment' OR o.state = 'placed' OR o.state IN {_LIVE}",
        ),
    ),
)

LINES = (
    Check(
        "line-amounts",
        "order",
        "Order {id}: the amounts of line {about} do not add up (gross {found}, parts {expected}).",
        "SELECT o.number AS id, l.public_id AS about, l.net + l.tax AS expected, l.gross AS found "
        "FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.gross <> l.net + l.tax "
        "OR l.list_total <> l.unit_price * l.quantity OR l.list_total - l.discount "
        "<> CASE WHEN o.prices_include_tax THEN l.gross ELSE l.net END",
    ),
    Check(
        "line-shipped",
        "order",
        "Order {id}: line {about} counts {found} units as shipped, its shipments {expected}.",
        # What is handed over at payment (a download) leaves without a shipment.
        _LINE.format(
            stored="l.shipped",
            counted="SELECT order_line_id AS line, SUM(quantity) AS counted FROM shipment_line "
            "GROUP BY 1",
            where="AND (l.requires_shipping OR x.counted IS NOT NULL)",
        ),
    ),
    Check(
        "line-refunded",
        "order",
        "Order {id}: line {about} counts {found} units as refunded, its refunds {expected}.",
        _LINE.format(
            stored="l.refunded",
            counted="SELECT order_line_id AS line, SUM(quantity) AS counted FROM refund_line "
            "GROUP BY 1",
            where="",
        ),
    ),
    Check(
        "line-refunded-amount",
        "order",
        "Order {id}: line {about} counts {found} as refunded, its refunds {expected}.",
        _LINE.format(
            stored="l.refunded_amount",
            counted="SELECT order_line_id AS line, SUM(gross) AS counted FROM refund_line "
            "GROUP BY 1",
            where="",
        ),
    ),
    Check(
        "order-all-sent",
        "order",
        "Order {id} waits to ship, and nothing is left to send.",
        "SELECT o.number AS id, o.state AS about, 'shipped' AS expected, o.state AS found "
        "FROM orders o WHERE o.state = 'to_ship' AND NOT EXISTS (SELECT 1 FROM order_line l "
        "WHERE l.order_id = o.id AND l.shipped + l.cancelled < l.quantity) AND EXISTS "
        "(SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.shipped > 0)",
    ),
    Check(
        "order-not-sent",
        "order",
        "Order {id} is '{about}', and {found} of its units were not sent.",
        "SELECT o.number AS id, o.state AS about, 0 AS expected, "
        "SUM(l.quantity - l.shipped - l.cancelled) AS found FROM order_line l "
        "JOIN orders o ON o.id = l.order_id WHERE o.state IN ('shipped', 'received', 'completed') "
        "AND l.shipped + l.cancelled < l.quantity GROUP BY o.number, o.state",
    ),
)

ORDERS = (
    Check(
        "order-total",
        "order",
        "Order {id}: its total is {found}, lines, freight and surcharges sum to {expected}.",
        "SELECT o.number AS id, o.state AS about, o.total AS found, "
        "COALESCE(x.counted, 0) + o.shipping + o.surcharges AS expected FROM orders o "
        f"LEFT JOIN ({_LINES.format('gross')}) x ON x.order_id = o.id "
        "WHERE o.total <> COALESCE(x.counted, 0) + o.shipping + o.surcharges",
    ),
    Check(
        "order-goods",
        "order",
        "Order {id}: its goods are {found}, its lines sum to {expected}.",
        _ORDER.format(stored="o.goods", counted=_LINES.format("list_total"), where=""),
    ),
    Check(
        "order-discount",
        "order",
        "Order {id}: its discount is {found}, its lines' discounts sum to {expected}.",
        _ORDER.format(stored="o.discount", counted=_LINES.format("discount"), where=""),
    ),
    Check(
        "order-tax",
        "order",
        "Order {id}: its tax is {found}, that of its lines and freight is {expected}.",
        # A surcharge's net amount is in the quote only, so such an order is left out.
        "SELECT o.number AS id, o.state AS about, o.tax AS found, "
        "COALESCE(x.counted, 0) + o.shipping - o.shipping_net AS expected FROM orders o "
        f"LEFT JOIN ({_LINES.format('tax')}) x ON x.order_id = o.id WHERE o.surcharges = 0 "
        "AND o.tax <> COALESCE(x.counted, 0) + o.shipping - o.shipping_net",
    ),
    Check(
        "order-payable",
        "order",
        "Order {id}: {found} is to be paid, its total is {expected}.",
        "SELECT number AS id, state AS about, total AS expected, payable AS found FROM orders "
        "WHERE payable <> total",
    ),
    Check(
        "order-captured",
        "order",
        "Order {id}: {found} is counted as paid, the ledger says {expected}.",
        _ORDER.format(stored="o.captured", counted=_LEDGER.format("capture"), where=""),
    ),
    Check(
        "order-refunded",
        "order",
        "Order {id}: {found} is counted as given back, the ledger says {expected}.",
        _ORDER.format(stored="o.refunded", counted=_LEDGER.format("refund"), where=""),
    ),
    Check(
        "order-freight-refunded",
        "order",
        "Order {id}: {found} of its freight is counted as refunded, its refunds say {expected}.",
        _ORDER.format(
            stored="o.shipping_refunded",
            counted="SELECT order_id, SUM(shipping_amount) AS counted FROM refund GROUP BY 1",
            where="",
        ),
    ),
    Check(
        "order-unpaid",
        "order",
        "Order {id} is '{about}', and only {found} of {expected} was paid.",
        "SELECT number AS id, state AS about, payable AS expected, captured AS found FROM orders "
        f"WHERE state IN {_LIVE} AND captured < payable AND NOT pay_on_delivery",
    ),
    Check(
        "order-paid-waits",
        "order",
        "Order {id} was paid in full, and is still '{found}'.",
        "SELECT number AS id, state AS about, 'paid' AS expected, state AS found FROM orders "
        "WHERE state IN ('pending_payment', 'placed') AND captured >= payable AND captured > 0",
    ),
    Check(
        "order-money-kept",
        "order",
        "Order {id} ended as '{about}': {expected} came in, only {found} goes back.",
        "SELECT o.number AS id, o.state AS about, o.captured AS expected, "
        "COALESCE(x.counted, 0) AS found FROM orders o "
        f"LEFT JOIN ({_REFUNDS}) x ON x.order_id = o.id "
        "WHERE o.state IN ('cancelled', 'closed', 'refunding', 'refunded') "
        "AND o.captured > COALESCE(x.counted, 0)",
    ),
)

MONEY = (
    Check(
        "payment-not-booked",
        "payment",
        "Payment {id} of order {about} succeeded, and the ledger has nothing of it.",
        "SELECT p.reference AS id, o.number AS about, p.amount AS expected, 0 AS found "
        "FROM payment p JOIN orders o ON o.id = p.order_id WHERE p.state = 'succeeded' "
        "AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.payment_id = p.id "
        "AND e.kind = 'capture')",
    ),
    Check(
        "payment-state",
        "payment",
        "Payment {id} of order {about} is in the ledger, but is '{found}'.",
        "SELECT p.reference AS id, o.number AS about, 'succeeded' AS expected, p.state AS found "
        "FROM payment p JOIN orders o ON o.id = p.order_id WHERE p.state <> 'succeeded' "
        "AND EXISTS (SELECT 1 FROM ledger_entry e WHERE e.payment_id = p.id "
        "AND e.kind = 'capture')",
    ),
    Check(
        "payment-amount",
        "payment",
        "Payment {id} of order {about} is over {expected}, and the ledger has {found} of it.",
        # What staff confirm is what is due, whatever the payment had asked for.
        "SELECT p.reference AS id, o.number AS about, p.amount AS expected, e.amount AS found "
        "FROM ledger_entry e JOIN payment p ON p.id = e.payment_id "
        "JOIN orders o ON o.id = p.order_id WHERE e.kind = 'capture' "
        "AND (e.order_id <> p.order_id OR (e.amount <> p.amount AND e.source NOT LIKE 'hand:%'))",
    ),
    Check(
        "refund-ledger",
        "refund",
        "Refund {id} of order {about}: the ledger has {found} of it, it should be {expected}.",
        "SELECT r.reference AS id, o.number AS about, COALESCE(x.counted, 0) AS found, "
        "CASE WHEN r.state = 'succeeded' THEN r.amount ELSE 0 END AS expected "
        "FROM refund r JOIN orders o ON o.id = r.order_id "
        "LEFT JOIN (SELECT refund_id, SUM(amount) AS counted FROM ledger_entry "
        "WHERE kind = 'refund' GROUP BY 1) x ON x.refund_id = r.id "
        "WHERE COALESCE(x.counted, 0) <> CASE WHEN r.state = 'succeeded' THEN r.amount ELSE 0 END",
    ),
    Check(
        "ledger-without-refund",
        "order",
        "Order {id}: the ledger gave back {found} under {about}, and no refund asked for it.",
        "SELECT o.number AS id, e.source AS about, 0 AS expected, e.amount AS found "
        "FROM ledger_entry e JOIN orders o ON o.id = e.order_id "
        "WHERE e.kind = 'refund' AND e.refund_id IS NULL",
    ),
    Check(
        "refunds-too-much",
        "order",
        "Order {id}: refunds over {found} were asked for, and only {expected} was paid.",
        "SELECT o.number AS id, o.state AS about, o.captured AS expected, x.counted AS found "
        f"FROM orders o JOIN ({_REFUNDS}) x ON x.order_id = o.id WHERE x.counted > o.captured",
    ),
)

DELIVERIES = (
    Check(
        "delivery-dead",
        "event",
        "Event {id} did not reach '{about}' and is tried no more ({found} tries).",
        "SELECT event_id AS id, listener AS about, 0 AS expected, attempts AS found "
        "FROM outbox_delivery WHERE state = 'dead'",
    ),
)

CHECKS = (*STOCK, *LINES, *ORDERS, *MONEY, *DELIVERIES)
