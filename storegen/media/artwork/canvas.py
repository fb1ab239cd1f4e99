"""A square sheet to draw on: 1000 units a side, numbers short, chance from a seed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from random import Random

SIDE = 1000
Point = tuple[float, float]


def chance(seed: str) -> Random:
    """Random numbers that are the same for the same text on every machine and version."""
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()
    return Random(int.from_bytes(digest, "big"))  # noqa: S311  for drawing, not for secrets


def n(value: float) -> str:
    """A coordinate to a tenth of a unit."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


class Canvas:
    """Collects elements; `svg` gives the document. Colours are ``#rrggbb``."""

    def __init__(self, background: str) -> None:
        self._definitions: list[str] = []
        self._parts = [f'<rect width="{SIDE}" height="{SIDE}" fill="{background}"/>']

    def path(self, d: str, fill: str = "none", **attributes: object) -> None:
        self._parts.append(f'<path d="{d}" fill="{fill}"{_written(attributes)}/>')

    def circle(self, x: float, y: float, r: float, fill: str = "none", **more: object) -> None:
        self._parts.append(
            f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="{fill}"{_written(more)}/>'
        )

    def rect(self, x: float, y: float, w: float, h: float, fill: str, **more: object) -> None:
        self._parts.append(
            f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" fill="{fill}"'
            f"{_written(more)}/>"
        )

    def gradient(self, top: str, bottom: str, *, opacity: tuple[float, float] = (1, 1)) -> str:
        """A gradient from top to bottom; returns what to give as ``fill``."""
        name = f"g{len(self._definitions)}"
        self._definitions.append(
            f'<linearGradient id="{name}" x2="0" y2="1">'
            f'<stop stop-color="{top}" stop-opacity="{n(opacity[0])}"/>'
            f'<stop offset="1" stop-color="{bottom}" stop-opacity="{n(opacity[1])}"/>'
            "</linearGradient>"
        )
        return f"url(#{name})"

    def svg(self) -> bytes:
        definitions = f"<defs>{''.join(self._definitions)}</defs>" if self._definitions else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" '
            f'width="{SIDE}" height="{SIDE}">{definitions}{"".join(self._parts)}</svg>'
        ).encode()


def smooth(points: Sequence[Point], *, closed: bool = False) -> str:
    """A curve through all points (Catmull-Rom, written as cubic Béziers)."""
    count = len(points)

    def at(place: int) -> Point:
        return points[place % count if closed else min(max(place, 0), count - 1)]

    d = [f"M{n(points[0][0])} {n(points[0][1])}"]
    for i in range(count if closed else count - 1):
        before, start, end, after = at(i - 1), at(i), at(i + 1), at(i + 2)
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        d.append("C" + " ".join(n(value) for point in (one, two, end) for value in point))
    return "".join(d) + ("Z" if closed else "")


def polygon(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + "Z"


def around(x: float, y: float, r: float, angle: float) -> Point:
    """The point at ``angle`` radians on a circle."""
    return x + r * math.cos(angle), y + r * math.sin(angle)


def _written(attributes: dict[str, object]) -> str:
    return "".join(
        f' {key.replace("_", "-")}="{n(value) if isinstance(value, float) else value}"'
        for key, value in attributes.items()
    )
