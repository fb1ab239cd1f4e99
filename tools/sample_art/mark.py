"""The brand's mark and wordmark: rain over a hill, and its letters drawn as strokes."""

from __future__ import annotations

from tools.sample_art.setting import circle
from tools.sample_art.svg import Sheet, num

PAPER = "#f8f2e4"
# Strokes on a 100 × 100 square.
YU = "M20 13H80M12 92V33H88V84q0 8-9 8M50 13V92"  # 雨 without its four drops
YU_DROPS = ((31, 46), (31, 66), (69, 46), (69, 66))
SHAN = "M50 10V87M13 40V87H87V40"  # 山
CHA = "M10 24H90M34 10V38M66 10V38M50 34L12 62M50 34L88 62M30 66H70M50 52V92M50 92q-6 0-9-4M34 76L22 88M66 76L78 88"  # 茶
LATIN = {
    "R": ("M0 100V0H30a28 28 0 0 1 0 56H0M30 56L58 100", 58),
    "A": ("M0 100L34 0L68 100M13 64H55", 68),
    "I": ("M0 0V100", 0),
    "N": ("M0 100V0L62 100V0", 62),
    "H": ("M0 0V100M60 0V100M0 50H60", 60),
    "L": ("M0 0V100H46", 46),
    "T": ("M0 0H64M32 0V100", 64),
    "E": ("M52 0H0V100H52M0 50H44", 52),
    "M": ("M0 100V0L40 70L80 0V100", 80),
    " ": ("", 20),
}


def drop(cx: float, cy: float, size: float) -> str:
    """A falling drop that is also a tea bud."""
    s = size
    return (
        f"M{num(cx)} {num(cy - s)}c{num(s * 0.5)} {num(s * 0.62)} {num(s * 0.6)} {num(s * 0.9)} "
        f"{num(s * 0.6)} {num(s * 1.2)}a{num(s * 0.6)} {num(s * 0.6)} 0 0 1 {num(-s * 1.2)} 0"
        f"c0 {num(-s * 0.3)} {num(s * 0.1)} {num(-s * 0.58)} {num(s * 0.6)} {num(-s * 1.2)}Z"
    )


def han(sheet: Sheet, colour: str, weight: float = 9, drops: bool = True) -> None:
    """雨山 one above the other, 100 wide and 215 high, from (0, 0)."""
    sheet.line(YU, colour, weight)
    if drops:
        sheet.path("".join(drop(x, y - 2, 9) for x, y in YU_DROPS), colour)
    with sheet.moved(0, 112):
        sheet.line(SHAN, colour, weight)


def latin(sheet: Sheet, word: str, colour: str, weight: float, gap: float = 34) -> float:
    """A word in drawn capitals 100 high from (0, 0); returns its width."""
    x = 0.0
    for letter in word:
        strokes, width = LATIN[letter]
        if strokes:
            with sheet.moved(x, 0):
                sheet.line(strokes, colour, weight)
        x += width + gap
    return x - gap


def seal(sheet: Sheet, cx: float, cy: float, r: float, ink: str, paper: str) -> None:
    """The mark in a disc: four drops over a double hill."""
    with sheet.moved(cx, cy, r / 100):
        sheet.oval(0, 0, 100, 100, ink)
        with sheet.clipped(circle(0, 0, 88)):
            sheet.path(
                "M-100 46C-66 40-50-6-24-6C-6-6 2 18 18 18C32 18 38 4 52 4C72 4 82 44 110 50V110H-110Z",
                paper,
            )
            sheet.line("M-100 62C-60 58-44 34-22 34C0 34 12 54 32 54C48 54 60 44 100 64", ink, 5)
            sheet.line("M-100 80C-60 76-40 60-16 60C8 60 24 76 48 76C62 76 76 70 100 80", ink, 5)
        for x, y in ((-34, -48), (-11, -60), (12, -48), (35, -36)):
            sheet.path(drop(x, y, 11), paper)
