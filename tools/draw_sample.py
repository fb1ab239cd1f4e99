"""Draw the sample brand's artwork anew: ``python -m tools.draw_sample`` from the project's root.

Writes every SVG of ``storegen/generate/sample/art``. The same code gives the same bytes, so that
a change of one shape is a change of the files that show it and of no other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools.sample_art import figures, gifts, liquor, scenes, table, tea_packs, teas, wares
from tools.sample_art.svg import Sheet

ART = Path(__file__).parent.parent / "storegen" / "generate" / "sample" / "art"

TABLE: dict[str, Callable[[], Sheet]] = {
    "gaiwan-moon": lambda: table.gaiwan(wares.MOON),
    "gaiwan-celadon": lambda: table.gaiwan(wares.CELADON),
    "gaiwan-iron": lambda: table.gaiwan(wares.IRON),
    "gaiwan-open": table.gaiwan_open,
    "pitcher-celadon": lambda: table.pitcher(glass=False),
    "pitcher-glass": lambda: table.pitcher(glass=True),
    "shipiao-teapot": table.teapot,
    "shipiao-teapot-2": table.teapot_served,
    "cups-moon": lambda: table.cups(wares.MOON),
    "cups-celadon": lambda: table.cups(wares.CELADON),
    "cups-iron": lambda: table.cups(wares.IRON),
    "glass-mug": figures.glass_mug,
    "bamboo-tray": figures.tray,
    "tea-tools": figures.tools,
    "iron-kettle": table.kettle,
    "tea-caddy": table.caddy,
    "rain-frog": figures.frog,
    "tea-cloth-pine": lambda: figures.cloth("#4c6d5e"),
    "tea-cloth-linen": lambda: figures.cloth(wares.LINEN),
    "tea-cloth-persimmon": lambda: figures.cloth(wares.PERSIMMON),
    "travel-set": gifts.travel_set,
    "four-seasons": gifts.four_seasons,
    "four-seasons-2": gifts.four_seasons_closed,
    "first-meeting": gifts.first_meeting,
    "sampler-six": gifts.sampler,
    "gift-bag": gifts.bag,
}


def pictures() -> dict[str, Callable[[], Sheet]]:
    """Every picture by file name without its ending."""
    drawn: dict[str, Callable[[], Sheet]] = {}
    for handle in teas.TEAS:
        drawn[handle] = partial(tea_packs.pack, handle)
        drawn[f"{handle}-2"] = partial(liquor.liquor, handle)
    return {**drawn, **TABLE, **scenes.SCENES}


def main() -> None:
    ART.mkdir(exist_ok=True)
    wanted = {f"{name}.svg" for name in pictures()}
    for old in ART.glob("*.svg"):
        if old.name not in wanted:
            old.unlink()
    total = 0
    for name, draw in pictures().items():
        text = draw().render()
        (ART / f"{name}.svg").write_text(text, encoding="utf-8")
        total += len(text)
    print(f"{len(wanted)} pictures, {total // 1024} KiB")


if __name__ == "__main__":
    main()
