"""A brand's colours from one: arithmetic in OKLCH, so that equal steps look equal."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass

_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
#: WCAG 2.2, success criterion 1.4.3: body text on its background.
READABLE = 4.5

# Hues, in degrees, that look well with quiet lightness: names get one of them by their hash.
_HUES = (24, 42, 62, 88, 128, 152, 178, 205, 240, 268, 300, 345)
# Amber, coral, lagoon: the first that stands well off the brand's hue.
_ACCENTS = (68.0, 32.0, 205.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours as ``#rrggbb``. ``on_brand`` is readable on ``brand``, ``ink`` and ``brand_text`` on
    ``paper`` and ``tint``: contrast of 4.5 or more each.

    ``shades`` are five steps of the brand's hue from pale to deep; ``accent`` is its counterpart.
    """

    brand: str
    on_brand: str
    brand_text: str
    ink: str
    paper: str
    tint: str
    accent: str
    accent_soft: str
    shades: tuple[str, str, str, str, str]


def brand_palette(seed: str) -> Palette:
    """The palette of a colour (``#2f6b4f``, ``2f6b4f``, ``#abc``) or else of a name's hash."""
    found = _HEX.fullmatch(seed.strip())
    # A name of six letters may look like a colour; only the hash sign makes it one for sure.
    if found and (seed.strip().startswith("#") or any(c.isdigit() for c in seed)):
        digits = found[1] if len(found[1]) == 6 else "".join(c * 2 for c in found[1])
        brand = f"#{digits.lower()}"
        light, chroma, hue = to_oklch(brand)
    else:
        digest = hashlib.sha256(seed.strip().casefold().encode()).digest()
        light, chroma = 0.46 + digest[1] / 255 * 0.08, 0.075 + digest[2] / 255 * 0.04
        hue = _HUES[digest[0] % len(_HUES)]
        brand = from_oklch(light, chroma, hue)
    quiet = min(chroma, 0.11)
    across = next((each for each in _ACCENTS if _apart(each, hue) >= 70), _ACCENTS[0])
    paper = from_oklch(0.985, min(quiet, 0.006), hue)
    tint = from_oklch(0.955, min(quiet, 0.018), hue)
    pale, soft, middle, strong, deep = (
        from_oklch(lightness, quiet * share, hue)
        for lightness, share in ((0.92, 0.35), (0.82, 0.65), (0.68, 0.9), (0.5, 1.0), (0.33, 0.8))
    )
    return Palette(
        brand=brand,
        on_brand=readable_on(brand, paper, from_oklch(0.2, min(quiet, 0.03), hue)),
        brand_text=_darkened(light, chroma, hue, tint),
        ink=from_oklch(0.24, min(quiet, 0.02), hue),
        paper=paper,
        tint=tint,
        accent=from_oklch(0.7, 0.13, across),
        accent_soft=from_oklch(0.88, 0.06, across),
        shades=(pale, soft, middle, strong, deep),
    )


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(background: str, *preferred: str) -> str:
    """The first of ``preferred`` that is readable on ``background``, else white or black."""
    for colour in preferred:
        if contrast(background, colour) >= READABLE:
            return colour
    return max("#ffffff", "#000000", key=lambda colour: contrast(background, colour))


def mix(one: str, other: str, share: float) -> str:
    """``one`` with ``share`` (0 to 1) of ``other`` in it."""
    a, b = _oklab(one), _oklab(other)
    light, green_red, blue_yellow = (x + (y - x) * share for x, y in zip(a, b, strict=True))
    return from_oklch(
        light, math.hypot(green_red, blue_yellow), math.degrees(math.atan2(blue_yellow, green_red))
    )


def to_oklch(colour: str) -> tuple[float, float, float]:
    """Lightness 0 to 1, chroma 0 to about 0.3, hue in degrees."""
    light, a, b = _oklab(colour)
    return light, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_oklch(light: float, chroma: float, hue: float) -> str:
    """``#rrggbb``; a colour that screens cannot show loses chroma, never lightness or hue."""
    while True:
        linear = _linear(light, chroma, math.radians(hue))
        if chroma < 0.001 or all(-0.0005 <= channel <= 1.0005 for channel in linear):
            return "#" + "".join(f"{round(255 * _gamma(channel)):02x}" for channel in linear)
        chroma *= 0.96


def _apart(one: float, other: float) -> float:
    """Degrees between two hues, 0 to 180."""
    return abs((one - other + 180) % 360 - 180)


def _darkened(light: float, chroma: float, hue: float, background: str) -> str:
    colour = from_oklch(light, chroma, hue)
    while contrast(colour, background) < READABLE:
        light -= 0.01
        colour = from_oklch(light, chroma, hue)
    return colour


# Matrices of Björn Ottosson, "A perceptual color space for image processing" (2020).
def _oklab(colour: str) -> tuple[float, float, float]:
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear(light: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _ungamma(red), _ungamma(green), _ungamma(blue)


def _ungamma(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
