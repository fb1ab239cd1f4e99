"""A small SVG sheet: shapes, gradients, clips and groups, written compactly.

Only what every rasteriser draws alike is offered: no text, no filters, no outside references.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

Stop = tuple[float, str, float]
"""Offset 0..1, colour, opacity 0..1."""


def num(value: float) -> str:
    """A coordinate as short as it can be: a tenth of a unit is finer than any screen shows."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _fraction(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def mix(first: str, second: str, part: float) -> str:
    """``first`` with ``part`` (0..1) of ``second``, both ``#rrggbb``."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def dark(colour: str, part: float) -> str:
    """Towards a warm near-black; pure black looks dirty on paper tones."""
    return mix(colour, "#1d1a17", part)


def light(colour: str, part: float) -> str:
    """Towards a warm white."""
    return mix(colour, "#fffaf0", part)


class Sheet:
    """One picture being drawn, ``width`` × ``height`` user units."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._defs: dict[str, str] = {}
        self._body: list[str] = []

    def _define(self, markup: str) -> str:
        """Keep one definition per content; ``@`` in the markup stands for its id."""
        if markup not in self._defs:
            self._defs[markup] = f"d{len(self._defs)}"
        return self._defs[markup]

    def define(self, markup: str) -> str:
        """A definition of the caller's (``@`` for its id); returns ``url(#id)``."""
        return f"url(#{self._define(markup)})"

    def repeat(self, markup: str, step: int) -> None:
        """``markup``, ``step`` wide and high, over the whole sheet. A pattern would be resampled
        for every pixel, which costs ten times as much and blurs fine strokes."""
        tile = self._define(f'<g id="@">{markup}</g>')
        row = "".join(f'<use href="#{tile}" x="{x}"/>' for x in range(0, self.width, step))
        row = self._define(f'<g id="@">{row}</g>')
        self.add("".join(f'<use href="#{row}" y="{y}"/>' for y in range(0, self.height, step)))

    def linear(
        self, stops: Sequence[Stop], line: tuple[float, float, float, float] = (0, 0, 1, 0)
    ) -> str:
        """A gradient across the shape's box, left to right unless ``line`` says otherwise."""
        x1, y1, x2, y2 = (_fraction(v) for v in line)
        head = f'<linearGradient id="@" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">'
        return self.define(head + self._stops(stops) + "</linearGradient>")

    def down(self, top: str, bottom: str, a: float = 1, b: float = 1) -> str:
        """A gradient from ``top`` to ``bottom`` of the shape's box."""
        return self.linear([(0, top, a), (1, bottom, b)], (0, 0, 0, 1))

    def radial(
        self, stops: Sequence[Stop], cx: float = 0.5, cy: float = 0.5, r: float = 0.5
    ) -> str:
        """A round gradient inside the shape's box."""
        head = (
            f'<radialGradient id="@" cx="{_fraction(cx)}" cy="{_fraction(cy)}" r="{_fraction(r)}">'
        )
        return self.define(head + self._stops(stops) + "</radialGradient>")

    @staticmethod
    def _stops(stops: Sequence[Stop]) -> str:
        parts = []
        for offset, colour, alpha in stops:
            opacity = "" if alpha == 1 else f' stop-opacity="{_fraction(alpha)}"'
            parts.append(f'<stop offset="{_fraction(offset)}" stop-color="{colour}"{opacity}/>')
        return "".join(parts)

    def add(self, markup: str) -> None:
        """Ready markup, as it is."""
        self._body.append(markup)

    def path(self, d: str, fill: str = "none", alpha: float = 1) -> None:
        """A filled path."""
        self.add(f'<path d="{d}" fill="{fill}"{_alpha("fill", alpha)}/>')

    def line(self, d: str, colour: str, width: float, alpha: float = 1) -> None:
        """A stroked path with round ends."""
        self.add(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{num(width)}" '
            f'stroke-linecap="round" stroke-linejoin="round"{_alpha("stroke", alpha)}/>'
        )

    def oval(self, cx: float, cy: float, rx: float, ry: float, fill: str, alpha: float = 1) -> None:
        """An ellipse."""
        self.add(
            f'<ellipse cx="{num(cx)}" cy="{num(cy)}" rx="{num(rx)}" ry="{num(ry)}" '
            f'fill="{fill}"{_alpha("fill", alpha)}/>'
        )

    def rect(
        self, x: float, y: float, w: float, h: float, fill: str, r: float = 0, alpha: float = 1
    ) -> None:
        """A rectangle, its corners rounded by ``r``."""
        corner = f' rx="{num(r)}"' if r else ""
        self.add(
            f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}"{corner} '
            f'fill="{fill}"{_alpha("fill", alpha)}/>'
        )

    @contextmanager
    def clipped(self, d: str) -> Iterator[None]:
        """What is drawn inside is cut to the outline ``d``."""
        clip = self.define(f'<clipPath id="@"><path d="{d}"/></clipPath>')
        self.add(f'<g clip-path="{clip}">')
        yield
        self.add("</g>")

    @contextmanager
    def moved(
        self, x: float = 0, y: float = 0, scale: float = 1, turn: float = 0, flip: bool = False
    ) -> Iterator[None]:
        """What is drawn inside has its origin at (x, y), scaled, turned by degrees, mirrored."""
        steps = [f"translate({num(x)} {num(y)})"]
        if turn:
            steps.append(f"rotate({num(turn)})")
        if scale != 1 or flip:
            size = _fraction(scale)
            steps.append(f"scale({'-' if flip else ''}{size} {size})")
        self.add(f'<g transform="{" ".join(steps)}">')
        yield
        self.add("</g>")

    def render(self) -> str:
        """The document, one element a line so that a change reads well in a diff."""
        box = f"0 0 {self.width} {self.height}"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" '
            f'width="{self.width}" height="{self.height}">'
        )
        defs = [markup.replace("@", key) for markup, key in self._defs.items()]
        block = ["<defs>", *defs, "</defs>"] if defs else []
        return "\n".join([head, *block, *self._body, "</svg>"]) + "\n"


def _alpha(paint: str, value: float) -> str:
    # The paint's own opacity: `opacity` would be a layer of its own for every shape.
    return "" if value == 1 else f' {paint}-opacity="{_fraction(value)}"'
