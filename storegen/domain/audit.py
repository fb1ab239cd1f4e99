"""Recount what the shop keeps twice: units, money, promises. Difference is drift.

A number that is read often is stored beside the rows that make it up (`stock.reserved` beside the
reservations, `orders.captured` beside the ledger). The verbs write both in one transaction; this
module counts again and names every place where they disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from storegen.domain.audit_checks import CHECKS, Check
from storegen.uow import UnitOfWork

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One disagreement. ``id`` is what people and URLs call the entity: an order's number, a
    variant's public id, a payment's or refund's reference. ``expected`` is the recount, ``found``
    what is stored; whole units or minor units, or a state's name."""

    kind: str
    entity: str
    id: str
    expected: int | str
    found: int | str
    sentence: str


def drifts(uow: UnitOfWork) -> list[Drift]:
    """All drift, in the order of the checks; empty for a sound shop."""
    return list(find(uow))


def find(uow: UnitOfWork) -> Iterator[Drift]:
    """As `drifts`, one after the other, in bounded memory whatever the number of orders.

    Each check is one statement, so it sees one moment of a shop that sells meanwhile, on
    PostgreSQL too, where the next statement may see a later one.
    """
    for check in CHECKS:
        rows = uow.db.execution_options(yield_per=_AT_ONCE).execute(text(check.sql))
        for row in rows:
            yield _drift(check, row.id, row.expected, row.found, row.about)


def _drift(check: Check, name: object, expected: object, found: object, about: object) -> Drift:
    wanted, stored = _plain(expected), _plain(found)
    sentence = check.sentence.format(id=name, about=about, expected=wanted, found=stored)
    return Drift(
        kind=check.kind,
        entity=check.entity,
        id=str(name),
        expected=wanted,
        found=stored,
        sentence=sentence,
    )


def _plain(value: Any) -> int | str:
    """A sum is a Decimal on PostgreSQL and may be NULL on either where nothing was added."""
    return value if isinstance(value, str) else int(value or 0)
