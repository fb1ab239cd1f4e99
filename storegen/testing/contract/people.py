"""What a plugin keeps about a customer is exported for them, and goes with the account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, func, select

from storegen.domain.people import closure
from storegen.errors import StoreError
from storegen.store import Store
from storegen.values.actor import CLI


def problems(store: Store, name: str, customer_id: int) -> list[str]:
    """After a tour in which the customer bought something; closes their account."""
    host = store.plugins
    metadata = host.by_name[name].manifest.tables
    columns = list(_about_people(metadata)) if metadata is not None else []
    answered = [
        hook for hook in ("personal_data", "erase_personal_data") if name in host.implementing(hook)
    ]
    found = []
    if columns and len(answered) < 2:
        where = ", ".join(f"{column.table.name}.{column.name}" for column in columns)
        found.append(f"{where} is about people: answer personal_data and erase_personal_data")
    found += _export(store, name, customer_id)
    try:
        store.transact(lambda uow: closure.close_account(uow, CLI, customer_id))
    except StoreError as error:
        return [*found, f"an account cannot be closed with it: {error}"]
    with store.read() as uow:
        for column in columns:
            rows = uow.db.scalar(
                select(func.count()).select_from(column.table).where(column == customer_id)
            )
            if rows:
                found.append(
                    f"{column.table.name}.{column.name} still names a customer whose account is "
                    "closed: erase_personal_data must part the rows from the person"
                )
        if host.ask_one(name, "personal_data", uow=uow, customer_id=customer_id):
            found.append("personal_data still tells of a customer whose account is closed")
    return found


def _export(store: Store, name: str, customer_id: int) -> list[str]:
    with store.read() as uow:
        said = store.plugins.ask_one(name, "personal_data", uow=uow, customer_id=customer_id)
    try:
        json.dumps(said)
    except (TypeError, ValueError) as error:
        return [f"personal_data is no JSON: {error}"]
    return []


def _about_people(metadata: Any) -> Iterator[Column[Any]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "customer" for key in column.foreign_keys):
                yield column
