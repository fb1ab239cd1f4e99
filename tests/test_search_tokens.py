"""What a search finds, through the full-text search of both databases."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storegen.domain.search_tokens import (
    LONGEST,
    MOST_IN_INDEX,
    MOST_IN_QUERY,
    fts5_query,
    index_tokens,
    query_tokens,
    tsquery,
)


class Sqlite:
    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("CREATE VIRTUAL TABLE found USING fts5(t, tokenize='unicode61')")

    def holds(self, tokens: str, asked: list[str], prefix: bool) -> bool:
        self.connection.execute("DELETE FROM found")
        self.connection.execute("INSERT INTO found VALUES (?)", (tokens,))
        sql = "SELECT count(*) FROM found WHERE found MATCH ?"
        query = fts5_query(asked, prefix=prefix)
        return bool(self.connection.execute(sql, (query,)).fetchone()[0])

    def close(self) -> None:
        self.connection.close()


class Postgresql:
    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)

    def holds(self, tokens: str, asked: list[str], prefix: bool) -> bool:
        sql = "SELECT to_tsvector('simple', %s) @@ to_tsquery('simple', %s)"
        row = self.connection.execute(sql, (tokens, tsquery(asked, prefix=prefix))).fetchone()
        assert row is not None
        return bool(row[0])

    def close(self) -> None:
        self.connection.close()


Index = Sqlite | Postgresql


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    if request.param == "sqlite":
        opened: Index = Sqlite()
    else:
        opened = Postgresql(request.getfixturevalue("postgresql_server"))
    yield opened
    opened.close()


def finds(index: Index, query: str, *texts: str, prefix: bool = False) -> bool:
    asked = query_tokens(query)
    return bool(asked) and index.holds(index_tokens((text, 1) for text in texts), asked, prefix)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("茶", "绿茶"),
        ("绿茶", "明前绿茶"),
        ("明前绿茶", "明前绿茶 250 克"),
        ("茶 龙井", "西湖龙井绿茶"),
        ("龍井茶", "龍井茶"),
        ("ワンピース", "赤いワンピース"),
        ("한복", "고운 한복"),
        ("tea", "Green Tea, spring"),
        ("TEA", "green tea"),
        ("ｔｅａ", "Green tea"),
        ("teas", "Green tea"),
        ("cup", "Tea Cups"),
        ("dresses", "Summer dress"),
        ("berry", "Berries"),
        ("mens shirt", "Men's shirts"),
        ("men", "Men’s shirts"),
        ("creme", "Crème brûlée"),
        ("crème", "Creme"),
        ("strasse", "Straße"),
        ("smorrebrod", "Smørrebrød"),
        ("TEA-100-A", "SKU tea-100-a"),
        ("tea100a", "TEA-100-A"),
        ("TEA-100", "TEA-100-A"),
        ("tea 100", "TEA100"),
        ("100", "TEA100A"),
        ("250ml", "250ml 玻璃杯"),
        ("玻璃杯 250", "250ml玻璃杯"),
        ("T恤", "男士T恤"),
        ("платье", "Синее Платье"),
        ("a" * 60, "a" * 60),
    ],
)
def test_finds(index: Index, query: str, text: str) -> None:
    assert finds(index, query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("红茶", "绿茶"),
        ("茶绿", "绿茶"),
        ("茶 红", "绿茶"),
        ("tea", "teapot"),
        ("coffee", "tea"),
        ("", "tea"),
        ("!!! --- '", "tea"),
        ("か", "が"),
    ],
)
def test_does_not_find(index: Index, query: str, text: str) -> None:
    assert not finds(index, query, text)


def test_the_last_latin_word_may_go_on(index: Index) -> None:
    assert finds(index, "green teap", "Green teapot", prefix=True)
    assert not finds(index, "gre teapot", "Green teapot", prefix=True)
    assert fts5_query(query_tokens("green 茶"), prefix=True) == '"green" AND "茶"'


def test_both_databases_are_asked_the_same() -> None:
    tokens = query_tokens("绿茶 AND tea* OR 'x")
    assert tokens == ["绿茶", "and", "tea", "or", "x"]
    assert tsquery(tokens[:3], prefix=True) == "'绿茶' & 'and' & 'tea':*"
    assert fts5_query(tokens[:3], prefix=True) == '"绿茶" AND "and" AND "tea"*'
    assert tsquery([]) == fts5_query([]) == ""


def test_a_heavier_text_counts_more_often() -> None:
    tokens = index_tokens([("Tea", 3), ("leaf", 1)]).split()
    assert (tokens.count("tea"), tokens.count("leaf")) == (3, 1)


def test_a_long_text_is_cut() -> None:
    assert len(index_tokens([("茶 tea " * 9000, 5)]).split()) == MOST_IN_INDEX
    assert len(query_tokens(" ".join(f"w{i}" for i in range(99)))) == MOST_IN_QUERY
    assert query_tokens("x" * 300) == ["x" * LONGEST]


@given(st.text(max_size=80))
def test_tokens_hold_letters_and_digits_only(text: str) -> None:
    for token in [*query_tokens(text), *index_tokens([(text, 1)]).split(" ")]:
        assert not token or re.fullmatch(r"[^\W_]+", token)
        assert len(token) <= LONGEST


@given(st.text(alphabet="茶绿红龙井Teaéß19-' _が'\"*():&|!", max_size=24))
def test_a_text_is_found_by_itself(index: Index, text: str) -> None:
    if query_tokens(text):
        assert finds(index, text, f"前 {text} after")


@given(st.text(max_size=60))
def test_any_query_can_be_run(index: Index, text: str) -> None:
    finds(index, text, "tea", prefix=True)
