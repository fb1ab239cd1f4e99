"""Words for full-text search, the same for what is indexed and what is asked.

SQLite (FTS5, unicode61) and PostgreSQL (``tsvector`` in the ``simple`` configuration) both split
at spaces only what this module wrote, so that they find the same. Chinese, Japanese and Korean
have no spaces between words: their text is indexed as single characters and as pairs, and asked
for as pairs. Tokens hold letters and digits only, so no query syntax can come in through them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

LONGEST = 40
"""Characters of a token; a longer word is cut, in the index and in the query alike."""
MOST_IN_QUERY = 16
MOST_IN_INDEX = 4000

_CJK = (
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff"  # iteration mark, zero, kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # ideographs
    "\u1100-\u11ff\uac00-\ud7af"  # Hangul
)
_PART = re.compile(f"[{_CJK}]+|[^{_CJK}]+")
_NUMBER_OR_WORD = re.compile(r"[0-9]+|[^0-9]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_JOINED = re.compile(r"[^\W_]+(?:[-_./+&][^\W_]+)*")
_SEPARATOR = re.compile(r"[-_./+&]")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold(text: str) -> str:
    """Lower case, full-width as ASCII, and Latin letters without their accents."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_UNDECOMPOSED)
    folded = unicodedata.normalize("NFKC", "".join(_bare(letter) for letter in folded))
    return _APOSTROPHE.sub("", folded)


def index_tokens(texts: Iterable[tuple[str, int]]) -> str:
    """The tokens of (text, weight) pairs, with spaces between: what goes into the index.

    A text counts ``weight`` times, which is how a title outranks a description.
    """
    found: list[str] = []
    for text, weight in texts:
        tokens = [token for word in _words(text) for token in _indexed(word)]
        for _ in range(weight):
            found += tokens
            if len(found) >= MOST_IN_INDEX:
                return " ".join(found[:MOST_IN_INDEX])
    return " ".join(found)


def query_tokens(text: str) -> list[str]:
    """What an indexed text must contain, all of it; empty if nothing can be searched for."""
    found = dict.fromkeys(token for word in _words(text[:400]) for token in _asked(word))
    return list(found)[:MOST_IN_QUERY]


def fts5_query(tokens: Iterable[str], *, prefix: bool = False) -> str:
    """An FTS5 MATCH expression for all ``tokens``. Never run it for no tokens: FTS5 refuses "".

    ``prefix``: the last word may go on, as it does while somebody types.
    """
    quoted = [f'"{token}"' for token in tokens]
    return " AND ".join(_open_end(quoted, "*") if prefix else quoted)


def tsquery(tokens: Iterable[str], *, prefix: bool = False) -> str:
    """The text for ``to_tsquery('simple', …)`` that means the same as `fts5_query`."""
    quoted = [f"'{token}'" for token in tokens]
    return " & ".join(_open_end(quoted, ":*") if prefix else quoted)


def _open_end(quoted: list[str], mark: str) -> list[str]:
    return [*quoted[:-1], quoted[-1] + mark] if quoted and quoted[-1][1].isascii() else quoted


def _bare(letter: str) -> str:
    """A Latin letter without its accents, other letters as they are, a space for the rest."""
    if letter.isascii() or letter == "’":
        return letter
    base = unicodedata.normalize("NFKD", letter)
    if base[0].isascii():
        return "".join(c for c in base if not unicodedata.combining(c))
    if unicodedata.category(letter).startswith("M"):
        return ""
    return letter if letter.isalnum() else " "


def _words(text: str) -> Iterator[str]:
    """Runs of one kind: CJK characters, or letters and digits with their separators."""
    for part in _PART.findall(fold(text)):
        if _is_cjk(part):
            yield part
        else:
            yield from _JOINED.findall(part)


def _is_cjk(word: str) -> bool:
    return re.match(f"[{_CJK}]", word) is not None


def _indexed(word: str) -> Iterator[str]:
    if _is_cjk(word):
        yield from word
        yield from _pairs(word)
        return
    parts = _SEPARATOR.split(word)
    for part in parts:
        yield _token(part)
        pieces = _NUMBER_OR_WORD.findall(part)
        if len(pieces) > 1:
            yield from (_token(piece) for piece in pieces)
    if len(parts) > 1:
        yield _token("".join(parts))


def _asked(word: str) -> Iterator[str]:
    if not _is_cjk(word):
        yield from (_token(part) for part in _SEPARATOR.split(word))
    elif len(word) == 1:
        yield word
    else:
        yield from _pairs(word)


def _pairs(word: str) -> Iterator[str]:
    return (first + second for first, second in pairwise(word))


def _token(word: str) -> str:
    return _singular(word[:LONGEST])


def _singular(word: str) -> str:
    """English plurals as their singular: enough for shops, and the same on both sides."""
    if len(word) < 4 or not word.endswith("s") or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]
