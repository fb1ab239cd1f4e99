"""The list of events is what the core tells, no more and no less."""

from __future__ import annotations

import ast
from pathlib import Path

import storegen
from storegen.domain.orders.transitions import TRANSITIONS
from storegen.values.events import EVENTS


def told() -> set[str]:
    """The names in all calls of `outbox.emit` in the core."""
    names: set[str] = set()
    for path in Path(storegen.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) != "outbox.emit":
                continue
            name = node.args[1]
            if isinstance(name, ast.Constant):
                names.add(str(name.value))
            else:  # the one place that tells each move of an order
                assert ast.unparse(name) == "f'order.{name}'", path
                names.update(f"order.{move}" for move in TRANSITIONS)
    return names


def test_every_event_that_is_told_is_listed_and_every_listed_one_is_told() -> None:
    assert told() == set(EVENTS)


def test_each_has_a_version_and_says_what_it_holds() -> None:
    for name, kind in EVENTS.items():
        assert kind.version >= 1, name
        assert kind.payload, name
