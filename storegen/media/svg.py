"""Vector pictures from outside: cleaned by an allow-list, then turned into pixels.

What is served is the raster, so a script could not run anyway; the cleaning is there so that the
rasteriser is asked for nothing either: no files, no addresses, no entity or `use` bombs.
"""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET  # builds and writes; defusedxml parses

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from PIL import Image

from storegen.errors import PictureRefused
from storegen.media.decode import check_size
from storegen.media.svg_rules import (
    INNER_REFERENCE,
    NAMESPACE,
    XLINK,
    allowed_attributes,
    allowed_style,
    is_allowed,
)

#: The longer side of the raster, in pixels.
SIDE = 1600
_MAX_ELEMENTS = 20_000
_MAX_DEPTH = 64
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_LENGTH = re.compile(r"\s*(\d{0,9}(?:\.\d{0,9})?)(px|pt|pc|mm|cm|in|)\s*")


DRAWN = Path(__file__).parent / "drawn"
"""Rasters of the vector pictures that storegen itself brings, `SIDE` pixels, by content hash;
`python -m tools.draw_pictures` makes them."""


def drawn_path(data: bytes) -> Path:
    """Where the raster of this vector picture lies, if it is one of storegen's own."""
    return DRAWN / f"{hashlib.sha256(data).hexdigest()[:32]}.webp"


def raster(data: bytes, side: int = SIDE) -> Image.Image:
    """The picture as pixels, its longer side at most ``side``. Raises `PictureRefused`."""
    ready = drawn_path(data)
    if ready.exists():
        image = Image.open(ready)
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        return image
    return Image.open(io.BytesIO(rasterise(data, side)), formats=["PNG"])


def rasterise(data: bytes, side: int = SIDE) -> bytes:
    """PNG of a cleaned SVG, ``side`` pixels along its longer side. Raises `PictureRefused`."""
    import resvg_py  # a third of a megabyte that most processes never need

    root = _clean_tree(data)
    _set_size(root, side)
    text = ET.tostring(root, encoding="unicode")
    try:
        # Looking through the system's fonts takes longer than drawing, and few pictures have text.
        no_text = "text" not in _names(root)
        png: bytes = resvg_py.svg_to_bytes(svg_string=text, skip_system_fonts=no_text)
        return png
    except ValueError as error:
        raise PictureRefused("broken") from error
    except BaseException as error:
        # A panic in the Rust library arrives as a BaseException of this name.
        if type(error).__name__ != "PanicException":
            raise
        raise PictureRefused("broken") from None


def clean_svg(data: bytes) -> bytes:
    """The same picture with only what the allow-list knows. Raises `PictureRefused`."""
    return ET.tostring(_clean_tree(data), encoding="unicode").encode()


def _clean_tree(data: bytes) -> ET.Element:
    try:
        root = defusedxml.ElementTree.fromstring(data)
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise PictureRefused("broken") from error
    if root.tag != f"{{{NAMESPACE}}}svg":
        raise PictureRefused("not-a-picture")
    if len(_names(root)) > _MAX_ELEMENTS:
        raise PictureRefused("too-many-pixels")
    clean = _copy(root, depth=0)
    _refuse_expansion(clean)
    return clean


def _copy(element: ET.Element, depth: int) -> ET.Element:
    if depth > _MAX_DEPTH:
        raise PictureRefused("broken")
    kept = ET.Element(element.tag, allowed_attributes(element))
    style = element.tag == f"{{{NAMESPACE}}}style"
    kept.text = allowed_style(element.text or "") if style else element.text
    kept.tail = element.tail
    for child in element:
        if isinstance(child.tag, str) and is_allowed(child.tag):
            kept.append(_copy(child, depth + 1))
    return kept


def _names(root: ET.Element) -> list[str]:
    return [str(element.tag).rpartition("}")[2] for element in root.iter()]


def _refuse_expansion(root: ET.Element) -> None:
    """`use` copies what it names: ten levels of ten uses are ten thousand million elements."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    known: dict[int, int] = {}

    def weight(element: ET.Element, depth: int) -> int:
        if depth > 4 * _MAX_DEPTH:
            raise PictureRefused("broken")
        if id(element) not in known:
            known[id(element)] = 0  # a circle counts once; the rasteriser leaves it out
            total = 1 + sum(weight(child, depth + 1) for child in element)
            total += sum(weight(by_id[name], depth + 1) for name in _named(element) & by_id.keys())
            if total > _MAX_ELEMENTS:
                raise PictureRefused("too-many-pixels")
            known[id(element)] = total
        return known[id(element)]

    weight(root, 0)


def _named(element: ET.Element) -> set[str | None]:
    """The ids that an element draws besides its own content: what it uses, its fill, its mask."""
    link = element.get("href") or element.get(f"{{{XLINK}}}href") or ""
    found = {link.removeprefix("#")}
    for value in element.attrib.values():
        found.update(INNER_REFERENCE.findall(value))
    return {*found}


def _set_size(root: ET.Element, side: int) -> None:
    """Give the root the size in pixels that is wanted, keeping its proportions."""
    box = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))]
    width, height = _length(root.get("width")), _length(root.get("height"))
    if len(box) == 4 and min(box[2:]) > 0:
        width, height = (width, height) if width and height else (box[2], box[3])
    else:
        width, height = width or height or 100.0, height or width or 100.0
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    scale = side / max(width, height)
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    check_size(across, down)
    root.set("width", str(across))
    root.set("height", str(down))


def _length(text: str | None) -> float:
    """A length in pixels; 0 for one that is missing, relative or not positive."""
    found = _LENGTH.fullmatch(text or "")
    if not found or found[1] in ("", "."):
        return 0.0
    return float(found[1]) * _UNITS[found[2]]
