"""Pictures that a catalog names by a path of its own disk."""

from __future__ import annotations

from pathlib import Path

from storegen.errors import PictureRefused
from storegen.media.decode import MAX_BYTES


def local_picture(folder: Path, reference: str) -> Path:
    """The file that ``reference`` names below ``folder``, the folder of the catalog file.

    A catalog may come from elsewhere, so it reaches no file outside its folder, neither by ``..``
    nor by an absolute path nor by a link. Raises `PictureRefused`: outside, missing.
    """
    if "\x00" in reference:
        raise PictureRefused("missing")
    base = folder.resolve()
    path = (base / reference.strip().replace("\\", "/")).resolve()
    if not path.is_relative_to(base):
        raise PictureRefused("outside")
    if not path.is_file():
        raise PictureRefused("missing")
    return path


def read_picture(path: Path) -> bytes:
    """The bytes of a file, not one more than is taken in. Raises `PictureRefused`."""
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise PictureRefused("missing")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PictureRefused("missing") from error
    if len(data) > MAX_BYTES:
        raise PictureRefused("too-many-bytes")
    return data
