"""Each tea as dry leaf on a plate beside a cup of its liquor, from a little above."""

from __future__ import annotations

from tools.sample_art import botany, setting
from tools.sample_art.setting import grain
from tools.sample_art.svg import Sheet, dark, light, mix, num
from tools.sample_art.teas import TEAS


def liquor(handle: str) -> Sheet:
    """Dry leaf on a plate and a cup of the tea, closer and from a little above."""
    tea = TEAS[handle]
    seed = len(handle) * 5 + ord(handle[-1])
    sheet = Sheet(1600, 1600)
    ground = tea.tone.table
    sheet.rect(
        0,
        0,
        1600,
        1600,
        sheet.linear([(0, light(ground, 0.42), 1), (1, dark(ground, 0.06), 1)], (0, 0, 0.6, 1)),
    )
    # A runner of cloth across the table.
    cloth = mix(tea.tone.hill, tea.tone.wall, 0.62)
    sheet.path("M-20 250L1620 90V1010L-20 1190Z", cloth)
    sheet.line("M-20 282L1620 122M-20 1158L1620 978", light(cloth, 0.4), 5, 0.8)
    sheet.path("M-20 1190L1620 1010V1032L-20 1214Z", "#2a211a", 0.14)
    _plate(sheet, 640, 690, 470)
    botany.heap(
        sheet, 640, 690, 350, 285, tea.leaf, tea.dry, 190, tea.tip, seed=seed, dome=0.2, size=1.25
    )
    if handle in ("osmanthus-oolong", "jasmine-silver"):
        petal, heart, n = (
            ("#f0c04a", "#a8690f", 4) if handle[0] == "o" else ("#fffdf6", "#e8d79a", 6)
        )
        for i in range(11):
            x, y = 640 + (i * 97) % 420 - 210, 690 + (i * 61) % 340 - 170
            botany.flower(sheet, x, y, 24 if n == 4 else 40, petal, heart, n, i * 23)
    if handle == "mandarin-puer":
        for i in range(9):
            x, y = 640 + (i * 97) % 440 - 220, 690 + (i * 61) % 340 - 170
            with sheet.moved(x, y, turn=i * 47):
                sheet.path("M-54 0Q0-34 56-4Q4 26-54 0Z", tea.colour)
                sheet.line("M-46-2Q0-22 48-5", "#efc98c", 5)
    _cup_from_above(sheet, 1130, 1170, 285, tea.liquor)
    if tea.tone is not setting.RED and tea.tone is not setting.DARK:
        botany.sprig(sheet, 330, 1420, 250, -28, "#6a9153")
    else:
        _scoop(sheet, 420, 1350)
    grain(sheet, seed)
    return sheet


def _plate(sheet: Sheet, cx: float, cy: float, r: float) -> None:
    ry = 0.84
    sheet.oval(
        cx + 34,
        cy + 52,
        r * 1.03,
        r * ry * 1.03,
        sheet.radial([(0.6, "#2a211a", 0.5), (1, "#2a211a", 0)]),
    )
    sheet.oval(cx, cy + 10, r, r * ry, "#cfc6b3")
    sheet.oval(cx, cy, r, r * ry, "#f6f1e6")
    sheet.oval(
        cx,
        cy,
        r * 0.97,
        r * ry * 0.97,
        sheet.linear(
            [(0, "#2a211a", 0.13), (0.5, "#ffffff", 0), (1, "#ffffff", 0.5)], (0, 0, 1, 1)
        ),
    )
    sheet.oval(cx, cy + 6, r * 0.78, r * ry * 0.78, "#eee7d8")


def _cup_from_above(sheet: Sheet, cx: float, cy: float, r: float, liquor_colour: str) -> None:
    ry = r * 0.84
    sheet.oval(
        cx + 40,
        cy + 62,
        r * 1.06,
        ry * 1.06,
        sheet.radial([(0.5, "#2a211a", 0.55), (1, "#2a211a", 0)]),
    )
    sheet.oval(cx, cy + 34, r * 0.93, ry * 0.95, "#c9c3b4")
    sheet.oval(cx, cy, r, ry, "#fbf8f0")
    sheet.oval(
        cx,
        cy,
        r * 0.955,
        ry * 0.955,
        sheet.linear(
            [(0, "#2a211a", 0.30), (0.6, "#2a211a", 0.05), (1, "#ffffff", 0.5)], (0, 0, 0.7, 1)
        ),
    )
    depth = sheet.radial(
        [
            (0, light(liquor_colour, 0.24), 1),
            (0.7, liquor_colour, 1),
            (1, dark(liquor_colour, 0.22), 1),
        ],
        0.55,
        0.6,
        0.62,
    )
    sheet.oval(cx, cy + 14, r * 0.86, ry * 0.84, depth)
    sheet.path(
        f"M{num(cx - r * 0.62)} {num(cy - ry * 0.1)}C{num(cx - r * 0.5)} {num(cy - ry * 0.5)} {num(cx - r * 0.1)} {num(cy - ry * 0.68)} {num(cx + r * 0.2)} {num(cy - ry * 0.62)}C{num(cx - r * 0.1)} {num(cy - ry * 0.54)} {num(cx - r * 0.4)} {num(cy - ry * 0.4)} {num(cx - r * 0.62)} {num(cy - ry * 0.1)}Z",
        "#ffffff",
        0.42,
    )
    sheet.oval(cx + r * 0.4, cy + ry * 0.46, r * 0.12, ry * 0.05, "#ffffff", 0.4)


def _scoop(sheet: Sheet, x: float, y: float) -> None:
    with sheet.moved(x, y, turn=-14):
        sheet.path("M-230 14C-120 64 120 70 300 26L300 40C120 92-140 84-230 14Z", "#2a211a", 0.2)
        sheet.path(
            "M-240 0C-240-52-120-64 0-50C110-40 220-30 310-14Q322 6 310 22C200 40 90 56-10 60C-130 64-240 50-240 0Z",
            "#b98f58",
        )
        sheet.path(
            "M-214 0C-210-34-110-44 0-34C110-26 210-18 286-6C200 10 100 26-6 32C-120 38-212 30-214 0Z",
            "#8d683c",
        )
        sheet.line("M-150-6C-60-20 120-12 240-2", "#d6b17a", 4, 0.6)
