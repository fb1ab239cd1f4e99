"""Draw the sample brand's artwork anew: ``python -m tools.draw_sample`` from the project's root.

Writes every SVG of ``storegen/generate/sample/art``. The same code gives the same bytes, so that
a change of one shape is a change of the files that show it and of no other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools.sample_art import scenes, table, teas
from tools.sample_art.svg import Sheet

ART = Path(__file__).parent.parent / "storegen" / "generate" / "sample" / "art"


def pictures() -> dict[str, Callable[[], Sheet]]:
    """Every picture by file name without its ending."""
    drawn: dict[str, Callable[[], Sheet]] = {}
    for handle in teas.TEAS:
        drawn[handle] = partial(teas.pack, handle)
        drawn[f"{handle}-2"] = partial(teas.liquor, handle)
    return {**drawn, **table.PICTURES, **scenes.SCENES}


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
