"""An owner's colours as custom properties, light and dark, every pair of them readable.

Themes use these names and no colour of their own, so that a shop looks like its brand whatever
theme it has. Contrast by WCAG 2.2: 4.5 for words, 3 for the edges of controls.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from storegen.domain.settings import Brand
from storegen.media.artwork.palette import (
    brand_palette,
    contrast,
    from_oklch,
    readable_on,
    to_oklch,
)

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_TEXT, _EDGE = 4.5, 3.0
_RED, _GREEN = 27.0, 152.0


def text(brand: Brand, theme: Mapping[str, Any]) -> str:
    """The style sheet ``brand.css``. ``theme`` may hold ``paper``, the colour of the page."""
    paper = theme.get("paper")
    wanted = paper if isinstance(paper, str) and _COLOUR.fullmatch(paper) else None
    light, dark = colours(brand.colour, brand.accent, wanted), dark_colours(brand)
    return (
        f":root {{ {_rules(light)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_rules(dark)} }} }}\n"
    )


def _rules(found: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in found.items())


def colours(brand: str, accent: str, paper: str | None = None) -> dict[str, str]:
    """The light ones, by the names that style sheets use."""
    palette = brand_palette(brand)
    hue = to_oklch(palette.brand)[2]
    page = paper if paper and contrast(paper, palette.ink) >= 10 else palette.paper
    page_light, page_chroma, page_hue = to_oklch(page)
    sunken = from_oklch(page_light - 0.03, page_chroma + 0.006, page_hue)
    strong = _readable(accent if _COLOUR.fullmatch(accent) else palette.accent, sunken, _TEXT)
    return {
        "brand": palette.brand,
        "brand-deep": _readable(
            from_oklch(max(0.2, to_oklch(palette.brand)[0] - 0.08), 0.05, hue), page, _TEXT
        ),
        "on-brand": palette.on_brand,
        "brand-text": _readable(palette.brand, sunken, _TEXT),
        "ink": _readable(palette.ink, sunken, 9.0),
        "muted": _readable(from_oklch(0.52, 0.02, hue), sunken, _TEXT + 0.3),
        "paper": page,
        "raised": "#ffffff",
        "sunken": sunken,
        "tint": from_oklch(page_light - 0.055, page_chroma + 0.012, page_hue),
        "line": from_oklch(page_light - 0.09, page_chroma + 0.006, page_hue),
        "edge": _readable(from_oklch(0.62, 0.02, hue), sunken, _EDGE),
        "accent": strong,
        "on-accent": readable_on(strong, "#ffffff", palette.ink),
        "danger": _readable(from_oklch(0.5, 0.17, _RED), sunken, _TEXT),
        "good": _readable(from_oklch(0.48, 0.1, _GREEN), sunken, _TEXT),
        "shade": "rgb(20 30 25 / 12%)",
        **{f"shade-{n}": each for n, each in enumerate(palette.shades, 1)},
    }


def dark_colours(brand: Brand) -> dict[str, str]:
    """The dark ones, by the same names."""
    palette = brand_palette(brand.colour)
    hue, chroma = to_oklch(palette.brand)[2], min(to_oklch(palette.brand)[1], 0.11)
    raised = from_oklch(0.245, 0.012, hue)
    button = from_oklch(0.78, chroma * 0.8, hue)
    known = _COLOUR.fullmatch(brand.accent)
    across = to_oklch(brand.accent if known else palette.accent)
    strong = _readable(from_oklch(0.76, min(across[1], 0.12), across[2]), raised, _TEXT, up=True)
    return {
        "brand": button,
        "brand-deep": from_oklch(0.86, chroma * 0.7, hue),
        "on-brand": readable_on(button, from_oklch(0.18, 0.02, hue)),
        "brand-text": _readable(from_oklch(0.82, chroma * 0.7, hue), raised, _TEXT, up=True),
        "ink": from_oklch(0.93, 0.008, hue),
        "muted": _readable(from_oklch(0.74, 0.012, hue), raised, _TEXT + 0.3, up=True),
        "paper": from_oklch(0.195, 0.01, hue),
        "raised": raised,
        "sunken": from_oklch(0.165, 0.01, hue),
        "tint": from_oklch(0.28, 0.016, hue),
        "line": from_oklch(0.33, 0.012, hue),
        "edge": _readable(from_oklch(0.55, 0.015, hue), raised, _EDGE, up=True),
        "accent": strong,
        "on-accent": readable_on(strong, from_oklch(0.18, 0.02, hue)),
        "danger": _readable(from_oklch(0.74, 0.13, _RED), raised, _TEXT, up=True),
        "good": _readable(from_oklch(0.78, 0.1, _GREEN), raised, _TEXT, up=True),
        "shade": "rgb(0 0 0 / 45%)",
    }


def _readable(colour: str, background: str, ratio: float, *, up: bool = False) -> str:
    """``colour``, made darker (or lighter, ``up``) until it stands out from ``background``."""
    light, chroma, hue = to_oklch(colour)
    while contrast(colour, background) < ratio and 0 < light < 1:
        light += 0.01 if up else -0.01
        colour = from_oklch(light, chroma, hue)
    return colour
