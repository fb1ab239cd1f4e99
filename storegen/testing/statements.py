"""What a piece of work asked of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from storegen.store import Store


@dataclass
class Statements:
    """The SQL that ran inside a `statements(store)` block, without BEGIN and COMMIT."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@contextmanager
def statements(store: Store) -> Iterator[Statements]:
    found = Statements()

    def record(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        if not text.startswith(("BEGIN", "SET LOCAL", "SAVEPOINT", "RELEASE")):
            found.texts.append(text)

    event.listen(store.engine, "before_cursor_execute", record)
    try:
        yield found
    finally:
        event.remove(store.engine, "before_cursor_execute", record)
