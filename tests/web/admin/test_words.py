"""Chinese is complete: every text of the back office has its translation."""

from __future__ import annotations

from pathlib import Path

from babel.messages import pofile

import storegen
from storegen.themes import themes
from storegen.web.admin.resources.theme import PAGE_TITLES
from storegen.web.theming.theme import load_theme
from tests.web.admin.message_ids import message_ids

PO = Path(storegen.__file__).parent / "locale" / "zh_Hans"


def _translated() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(PO.glob("*.po")):
        with path.open("rb") as file:
            for message in pofile.read_po(file):
                key = message.id[0] if isinstance(message.id, tuple | list) else message.id
                text = message.string[0] if isinstance(message.string, tuple) else message.string
                if key and text:
                    found[str(key)] = str(text)
    return found


def test_every_text_has_a_translation() -> None:
    translated = _translated()
    missing = [text for text in message_ids() if text not in translated]
    assert missing == []
    assert len(message_ids()) > 400  # the search still finds them


def test_placeholders_are_the_same() -> None:
    import re

    holder = re.compile(r"%\(\w+\)s")
    for source, text in _translated().items():
        assert set(holder.findall(text)) <= set(holder.findall(source)) | {"%(num)s"}, source


def test_every_page_of_every_theme_has_a_title() -> None:
    for name in themes():
        assert set(load_theme(name).pages) <= set(PAGE_TITLES), name
