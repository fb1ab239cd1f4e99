"""The committed artwork is what the drawing code draws."""

from __future__ import annotations

from tools.draw_sample import ART, pictures


def test_the_files_are_those_that_the_code_draws() -> None:
    drawn = {f"{name}.svg": draw().render() for name, draw in pictures().items()}
    kept = {path.name: path.read_text(encoding="utf-8") for path in ART.glob("*.svg")}
    assert kept.keys() == drawn.keys()
    changed = [name for name, text in drawn.items() if kept[name] != text]
    assert changed == [], "run `python -m tools.draw_sample` and look at what it drew"
