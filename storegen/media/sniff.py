"""What bytes are, told from the bytes; names and headers that came with them are not believed."""

from __future__ import annotations

import re

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_AVIF_BRANDS = {b"avif", b"avis"}
# A prologue (declaration, comments, document type) and then the root element.
_SVG_ROOT = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?svg[\s>/]")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe)[\s>/]", re.IGNORECASE)


def sniff(data: bytes) -> str | None:
    """The MIME type of a picture, or None for everything that is not taken in."""
    for magic, mime in _MAGIC:
        if data.startswith(magic):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and _AVIF_BRANDS & _brands(data):
        return "image/avif"
    return "image/svg+xml" if _is_svg(data[:8192]) else None


def _brands(data: bytes) -> set[bytes]:
    """Major and compatible brands of an ISO base media file."""
    box = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
    return {box[i : i + 4] for i in range(0, len(box), 4) if i != 4}


def _is_svg(head: bytes) -> bool:
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    root = _SVG_ROOT.search(head)
    if not head.startswith(b"<") or not root:
        return False
    return not _HTML.search(head, 0, root.start())
