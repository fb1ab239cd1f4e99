"""Every declared price policy, from tables beside this file: ``examples.json``
explains each, ``cases.json`` has what shops and their software ask of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storegen.domain.pricing.external import answer
from storegen.errors import Invalid

EXAMPLES = [
    example
    for name in ("examples.json", "cases.json")
    for example in json.loads(Path(__file__).with_name(name).read_text("utf-8"))
]


def part_of(expected: Any, found: Any) -> Any:
    """What ``found`` holds where ``expected`` says something."""
    if isinstance(expected, dict):
        return {key: part_of(value, found[key]) for key, value in expected.items()}
    if isinstance(expected, list) and len(expected) == len(found):
        return [part_of(each, other) for each, other in zip(expected, found, strict=True)]
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_policy(example: dict[str, Any]) -> None:
    result = answer(example)
    assert part_of(example["expect"], result) == example["expect"]


def test_every_example_has_its_own_name() -> None:
    names = [example["id"] for example in EXAMPLES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], {"document": "not-an-object"}),
        ({"kind": "price"}, {"given": "not-an-object"}),
        ({"kind": "guess", "given": {}}, {"kind": "unknown"}),
        (
            {"given": {"lines": [{"unit_price": 1.5, "qty": 1}]}},
            {"given.lines.0.unit_price": "not-a-whole-number"},
        ),
        (
            {"given": {"lines": [{"unit_price": True, "qty": 1}]}},
            {"given.lines.0.unit_price": "not-a-whole-number"},
        ),
        (
            {"given": {"lines": [{"unit_price": 5, "qty": -1}]}},
            {"given.lines.0.qty": "out-of-range"},
        ),
        ({"given": {"lines": 3}}, {"given.lines": "not-a-list"}),
        (
            {"given": {"promotions": [{"id": "x", "scope": "moon", "kind": "fixed"}]}},
            {"given.promotions.0.scope": "unknown"},
        ),
        (
            {"given": {"promotions": [{"scope": "order", "kind": "tiered_fixed", "tiers": [[1]]}]}},
            {"given.promotions.0.tiers.0": "not-a-pair"},
        ),
        ({"kind": "allocate", "given": {"weights": [1]}}, {"given.amount": "not-a-whole-number"}),
    ],
)
def test_a_wrong_document_is_named_field_by_field(document: Any, problem: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        answer(document)
    assert refusal.value.problems == problem
