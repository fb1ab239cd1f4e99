"""Packs: tin, paper tube, pouch, box, and the label with its emblem."""

from __future__ import annotations

from tools.sample_art.emblems import Emblem
from tools.sample_art.mark import PAPER, han, latin, seal
from tools.sample_art.solids import curve, lathe, shadow, solid
from tools.sample_art.svg import Sheet, Stop, dark, light, mix, num

INK = "#24302b"

METAL: tuple[Stop, ...] = (
    (0, "#2a211a", 0.34),
    (0.07, "#2a211a", 0.05),
    (0.2, "#ffffff", 0.30),
    (0.27, "#ffffff", 0.12),
    (0.5, "#ffffff", 0.0),
    (0.52, "#2a211a", 0.0),
    (0.84, "#2a211a", 0.30),
    (0.93, "#2a211a", 0.38),
    (1, "#2a211a", 0.18),
)
FLAT: tuple[Stop, ...] = ((0, "#ffffff", 0.10), (0.5, "#ffffff", 0), (1, "#2a211a", 0.10))


def label(
    sheet: Sheet,
    cx: float,
    top: float,
    w: float,
    h: float,
    ink: str,
    emblem: Emblem | None = None,
    paper: str = PAPER,
) -> None:
    """A paper label: emblem above, the name 雨山 upright below, a fine frame."""
    sheet.rect(cx - w / 2, top, w, h, paper, 6)
    inset = w * 0.05
    sheet.add(
        f'<rect x="{num(cx - w / 2 + inset)}" y="{num(top + inset)}" width="{num(w - 2 * inset)}" '
        f'height="{num(h - 2 * inset)}" fill="none" stroke="{ink}" stroke-width="2.5" rx="3"/>'
    )
    small = min(w * 0.27, h * 0.165)
    if emblem:
        with sheet.moved(cx, top + inset + small * 1.3, small / 100):
            emblem(sheet, ink)
    room = h - inset * 2 - (small * 2.4 if emblem else 0) - h * 0.16
    size = min(room / 225, w * 0.32 / 100)
    y = top + h - inset - h * 0.14 - size * 215
    with sheet.moved(cx - 50 * size, y, size):
        han(sheet, ink, 9)
    if w < 200:  # too small to read; the name in Han characters says it
        return
    bottom = top + h - inset - h * 0.075
    word = w * 0.5
    scale = word / 590
    with sheet.moved(cx - word / 2, bottom - 50 * scale, scale):
        latin(sheet, "RAINHILL", ink, 13)


def cylinder(
    sheet: Sheet,
    cx: float,
    base: float,
    r: float,
    h: float,
    colour: str,
    *,
    lid: str = "",
    lid_part: float = 0.2,
    emblem: Emblem | None = None,
    ink: str = INK,
    band: str = "",
    squash: float = 0.14,
    shade: tuple[Stop, ...] = METAL,
    labelled: bool = True,
) -> None:
    """A round tin or paper tube standing on ``base``, with a lid and a label."""
    cap = lid or dark(colour, 0.16)
    shadow(sheet, cx, base, r * 1.12, r * 0.34)
    top, seam = base - h, base - h * (1 - lid_part)
    with solid(
        sheet, lathe(cx, [(seam, r * 0.985), (base, r * 0.985)], squash), colour, shade=shade
    ):
        if band:
            d = lathe(cx, [(base - h * 0.09, r), (base, r)], squash)
            sheet.path(d, band)
            sheet.path(lathe(cx, [(base - h * 0.115, r), (base - h * 0.105, r)], squash), band)
        if labelled:
            label(sheet, cx, seam + h * 0.10 + r * squash * 0.6, r * 1.12, h * 0.60, ink, emblem)
    sheet.path(lathe(cx, [(seam, r * 0.99), (seam + 16, r * 0.99)], squash), "#1d1a17", 0.22)
    with solid(
        sheet,
        lathe(cx, [(top, r * 0.97), (top + 14, r), (seam, r)], squash),
        cap,
        shade=shade,
        foot=0.1,
    ):
        sheet.path(lathe(cx, [(seam - 18, r), (seam - 12, r)], squash), light(cap, 0.45), 0.7)
    sheet.oval(cx, top + 4, r * 0.985, r * squash, light(cap, 0.16))
    sheet.oval(
        cx,
        top + 4,
        r * 0.985,
        r * squash,
        sheet.linear([(0, "#ffffff", 0.35), (1, "#2a211a", 0.18)]),
    )
    sheet.oval(
        cx,
        top + 7,
        r * 0.84,
        r * squash * 0.82,
        sheet.linear([(0, "#2a211a", 0.16), (1, "#ffffff", 0.25)]),
    )


