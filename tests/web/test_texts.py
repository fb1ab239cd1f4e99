"""Every text that people see is there in Chinese: taken from the code, not from a list."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import storegen_themes
from storegen.web.i18n import ROOT, texts

PACKAGE = ROOT.parent
THEMES = Path(str(storegen_themes.__file__)).parent
KEYWORDS = {
    "_": None, "t": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}


def found(root: Path) -> list[tuple[str, int, object]]:
    return [
        (name, line, message)
        for name, line, message, _comments, _context in extract_from_dir(
            root, METHODS, OPTIONS, KEYWORDS
        )
    ]


@pytest.mark.parametrize(
    "root",
    [PACKAGE / "web", PACKAGE / "domain", THEMES],
    ids=["web", "domain", "themes"],
)
def test_every_text_has_its_chinese(root: Path) -> None:
    chinese = texts("zh_Hans")
    admin = texts("zh_Hans", "admin")
    missing = []
    for name, line, message in found(root):
        first = message[0] if isinstance(message, tuple) else message
        known = admin if "admin" in name else chinese
        if first not in known._messages and first not in known._plurals:
            missing.append(f"{name}:{line}: {first}")
    assert missing == []


def test_the_extraction_sees_the_pages() -> None:
    """Without this, a change of the helper's name would make the test above pass on nothing."""
    assert len(found(PACKAGE / "web")) > 200
    assert len(found(THEMES)) > 30
