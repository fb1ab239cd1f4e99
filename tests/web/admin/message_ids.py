"""Which English texts the back office shows: read from its templates and its code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import storegen.web

WEB = Path(storegen.web.__file__).parent
_TEMPLATE = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')""")
_PLURAL = re.compile(r'ngettext\(\s*"([^"]+)",\s*"([^"]+)"')
_ELSE = re.compile(r'(?:else|or) (?:_\()?"([A-Z][^"]+)"')
_SENTENCE = re.compile(
    r"(?:[A-Z“(0-9-][^_]*[a-z].*|[a-z]+ .*[a-z].*|%\(count\)s .*|\d: .*)", re.DOTALL
)
_NOT_SHOWN = re.compile(
    r"#|.*\.html|text/|attachment|.*\(\?|GET|POST|Lax|[1-4] [A-Z]|Set-Cookie|X-|Cache-|Content-"
    r"|Referrer-Policy|there is a resource|staff:|RGB|PNG|WEBP|[A-Z]{2,}$|.*[{}]|.*<.*>|SKU$"
)


def template_ids() -> Iterator[str]:
    for path in sorted((WEB / "templates" / "admin").rglob("*.html")):
        text = path.read_text("utf-8")
        for found in (*_TEMPLATE.findall(text), *((one,) for one, _ in _PLURAL.findall(text))):
            yield from filter(None, found)
        yield from _ELSE.findall(text)


def code_ids() -> Iterator[str]:
    """Every sentence in the code that is no docstring: there a text is shown or it is not there."""
    for path in sorted((WEB / "admin").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        docs |= {id(node.msg) for node in ast.walk(tree) if isinstance(node, ast.Assert)}
        parts = {
            id(value)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for value in node.values
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if id(node) in docs or id(node) in parts:
                continue
            if _SENTENCE.fullmatch(node.value) and not _NOT_SHOWN.match(node.value):
                yield node.value


def message_ids() -> list[str]:
    return sorted({*template_ids(), *code_ids()})
