"""The shop for who writes a plugin or theme: defects are shown where they happen."""

from __future__ import annotations

from pathlib import Path

from storegen.publish.site import Site
from storegen.web import serving
from storegen.web.problems import TRACEBACKS


def site(store_dir: str | Path) -> Site:
    """As `storegen.web.serving.site`, with tracebacks in the answers. Never for customers."""
    made = serving.site(store_dir)
    made.app.config[TRACEBACKS] = True  # type: ignore[attr-defined]
    return made
