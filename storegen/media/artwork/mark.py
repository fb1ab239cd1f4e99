"""A brand's mark and the icons made of it: geometry, since there are no letterforms to rely on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from storegen.media.artwork.canvas import chance, n, polygon
from storegen.media.artwork.palette import Palette, contrast, mix
from storegen.media.svg import rasterise

_BOX = 512
_Paint = tuple[str, str, str]  # first shape, second shape, ground


def mark(name: str, palette: Palette, *, ground: str | None = None, reach: float = 0.72) -> bytes:
    """An SVG mark of 512 units a side, the same one for the same name.

    Without ``ground`` it stands on nothing, for a page's header on ``palette.paper``; with a
    colour it fills the square. ``reach`` is the part of the side that the mark takes.
    """
    random = chance(f"mark:{name.strip().casefold()}")
    shape = _SHAPES[sorted(_SHAPES)[random.randrange(len(_SHAPES))]]
    if ground is None:
        paint = palette.brand_text, palette.accent, palette.paper
    else:
        light = contrast(ground, palette.on_brand) >= 3
        first = palette.on_brand if light else palette.ink
        paint = first, mix(first, palette.accent, 0.6), ground
    scale = reach * _BOX / 200
    sheet = f'<rect width="{_BOX}" height="{_BOX}" fill="{ground}"/>' if ground else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_BOX} {_BOX}" width="{_BOX}" '
        f'height="{_BOX}">{sheet}<g transform="translate({_BOX // 2} {_BOX // 2}) '
        f'scale({scale:.4f})">{shape(random, paint)}</g></svg>'
    ).encode()


def app_icons(name: str, palette: Palette) -> dict[str, bytes]:
    """PNG icons by file name, for the web manifest, a phone's home screen and the browser's tab.

    ``maskable`` keeps the mark inside the safe zone, a circle of 40 % of the side as radius
    (W3C Web Application Manifest, icon purposes).
    """
    full = mark(name, palette, ground=palette.brand, reach=0.66)
    safe = mark(name, palette, ground=palette.brand, reach=0.52)
    tab = mark(name, palette, ground=palette.brand, reach=0.8)
    return {
        "icon-192.png": rasterise(full, 192),
        "icon-512.png": rasterise(full, 512),
        "maskable-192.png": rasterise(safe, 192),
        "maskable-512.png": rasterise(safe, 512),
        "touch-180.png": rasterise(full, 180),
        "favicon-32.png": rasterise(tab, 32),
        "favicon-48.png": rasterise(tab, 48),
    }


# Each shape is drawn around the origin within a circle of radius 100.


def _petals(random: Random, paint: _Paint) -> str:
    count = random.choice((5, 6, 8))
    width = {5: 40, 6: 34, 8: 26}[count]
    petal = f"M0 -14C{width} -42 {width} -78 0 -100C-{width} -78 -{width} -42 0 -14Z"
    drawn = "".join(
        f'<path d="{petal}" fill="{paint[0]}" transform="rotate({n(360 / count * i)})"/>'
        for i in range(count)
    )
    return f'{drawn}<circle r="11" fill="{paint[1]}"/>'


def _moon(random: Random, paint: _Paint) -> str:
    turn = random.choice((-35, -20, 20, 35))
    return (
        f'<g transform="rotate({turn})"><path d="M20 -98A100 100 0 1 0 98 20A80 80 0 1 1 20 -98Z" '
        f'fill="{paint[0]}"/><circle cx="38" cy="-38" r="26" fill="{paint[1]}"/></g>'
    )


def _peaks(random: Random, paint: _Paint) -> str:
    split = random.choice((-18, 18))
    return (
        f'<circle cx="{-split * 2.4:.0f}" cy="-62" r="24" fill="{paint[1]}"/>'
        f'<path d="M-100 74L{split - 22} -52Q{split - 14} -64 {split - 6} -52L100 74'
        f'Q54 92 0 92Q-54 92 -100 74Z" fill="{paint[0]}"/>'
        f'<path d="M{split - 60} 92L{split + 18} -2L{split + 92} 76Q54 92 0 92Z" '
        f'fill="{paint[2]}" opacity="0.24"/>'
    )


def _sprout(random: Random, paint: _Paint) -> str:
    hand = random.choice((-1, 1))
    return (
        f'<g transform="scale({hand} 1)"><path d="M-4 100V6Q-92 2 -96 -84Q-8 -82 0 -10'
        f'Q10 -60 78 -66Q74 14 6 20V100Z" fill="{paint[0]}"/>'
        f'<circle cx="26" cy="-84" r="15" fill="{paint[1]}"/></g>'
    )


def _waves(random: Random, paint: _Paint) -> str:
    """Seigaiha, the wave of half circles, inside a circle."""
    rings = "".join(
        f'<circle cy="54" r="{r}" fill="{paint[0] if i % 2 == 0 else paint[2]}"/>'
        for i, r in enumerate((92, 76, 60, 44, 28))
    )
    side = random.choice((-1, 1))
    return (
        f'<clipPath id="half"><rect x="-100" y="-100" width="200" height="154"/></clipPath>'
        f'<g clip-path="url(#half)">{rings}</g><rect x="-92" y="64" width="184" height="14" rx="7" '
        f'fill="{paint[0]}"/><circle cx="{side * 66}" cy="-72" r="19" fill="{paint[1]}"/>'
    )


def _facets(random: Random, paint: _Paint) -> str:
    """A cut stone with six sides, or eight."""
    sides = random.choice((6, 8))
    turn = math.pi / sides if sides == 8 else math.pi / 6
    outer = [
        (100 * math.cos(turn + i / sides * math.tau), 100 * math.sin(turn + i / sides * math.tau))
        for i in range(sides)
    ]
    inner = [(x * 0.46, y * 0.46) for x, y in outer]
    drawn = []
    for i in range(sides):
        j = (i + 1) % sides
        opacity = 0.55 + 0.45 * abs(math.cos((i - 1.3) / sides * math.pi))
        d = polygon((outer[i], outer[j], inner[j], inner[i]))
        drawn.append(f'<path d="{d}" fill="{paint[0]}" opacity="{opacity:.2f}"/>')
    return f'{"".join(drawn)}<path d="{polygon(inner)}" fill="{paint[1]}"/>'


_SHAPES: Mapping[str, Callable[[Random, _Paint], str]] = MappingProxyType(
    {
        "petals": _petals,
        "moon": _moon,
        "peaks": _peaks,
        "sprout": _sprout,
        "waves": _waves,
        "facets": _facets,
    }
)
