"""Which names a member may have, and where it goes."""

from __future__ import annotations

from pathlib import Path

from storegen.errors import BadMediaKey
from storegen.media import keys

DATABASE = "database/"
MEDIA = "media/"
_LONGEST = 250  # what a USTAR header holds


def is_safe(name: str) -> bool:
    """A relative path that stays in its folder on every system: no ``..``, no drive, no hidden
    file, nothing of ``var/``, and below ``media/`` only what the shop makes itself."""
    parts = name.split("/")
    if len(name.encode("utf-8", "replace")) > _LONGEST or not name.isprintable():
        return False
    if any(sign in name for sign in '\\:*?"<>|'):
        return False
    if any(not part or part.startswith(".") or part.endswith((".", " ")) for part in parts):
        return False
    if parts[0].casefold() in ("var", "manifest.json"):
        return False
    return not name.startswith(MEDIA) or _is_media(name.removeprefix(MEDIA))


def mode(name: str) -> int:
    """Only pictures are for everybody: store.toml holds secrets, the database holds people."""
    return 0o644 if name.startswith(MEDIA) else 0o600


def media_files(root: Path) -> list[str]:
    """The pictures of a shop as member names; half-written files are left out."""
    folder = root / "media"
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if _plain(path))
    return sorted(f"{MEDIA}{name}" for name in found if _is_media(name))


def own_files(root: Path, referenced: list[str]) -> list[str]:
    """store.toml, what it refers to with ``$file:``, what its owner keeps beside it, and the
    customers' private pictures."""
    names = {"store.toml", "requirements.txt", "README.md", *referenced}
    for folder in ("secrets", "themes", "plugins", "private"):
        names |= {
            path.relative_to(root).as_posix()
            for path in (root / folder).rglob("*")
            if "__pycache__" not in path.parts
        }
    return sorted(name for name in names if is_safe(name) and _plain(root / name))


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _is_media(name: str) -> bool:
    try:
        keys.checked(name)
    except BadMediaKey:
        return False
    return True
