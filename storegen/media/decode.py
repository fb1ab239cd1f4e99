"""From untrusted bytes to an upright sRGB image, within limits."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from storegen.errors import PictureRefused
from storegen.media.renditions import WIDTHS
from storegen.media.sniff import sniff

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
#: The longer side over the shorter one. WebP ends at 16,383 pixels a side, so a thin strip that
#: is scaled to a page's width would not fit; no product picture comes near.
MAX_RATIO = 20

_PILLOW = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
}
# Decoders meet garbage in many ways; each of these was seen from a damaged or forged file.
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    AssertionError,
    RuntimeError,
    MemoryError,
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """An upright RGB or RGBA image in sRGB.

    ``width`` and ``height`` are the original's, upright; ``image`` may be smaller, since a large
    JPEG is decoded at a fraction of its size.
    """

    image: Image.Image
    mime: str
    width: int
    height: int


def decode(data: bytes, *, enough: int) -> Decoded:
    """Decode the first frame. ``enough`` is the width in pixels that will be needed at most.

    Raises `PictureRefused`: too-many-bytes, not-a-picture, too-many-pixels, shape, broken.
    """
    with warnings.catch_warnings():
        # Pillow warns of damaged notes in the metadata, which is not kept anyway.
        warnings.simplefilter("ignore")
        return _decode(data, enough)


def _decode(data: bytes, enough: int) -> Decoded:
    mime = check_bytes(data)
    if mime == "image/svg+xml":
        from storegen.media import svg  # needs the XML parser and resvg: seldom used

        # Drawing costs by the pixel; where all widths are asked for, some are in reserve.
        side = svg.SIDE if enough >= max(WIDTHS) else enough
        image = _flat(svg.raster(data, side))
        return Decoded(image, mime, image.width, image.height)
    image = _open(data, mime)
    try:
        turned = mime == "image/jpeg" and image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        width, height = reversed(image.size) if turned else image.size
        if mime == "image/jpeg":
            # libjpeg scales by 1/2, 1/4 or 1/8 while it decodes, never below what is asked.
            across = (round(enough * height / width), enough) if turned else None
            image.draft(None, across or (enough, round(enough * height / width)))
        image.seek(0)
        image.load()
        upright = ImageOps.exif_transpose(image)
        flat = _flat(upright)
    except _BROKEN as error:
        raise PictureRefused("broken") from error
    if mime != "image/jpeg":
        width, height = flat.size
    return Decoded(flat, mime, width, height)


def check_bytes(data: bytes) -> str:
    """The MIME type, told from the bytes. Raises `PictureRefused`."""
    if len(data) > MAX_BYTES:
        raise PictureRefused("too-many-bytes")
    mime = sniff(data)
    if mime is None:
        raise PictureRefused("not-a-picture")
    return mime


def check_embedded(data: bytes) -> None:
    """Whether a picture inside a vector picture may be drawn. Raises `PictureRefused`."""
    mime = check_bytes(data)
    if mime == "image/svg+xml":
        raise PictureRefused("not-a-picture")
    _open(data, mime)


def check_size(width: int, height: int) -> None:
    """Raises `PictureRefused` for a size that is not taken in."""
    if width < 1 or height < 1:
        raise PictureRefused("broken")
    if width * height > MAX_PIXELS:
        raise PictureRefused("too-many-pixels")
    if max(width, height) > MAX_RATIO * min(width, height):
        raise PictureRefused("shape")


def _open(data: bytes, mime: str) -> Image.Image:
    """The opened image with only its header read, its size checked."""
    try:
        image = Image.open(io.BytesIO(data), formats=[_PILLOW[mime]])
    except Image.DecompressionBombError as error:
        raise PictureRefused("too-many-pixels") from error
    except _BROKEN as error:
        raise PictureRefused("broken") from error
    check_size(*image.size)
    return image


def _flat(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where something is transparent, in sRGB and without metadata."""
    clear = image.has_transparency_data
    profile = image.info.get("icc_profile")
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _eight_bits(image)
    if image.mode in ("1", "P", "LA", "PA", "La", "RGBa", "HSV", "YCbCr"):
        image = image.convert("RGBA" if clear else "RGB")
    if profile:
        image = _to_srgb(image, profile)
    image = image.convert("RGBA" if clear else "RGB")
    if clear and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info = {}
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen-bit greys to eight; other ranges are stretched to what is there."""
    if image.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        found = image.convert("F").getextrema()
        low, high = float(found[0]), float(found[1])  # type: ignore[arg-type]
        if 255 < high <= 65535 and low >= 0:  # a sixteen-bit PNG in a wider mode
            low, high = 0.0, 65535.0
    scale = 255 / (high - low) if high > low else 1.0
    return image.convert("F").point(lambda value: value * scale - low * scale).convert("L")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as the profile means them; an unusable profile is ignored, as browsers do."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    try:
        converted = ImageCms.profileToProfile(
            colours,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    assert converted is not None
    if alpha:
        converted.putalpha(alpha)
    return converted
