"""Emblems on the labels: each in a square from -100 to 100, in one colour."""

from __future__ import annotations

from collections.abc import Callable

from tools.sample_art import botany
from tools.sample_art.mark import PAPER
from tools.sample_art.svg import Sheet

Emblem = Callable[[Sheet, str], None]


def hills(sheet: Sheet, ink: str) -> None:
    sheet.path(
        "M-96 60C-60 50-40-30-12-30C10-30 18 10 34 10C50 10 56-10 70-10C84-10 92 40 98 60Z", ink
    )
    sheet.line("M-60-40l-8 26M-30-78l-8 26M6-84l-8 26M44-66l-8 26M78-52l-8 26", ink, 7)


def lake(sheet: Sheet, ink: str) -> None:
    sheet.path("M-20 0A54 54 0 0 1 88 0Z", ink)
    sheet.line("M-92 14H92M-70 34H30M-20 54H74M-60 74H6", ink, 7)
    sheet.path("M-86 4L-52-34L-18 4Z", ink)


def twig(sheet: Sheet, ink: str) -> None:
    botany.bamboo(sheet, -100, -96, 190, ink)


def pines(sheet: Sheet, ink: str) -> None:
    botany.pine(sheet, -96, 20, 170, ink)


def sun(sheet: Sheet, ink: str) -> None:
    sheet.oval(0, -10, 42, 42, ink)
    sheet.path("M-98 66C-60 66-52 26-20 26C6 26 14 50 40 50C62 50 70 36 98 66Z", ink)
    sheet.line("M0-92v20M58-68l-14 14M-58-68l14 14M-82-10h20M82-10h-20", ink, 7)


def cliff(sheet: Sheet, ink: str) -> None:
    sheet.path("M-92 72L-70-30L-46-64L-24-24L-16 72Z", ink)
    sheet.path("M4 72L14-56L40-92L62-40L88 72Z", ink)
    sheet.line("M-10 72C-6 20-4-10 4-40", ink, 6)


def orchid(sheet: Sheet, ink: str) -> None:
    sheet.line(
        "M-10 84C-14 30-50-30-92-44M0 84C0 30 26-30 30-88M8 84C14 40 50 6 92-2M-4 84C-8 40-30 10-46-70",
        ink,
        8,
    )
    botany.flower(sheet, 52, -46, 34, ink, PAPER)


def bud(sheet: Sheet, ink: str) -> None:
    for turn in (-118, -90, -62):
        botany.leaf(sheet, 0, 70, 150 if turn == -90 else 118, turn, ink, 0.26)


def jasmine(sheet: Sheet, ink: str) -> None:
    botany.leaf(sheet, -10, 20, 96, 150, ink)
    botany.leaf(sheet, 10, 24, 92, 40, ink)
    botany.flower(sheet, 0, -10, 62, ink, PAPER, 6)


def osmanthus(sheet: Sheet, ink: str) -> None:
    botany.leaf(sheet, -6, 10, 100, 205, ink, 0.42)
    botany.leaf(sheet, 0, 20, 96, 20, ink, 0.42)
    for x, y in ((-26, 30), (8, -22), (30, 44), (-14, 64), (-40, -30), (44, -10)):
        botany.flower(sheet, x, y, 25, ink, PAPER, 4, 45)


def citrus(sheet: Sheet, ink: str) -> None:
    sheet.oval(0, 14, 66, 60, ink)
    sheet.line("M0-42C4-60 12-66 20-72", ink, 8)
    botany.leaf(sheet, 10, -58, 72, 8, ink)
    sheet.line("M-34 14A34 30 0 0 0 0 46", PAPER, 6)


def cloud(sheet: Sheet, ink: str) -> None:
    sheet.line("M-92 44H60a30 30 0 1 0-26-44a46 46 0 0 0-86-12a32 32 0 0 0-40 30M-60 70H92", ink, 9)


def lantern(sheet: Sheet, ink: str) -> None:
    sheet.oval(0, 0, 54, 62, ink)
    sheet.line("M0-88V-62M0 62V96M-22 70V86M22 70V86", ink, 8)
    sheet.line("M-24-54C-40-20-40 20-24 54M24-54C40-20 40 20 24 54M0-62V62", PAPER, 4)
