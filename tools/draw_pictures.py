"""Draw the sample brand's vector pictures once, here: `python -m tools.draw_pictures`.

Drawing takes a second of processor time a picture, and everybody's first shop would wait for it.
tests/media/test_drawn.py fails while a picture and its drawing differ.
"""

from __future__ import annotations

import io

from PIL import Image

from storegen.generate.sample import sample_dir
from storegen.media.svg import DRAWN, drawn_path, rasterise


def main() -> None:
    wanted = set()
    DRAWN.mkdir(exist_ok=True)
    for source in sorted(sample_dir().rglob("*.svg")):
        data = source.read_bytes()
        path = drawn_path(data)
        wanted.add(path)
        if not path.exists():
            image = Image.open(io.BytesIO(rasterise(data)))
            image.save(path, "WEBP", quality=90, method=4)
    for path in DRAWN.glob("*.webp"):
        if path not in wanted:
            path.unlink()


if __name__ == "__main__":
    main()
