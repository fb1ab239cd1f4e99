"""Round and flat bodies with light from the upper left, and their shadows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tools.sample_art.svg import Sheet, Stop, num

Point = tuple[float, float]

# Light from the left front: shade, sheen at a third, turning away to the right.
ROUND: tuple[Stop, ...] = (
    (0, "#2a211a", 0.30),
    (0.09, "#2a211a", 0.10),
    (0.24, "#ffffff", 0.20),
    (0.36, "#ffffff", 0.22),
    (0.52, "#ffffff", 0.0),
    (0.54, "#2a211a", 0.0),
    (0.80, "#2a211a", 0.16),
    (0.95, "#2a211a", 0.36),
    (1, "#2a211a", 0.30),
)


def curve(points: Sequence[Point], *, start: bool = True) -> str:
    """A smooth path through ``points`` (Catmull-Rom); a point given twice is a corner."""
    out = [f"M{num(points[0][0])} {num(points[0][1])}"] if start else []
    run: list[Point] = [points[0]]
    for point in [*points[1:], points[-1]]:
        if point != run[-1]:
            run.append(point)
            continue
        for i in range(len(run) - 1):
            before, a, b = run[max(i - 1, 0)], run[i], run[i + 1]
            after = run[min(i + 2, len(run) - 1)]
            c1 = (a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6)
            c2 = (b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6)
            out.append("C" + " ".join(num(v) for pair in (c1, c2, b) for v in pair))
        run = [point]
    return "".join(out)


def lathe(cx: float, profile: Sequence[tuple[float, float]], squash: float = 0.16) -> str:
    """The outline of a turned body: ``profile`` is (y, radius) from top to bottom.

    The bottom is the front half of the base's ellipse; the top is straight, a rim covers it.
    """
    right = [(cx + r, y) for y, r in profile]
    left = [(cx - r, y) for y, r in reversed(profile)]
    base = profile[-1][1]
    arc = f"A{num(base)} {num(base * squash)} 0 0 1 {num(cx - base)} {num(profile[-1][0])}"
    return curve(right) + arc + curve(left, start=False) + "Z"


@contextmanager
def solid(
    sheet: Sheet,
    outline: str,
    colour: str,
    *,
    shade: Sequence[Stop] = ROUND,
    foot: float = 0.16,
) -> Iterator[None]:
    """A body of one colour; what is drawn inside is decoration, cut to it and shaded with it."""
    sheet.path(outline, colour)
    with sheet.clipped(outline):
        yield
    sheet.path(outline, sheet.linear(shade))
    if foot:
        sheet.path(
            outline, sheet.linear([(0.45, "#2a211a", 0), (1, "#2a211a", foot)], (0, 0, 0, 1))
        )


def gloss(
    sheet: Sheet, cx: float, profile: Sequence[tuple[float, float]], alpha: float = 0.45
) -> None:
    """The long reflection of a window on a glazed body."""
    outer = [(cx - r * 0.74, y) for y, r in profile]
    inner = [(cx - r * 0.60, y) for y, r in reversed(profile)]
    d = curve(outer) + f"L{num(inner[0][0])} {num(inner[0][1])}" + curve(inner, start=False) + "Z"
    sheet.path(d, "#ffffff", alpha)


def shadow(sheet: Sheet, cx: float, cy: float, rx: float, ry: float, alpha: float = 0.5) -> None:
    """A soft shadow on the table, drawn out to the right, and the dark line of contact."""
    soft = sheet.radial([(0, "#2a211a", alpha), (0.55, "#2a211a", alpha * 0.5), (1, "#2a211a", 0)])
    sheet.oval(cx + rx * 0.16, cy + ry * 0.1, rx * 1.32, ry * 1.25, soft)
    sheet.oval(cx, cy, rx * 0.96, ry * 0.62, soft)


def rim(
    sheet: Sheet,
    cx: float,
    cy: float,
    r: float,
    colour: str,
    *,
    squash: float = 0.16,
    wall: float = 12,
    inside: str = "",
    liquid: str = "",
    level: float = 0.35,
) -> None:
    """The opening of a vessel: lip, inner wall and, where ``liquid`` is given, its surface."""
    ry = r * squash
    sheet.oval(cx, cy, r, ry, colour)
    sheet.oval(cx, cy, r, ry, sheet.linear([(0, "#ffffff", 0.45), (1, "#2a211a", 0.12)]))
    hole = f"M{num(cx - r + wall)} {num(cy)}a{num(r - wall)} {num(ry - wall * squash * 2.2)} 0 1 0 "
    hole += f"{num(2 * (r - wall))} 0a{num(r - wall)} {num(ry - wall * squash * 2.2)} 0 1 0 "
    hole += f"{num(-2 * (r - wall))} 0Z"
    within = inside or colour
    with sheet.clipped(hole):
        sheet.path(hole, within)
        sheet.path(hole, sheet.linear([(0, "#2a211a", 0.42), (1, "#2a211a", 0.10)]))
        if liquid:
            drop = ry * level
            sheet.oval(cx, cy + drop, r - wall, ry - wall * squash * 2, liquid)
            sheet.oval(
                cx,
                cy + drop,
                r - wall,
                ry - wall * squash * 2,
                sheet.linear([(0, "#2a211a", 0.28), (0.5, "#ffffff", 0.0), (1, "#ffffff", 0.22)]),
            )
            sheet.oval(cx + r * 0.3, cy + drop + ry * 0.28, r * 0.3, ry * 0.14, "#ffffff", 0.4)