def pouch(
    sheet: Sheet,
    cx: float,
    base: float,
    w: float,
    h: float,
    colour: str,
    *,
    emblem: Emblem | None = None,
    ink: str = INK,
    belly: str = "",
) -> None:
    """A stand-up paper pouch with a sealed top and a gusset at the foot."""
    shadow(sheet, cx, base - 4, w * 0.54, w * 0.12)
    top, half = base - h, w / 2
    left = [
        (cx - half * 0.97, top),
        (cx - half * 0.97, top + 70),
        (cx - half * 1.0, top + h * 0.4),
        (cx - half * 1.03, base - h * 0.14),
        (cx - half * 0.94, base - 22),
    ]
    right = [(2 * cx - x, y) for x, y in reversed(left)]
    d = (
        curve(left)
        + f"Q{num(cx)} {num(base + 34)} {num(right[0][0])} {num(right[0][1])}"
        + curve(right, start=False)
        + "Z"
    )
    with solid(
        sheet,
        d,
        colour,
        shade=(
            (0, "#2a211a", 0.24),
            (0.05, "#2a211a", 0.04),
            (0.2, "#ffffff", 0.20),
            (0.45, "#ffffff", 0.05),
            (0.7, "#2a211a", 0.03),
            (0.94, "#2a211a", 0.20),
            (1, "#2a211a", 0.32),
        ),
        foot=0.12,
    ):
        if belly:
            sheet.path(
                f"M{num(cx - w)} {num(base - h * 0.30)}Q{num(cx)} {num(base - h * 0.24)} {num(cx + w)} {num(base - h * 0.30)}V{num(base + 60)}H{num(cx - w)}Z",
                belly,
            )
        sheet.rect(cx - w, top, 2 * w, 62, dark(colour, 0.12))
        ribs = "".join(f"M{num(cx - half)} {num(top + y)}h{num(w)}" for y in (14, 26, 38, 50))
        sheet.line(ribs, light(colour, 0.3), 2, 0.5)
        label(sheet, cx, top + h * 0.17, w * 0.60, h * 0.58, ink, emblem)
        sheet.line(
            f"M{num(cx - half * 0.93)} {num(base - 34)}Q{num(cx)} {num(base - h * 0.17)} {num(cx + half * 0.93)} {num(base - 34)}",
            "#1d1a17",
            4,
            0.16,
        )
        for side in (-1, 1):
            sheet.path(
                f"M{num(cx + side * half * 0.98)} {num(top + 80)}Q{num(cx + side * half * 0.72)} {num(top + h * 0.3)} {num(cx + side * half * 1.02)} {num(base - h * 0.3)}Z",
                "#1d1a17",
                0.09,
            )
    for side in (-1, 1):
        sheet.path(
            f"M{num(cx + side * half * 0.985)} {num(top + 84)}l{num(-side * 16)} 8l{num(side * 16)} 8Z",
            light(colour, 0.5),
        )


def box(
    sheet: Sheet,
    cx: float,
    base: float,
    w: float,
    h: float,
    colour: str,
    *,
    depth: float = 90,
    side: str = "",
    lid: float = 0,
) -> None:
    """An upright or flat carton with its top showing; ``lid`` is the height of a telescope lid."""
    shadow(sheet, cx + depth * 0.2, base, w * 0.56, 52)
    x, top = cx - w / 2, base - h
    edge = side or dark(colour, 0.2)
    sheet.path(
        f"M{num(x)} {num(top)}L{num(x + depth * 0.7)} {num(top - depth)}H{num(x + w - depth * 0.7)}L{num(x + w)} {num(top)}Z",
        light(colour, 0.16),
    )
    sheet.path(
        f"M{num(x)} {num(top)}L{num(x + depth * 0.7)} {num(top - depth)}H{num(x + w - depth * 0.7)}L{num(x + w)} {num(top)}Z",
        sheet.linear([(0, "#ffffff", 0.2), (1, "#2a211a", 0.10)]),
    )
    front = f"M{num(x)} {num(top)}h{num(w)}v{num(h)}h{num(-w)}Z"
    with solid(sheet, front, colour, shade=FLAT, foot=0.14):
        if lid:
            sheet.rect(x, top + lid, w, h, dark(colour, 0.09))
            sheet.rect(x, top + lid, w, 9, "#1d1a17", alpha=0.25)
    sheet.line(f"M{num(x)} {num(top)}h{num(w)}", light(colour, 0.5), 3, 0.8)
    sheet.line(f"M{num(x)} {num(base)}h{num(w)}", edge, 4, 0.7)


def disc_label(sheet: Sheet, cx: float, cy: float, r: float, ink: str, paper: str = PAPER) -> None:
    """A round sticker with the seal."""
    sheet.oval(cx, cy, r, r, paper)
    seal(sheet, cx, cy, r * 0.82, ink, mix(paper, "#ffffff", 0.3))
