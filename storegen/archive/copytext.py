r"""PostgreSQL's COPY text format: a line per row, tabs between values, ``\N`` for NULL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SIGNS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LEXEME = re.compile(r"'((?:[^']|'')*)'(?::([\dABCD,]+))?")
_LONGEST_LINE = 256 << 20


def rows(path: Path, columns: Sequence[str], types: Mapping[str, str]) -> Iterator[list[Any]]:
    """The rows of a dump as SQLite takes them; ``types`` are SQLite's declared ones. Raises
    `ValueError` for a line that has not one value per column."""
    flags = [types.get(name, "").upper() == "BOOLEAN" for name in columns]
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE):
            values = line.removesuffix(b"\n").decode("utf-8").split("\t")
            if len(values) != len(flags):
                raise ValueError("a row of a table is broken")
            yield [_value(value, flag) for value, flag in zip(values, flags, strict=True)]


def tokens(vector: str) -> str:
    """The words of a ``tsvector`` at their places, as the text that SQLite's index is made of."""
    placed = [
        (int(place.rstrip("ABCD")), match[1].replace("''", "'"))
        for match in _LEXEME.finditer(vector)
        for place in (match[2] or "0").split(",")
    ]
    return " ".join(word for _, word in sorted(placed))


def _value(text: str, flag: bool) -> str | int | None:
    if text == r"\N":
        return None
    if flag:
        return 1 if text == "t" else 0
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: _SIGNS.get(match[1], match[1]), text)
