"""A file with broken rows gives its good ones and names the bad ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storegen.generate.catalog import open_catalog
from tests.catalog.conftest import DATA, read

EXPECTED = [
    # row, column, reason
    (3, "Variant Price", "price 'abc' is not a number such as 19.99"),
    (5, "Variant Weight Unit", "weight unit 'stone' is not g, kg, oz or lb"),
    (5, "Variant Inventory Qty", "stock '-4' is below zero, so 0 is taken"),
    (5, "Variant Grams", "weight 'heavy' is not a number such as 0.5"),
    (4, "Option1 Value", "variant 'S' is already in row 2"),
    (5, "Image Position", "image position 'first' is not a whole number such as 10"),
    (6, "Title", "title is missing for handle 'lonely'"),
    (7, "Variant Price", "price is missing"),
    (7, "", "the product has no variant left and is left out"),
    (8, "", "the row has 16 cells, the header has 14"),
    (9, "Handle", "handle and title are both missing"),
    (10, "Option4 Name", "a Shopify product has at most 3 options, so the row is left out"),
    (11, "", "a quote in this row is never closed"),
    (12, "Option1 Value", "the value of 'Size' is missing"),
    (12, "", "the product has no variant left and is left out"),
]


def test_every_problem_is_named_and_the_rest_is_there() -> None:
    _, products, problems = read(DATA / "broken.csv")
    found = [(problem.row, problem.column, problem.reason) for problem in problems]
    assert sorted(found) == sorted(EXPECTED)
    assert {problem.file for problem in problems} == {"broken.csv"}
    assert [product.handle for product in products] == ["good", "last"]
    good = products[0]
    assert [variant.sku for variant in good.variants] == ["G-S", "G-L"]
    assert (good.variants[1].stock, good.variants[1].weight) == (0, None)
    assert good.images[0].source == "a.jpg"


def test_rows_count_as_a_spreadsheet_shows_them(saved: Callable[..., Path]) -> None:
    text = 'Title,Price,Description\nA,1,"two\nlines"\n\nB,x,\n'
    _, products, problems = read(saved(text))
    assert [product.title for product in products] == ["A"]
    assert {problem.row for problem in problems} == {4}


@pytest.mark.parametrize(
    "row",
    ['"a"b,A,1', "a,A,1,2", 'a,A,"1'],
    ids=["text after quote", "too wide", "open quote"],
)
def test_the_row_after_a_broken_one_is_read(saved: Callable[..., Path], row: str) -> None:
    text = f'Handle,Title,Price\n{row}\nb,B,2\nc,"C, and more",3\n'
    _, products, problems = read(saved(text))
    assert [product.handle for product in products] == ["b", "c"]
    assert [problem.row for problem in problems] == [2]


def test_a_reader_may_be_iterated_again_and_counts(saved: Callable[..., Path]) -> None:
    with open_catalog(DATA / "shopify-classic.csv", currency="CNY") as reader:
        assert reader.count_hint == 3
        assert list(reader) == list(reader)


JSON_LINES = [
    ("[]", "the line is not a JSON object"),
    ('{"handle":"a"}', "title is missing"),
    ('{"title":"A","variants":[{"price":1.5}]}', "price must be money in whole minor units"),
    ('{"title":"A","variants":[{"price":-1}]}', "price must be money in whole minor units"),
    ('{"title":"A","variants":[{}]}', "price is missing"),
    ('{"title":"A","status":"gone","variants":[{"price":1}]}', "status must be one of"),
    ('{"title":"A","colour":"red","variants":[{"price":1}]}', "colour is no field"),
    ('{"title":"A","currency":"USD","variants":[{"price":1}]}', "prices are in USD"),
    ('{"title":"A","variants":[{"price":1},{"price":2}]}', "comes twice"),
    ('{"title":"A","variants":[{"price":1,"option_values":["x"]}]}', "does not fit the options"),
    ('{"title":"B\\ud800","variants":[{"price":1}]}', "title must be text"),
    ('{"title":"First","variants":[{"price":1}]}', "handle 'first' was used before"),
]


@pytest.mark.parametrize(("line", "reason"), JSON_LINES)
def test_json_lines(saved: Callable[..., Path], line: str, reason: str) -> None:
    good = '{"title":"First","variants":[{"price":1}]}'
    _, products, problems = read(saved(f"{good}\n{line}\n"))
    assert products[0].title == "First"
    assert reason in problems[0].reason
    assert {problem.row for problem in problems} == {2}
