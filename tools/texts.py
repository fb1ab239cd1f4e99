"""Texts that people see, and which of them lack a translation: ``python tools/texts.py``.

Message ids are the English texts. They are read from the Python of the web area and the domain
(``gettext``, ``ngettext``, ``_``) and from the themes' and the back office's templates.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract

ROOT = Path(__file__).parent.parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
TEMPLATES = ("themes", "storegen/web")
PYTHON = ("storegen/web", "storegen/domain")


def messages() -> Iterator[tuple[str, str | tuple[str, str]]]:
    """(where, message) of every text; a pair is singular and plural."""
    for folder in PYTHON:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from _in_file(path, "python")
    for folder in TEMPLATES:
        for path in sorted((ROOT / folder).rglob("*.html")):
            yield from _in_file(path, "jinja2.ext:babel_extract")


def _in_file(path: Path, method: str) -> Iterator[tuple[str, str | tuple[str, str]]]:
    with path.open("rb") as file:
        for line, found, _comments, _context in extract(method, file, KEYWORDS, (), {}):
            where = f"{path.relative_to(ROOT)}:{line}"
            if isinstance(found, str):
                yield where, found
            elif found and all(isinstance(part, str) for part in found[:2]):
                yield where, (found[0], found[1])


def missing(language: str) -> list[str]:
    """Where a text is that ``language`` says nothing for, and the text."""
    from storegen.web import i18n
    from storegen.web.sentences import SENTENCES

    texts = i18n.texts(language)
    found: dict[str, str] = {}
    for where, message in messages():
        if isinstance(message, tuple):
            one, many = message
            if texts.ngettext(one, many, 2) == many:
                found.setdefault(one, where)
        elif message in SENTENCES:  # the key of a sentence inside the call
            continue
        elif message and texts.gettext(message) == message and _has_words(message):
            found.setdefault(message, where)
    return [f"{where}: {message}" for message, where in found.items()]


def _has_words(message: str) -> bool:
    """A text that is values and signs alone reads the same in every language."""
    return any(sign.isalpha() for sign in re.sub(r"%\(\w+\)s", "", message))


if __name__ == "__main__":
    lacking = missing("zh_Hans")
    print("\n".join(lacking) or "Every text is translated.")
    sys.exit(1 if lacking else 0)
