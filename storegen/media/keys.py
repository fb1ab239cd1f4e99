"""Where a picture lies: keys made of the SHA-256 of the original bytes.

``ab/cdef…/original.jpg``, ``ab/cdef…/w640.webp``, ``ab/cdef…/og.jpg``. The same bytes have the same
key in every store, so a rendition may be cached for ever and a repeated import writes nothing new.
"""

from __future__ import annotations

import hashlib
import re

from storegen.errors import BadMediaKey

#: File name extension of each kind of original that is taken in.
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/tiff": "tif",
    "image/svg+xml": "svg",
}

#: What each public file is served as.
PUBLIC_TYPES = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg", "png": "image/png"}

_FOLDER = r"[0-9a-f]{2}/[0-9a-f]{62}"
_ORIGINAL = re.compile(rf"{_FOLDER}/original\.(?:{'|'.join(EXTENSIONS.values())})")
_PUBLIC = re.compile(
    rf"{_FOLDER}/(?:w[1-9][0-9]{{0,4}}\.(?:webp|avif|jpg|png)|og\.jpg"
    r"|(?:icon|maskable|touch|favicon)-[1-9][0-9]{1,3}\.png)"
)


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256, 64 characters."""
    return hashlib.sha256(data).hexdigest()


def key_of(sha: str, name: str) -> str:
    """The key of file ``name`` of the picture whose original has this SHA-256."""
    return checked(f"{sha[:2]}/{sha[2:]}/{name}")


def original_key(sha: str, mime: str) -> str:
    return key_of(sha, f"original.{EXTENSIONS[mime]}")


def checked(key: str) -> str:
    """``key`` itself, if it is one that this module makes. Raises `BadMediaKey`."""
    if _PUBLIC.fullmatch(key) or _ORIGINAL.fullmatch(key):
        return key
    raise BadMediaKey(key)


def public(key: str) -> str:
    """``key`` itself, if strangers may have the file. Raises `BadMediaKey`.

    Originals are not public: they hold metadata (where a photograph was taken) and whatever else
    came with them; only what storegen encoded itself is served.
    """
    if _PUBLIC.fullmatch(key):
        return key
    raise BadMediaKey(key)


def content_type(key: str) -> str:
    """The Content-Type of a public file."""
    return PUBLIC_TYPES[public(key).rpartition(".")[2]]
