"""``storegen quote --json`` answers one document per line, whatever the lines hold."""

from __future__ import annotations

import json

from click.testing import CliRunner

from storegen.cli.quote import quote_command

CART = {"lines": [{"unit_price": 100, "qty": 2, "tax_bp": 0}], "prices_include_tax": True}


def run(*lines: str, options: tuple[str, ...] = ("--json",)) -> list[dict[str, object]]:
    result = CliRunner().invoke(quote_command, options, input="\n".join(lines))
    assert result.exit_code == 0, result.output
    return [json.loads(text) for text in result.stdout.splitlines()]


def test_results_keep_order_and_id() -> None:
    first = json.dumps({"id": "a", "kind": "price", "given": CART})
    second = json.dumps({"id": "b", "kind": "allocate", "given": {"amount": 3, "weights": [1, 1]}})
    one, two = run(first, "", second)
    assert (one["id"], one["total_gross"], one["line_discounts"]) == ("a", 200, [0])
    assert two == {"id": "b", "shares": [2, 1], "sum": 3}


def test_a_broken_line_costs_only_its_own_result() -> None:
    good = json.dumps({"id": "c", "kind": "price", "given": CART})
    broken, listed, wrong, fine = run("{", "[1]", '{"id": "w", "kind": "price"}', good)
    assert broken == {"id": None, "error": {"document": "not-json"}}
    assert listed == {"id": None, "error": {"document": "not-an-object"}}
    assert wrong == {"id": "w", "error": {"given": "not-an-object"}}
    assert fine["total_gross"] == 200


def test_without_json_it_says_how() -> None:
    result = CliRunner().invoke(quote_command, [], input="")
    assert result.exit_code == 2
    assert "--json" in result.stderr
