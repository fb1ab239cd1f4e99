"""The small pure parts: cards, struck prices, neighbours, slugs, HTML."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storegen.domain.catalog.cards import CardColumns, card_columns
from storegen.domain.catalog.related import MOST, related_among, tag_mask
from storegen.domain.catalog.slugs import free_slug, slug
from storegen.domain.catalog.struck import lowest_of, struck_price
from storegen.domain.html import clean_html, plain_text

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ([], CardColumns()),
        ([(900, None)], CardColumns(price_min=900, price_max=900, variant_count=1)),
        (
            [(900, 1200), (1500, 2000)],
            CardColumns(price_min=900, price_max=1500, compare_at_min=1200, variant_count=2),
        ),
        # The compare-at price of another variant is not put beside the cheapest one.
        (
            [(900, None), (1500, 2000)],
            CardColumns(price_min=900, price_max=1500, variant_count=2),
        ),
        ([(900, 900)], CardColumns(price_min=900, price_max=900, variant_count=1)),
        ([(900, 0)], CardColumns(price_min=900, price_max=900, variant_count=1)),
    ],
)
def test_what_a_card_shows(prices: list[tuple[int, int | None]], expected: CardColumns) -> None:
    assert card_columns(prices) == expected


@pytest.mark.parametrize(
    ("price", "compare", "policy", "lowest", "expected"),
    [
        (900, 1200, "declared", None, 1200),
        (900, 900, "declared", None, None),
        (900, None, "declared", None, None),
        (900, 1200, "never", 1100, None),
        (900, 1200, "seven_days", None, None),
        (900, 1200, "seven_days", 1100, 1100),
        (900, 1200, "seven_days", 1500, 1200),
        (900, 1200, "seven_days", 900, None),
    ],
)
def test_struck_prices(
    price: int, compare: int | None, policy: str, lowest: int | None, expected: int | None
) -> None:
    assert struck_price(price, compare, policy, lowest) == expected


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([(20, 1000)], None),  # never had another price
        ([(20, 1000), (1, 800)], 1000),
        # A lower price three days before the present one: the reduction is from that.
        ([(20, 1000), (5, 700), (4, 1000), (1, 800)], 700),
        # The lower price ended more than seven days before the present one began.
        ([(40, 700), (20, 1000), (1, 800)], 1000),
        # A present price that is written again goes on: it is no reduction from itself.
        ([(20, 1000), (5, 800), (1, 800)], 1000),
        ([(20, 800), (1, 800)], None),
        # After seven days it is the lowest price of the last seven days itself.
        ([(20, 1000), (6, 800)], 1000),
        ([(20, 1000), (7, 800)], None),
        # What begins later, as after a clock was set back, says nothing yet.
        ([(20, 1000), (1, 800), (-1, 500)], 1000),
        ([(-1, 500)], None),
        # Raised for a day to be lowered again.
        ([(90, 800), (2, 2000), (1, 800)], 800),
    ],
)
def test_the_lowest_price_of_the_seven_days_before(
    history: list[tuple[int, int]], expected: int | None
) -> None:
    assert lowest_of([(NOW - days * DAY, price) for days, price in history], NOW) == expected


@given(st.integers(0, 80), st.lists(st.sets(st.sampled_from("abcdef"), max_size=3), max_size=80))
def test_neighbours_are_others_each_once(count: int, tags: list[set[str]]) -> None:
    shelf = list(range(100, 100 + count))
    masks = {each: tag_mask(found) for each, found in zip(shelf, tags, strict=False)}
    for product, others in related_among(shelf, masks):
        assert len(others) == min(MOST, count - 1)
        assert len(set(others)) == len(others)
        assert product not in others
        assert set(others) <= set(shelf)


def test_slugs_keep_letters_and_are_free() -> None:
    assert slug("绿茶 & Black Tea ２") == "绿茶-black-tea-2"
    assert slug("!!!").startswith("c-")
    taken = {"tea"}
    assert [free_slug("tea", taken) for _ in range(2)] == ["tea-2", "tea-3"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("plain 茶", "plain 茶"),
        ("<h1>A</h1>", "<h2>A</h2>"),
        ('<p style="color:red" class="x" onclick="y()">a</p>', "<p>a</p>"),
        ("a<script>alert(1)</script><style>b</style>c", "ac"),
        ('<a href="javascript:alert(1)">a</a>', '<a rel="nofollow noopener">a</a>'),
        ("<iframe src='//evil'></iframe>b", "b"),
        ('<img src="https://a.example/b.png">', '<img src="https://a.example/b.png" alt="">'),
        ('<img src="x" alt="q" onerror="e()">', '<img src="x" alt="q">'),
        ('<img onerror="e()">', ""),
        ('<table align="center"><tr><td width="9" colspan="2">x</td></tr></table>',
         '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>'),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("<svg><a onload=x()></a></svg>d", "d"),
    ],
)  # fmt: skip
def test_html_is_clean(given: str, expected: str) -> None:
    assert clean_html(given) == expected


@given(st.text(st.sampled_from("<>&;/\"'= abhimgsrcltp1#x"), max_size=60))
def test_clean_html_stays_as_it_is(text: str) -> None:
    once = clean_html(text)
    assert clean_html(once) == once


def test_words_of_an_html_text() -> None:
    assert plain_text("<p>豆香</p><p>a &amp; b</p>") == "豆香 a & b"
    assert plain_text("word " * 60, 20) == "word word word…"
