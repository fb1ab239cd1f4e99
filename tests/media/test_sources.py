from __future__ import annotations

from pathlib import Path

import pytest

from storegen.media.renditions import Rendition
from storegen.media.sources import Source, picture_sources
from storegen.media.storage import LocalMedia

SHA = "ab" + "c" * 62
BASE = f"/media/{SHA[:2]}/{SHA[2:]}"


def rendition(name: str, kind: str, width: int) -> Rendition:
    return Rendition(name=name, format=kind, width=width, height=width // 2, size=1)


WEBP = [rendition(f"w{width}.webp", "webp", width) for width in (1440, 320, 640)]
AVIF = [rendition(f"w{width}.avif", "avif", width) for width in (640, 320)]
PREVIEW = rendition("og.jpg", "jpeg", 1200)


def test_newest_format_first_narrowest_first_and_the_safe_one_to_fall_back_on() -> None:
    found = picture_sources(SHA, [PREVIEW, *WEBP, *AVIF], LocalMedia(Path("/x")).url)
    assert found.sources == (
        Source("image/avif", f"{BASE}/w320.avif 320w, {BASE}/w640.avif 640w"),
        Source(
            "image/webp",
            f"{BASE}/w320.webp 320w, {BASE}/w640.webp 640w, {BASE}/w1440.webp 1440w",
        ),
    )
    assert found.src == f"{BASE}/w640.webp"
    assert (found.width, found.height) == (1440, 720)
    assert found.social == f"{BASE}/og.jpg"


def test_a_small_picture_without_avif_and_preview() -> None:
    found = picture_sources(SHA, [rendition("w200.webp", "webp", 200)], LocalMedia(Path("/x")).url)
    assert found.src == f"{BASE}/w200.webp"
    assert [source.type for source in found.sources] == ["image/webp"]
    assert (found.width, found.height, found.social) == (200, 100, None)


def test_a_picture_that_was_never_encoded_is_a_bug() -> None:
    with pytest.raises(ValueError, match="without renditions"):
        picture_sources(SHA, [PREVIEW], LocalMedia(Path("/x")).url)
