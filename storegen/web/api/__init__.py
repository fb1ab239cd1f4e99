"""The api."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register the routes of this area."""


def error_page(status: int, title: str, detail: str) -> str:
    """The themed page for a refusal."""
    raise LookupError("no theme yet")
