"""The sample brand that `make demo` sells: its words, its catalog and its artwork, as data."""

from __future__ import annotations

from pathlib import Path


def sample_dir() -> Path:
    """The folder with ``brand.toml``, ``catalog.jsonl`` and ``art/*.svg``.

    The catalog names its pictures relative to this folder, so it can be imported from here.
    """
    return Path(__file__).parent
