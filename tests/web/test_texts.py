"""Chinese is complete: no text of pages, templates or refusals lacks its translation."""

from __future__ import annotations

import re

from storegen.web import i18n
from tools import texts


def test_no_text_lacks_its_chinese():
    assert texts.missing("zh_Hans") == []


def test_texts_are_found_at_all():
    found = [message for _, message in texts.messages()]
    assert "Add to cart" in found
    assert ("%(num)s product", "%(num)s products") in found


def test_a_text_without_chinese_is_named(monkeypatch):
    monkeypatch.setattr(i18n, "texts", lambda _language: i18n.Texts({}, {}))
    assert any("Add to cart" in line for line in texts.missing("zh_Hans"))


def test_translations_name_the_same_values():
    """A value that only one side names would be lost, or break the page."""
    chinese = i18n.texts("zh_Hans")
    for where, message in texts.messages():
        if isinstance(message, str):
            pairs = [(message, chinese.gettext(message))]
        else:
            pairs = [(message[1], chinese.ngettext(*message, 2))]
        for original, translated in pairs:
            assert _values(translated) == _values(original), (where, original, translated)


def _values(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))
