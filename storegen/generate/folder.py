"""A folder for a new shop, which leaves nothing behind when the shop does not come to be."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from storegen.errors import SetupError


@contextmanager
def new_folder(root: Path) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Make ``root``, which must not be there or be empty. Inside, ``undo(action)`` notes what to
    take back besides; whatever ends the block with an exception, Ctrl-C too, takes all of it back.
    """
    made = _make(root)
    with ExitStack() as stack:
        stack.callback(_remove, root, made)

        def undo(action: Callable[[], object]) -> None:
            stack.callback(action)

        yield undo
        stack.pop_all()


def _make(root: Path) -> list[Path]:
    """Make the folder; returns those that were missing, the outermost first."""
    try:
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise SetupError(
                f"{root} is not empty." if root.is_dir() else f"{root} is a file.",
                "Name a new folder, or empty this one first.",
            )
        missing = [each for each in (root, *root.parents) if not each.exists()][::-1]
        root.mkdir(parents=True, exist_ok=True)
        probe = root / ".storegen"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SetupError(
            f"The folder {root} cannot be made: {(error.strerror or str(error)).lower()}.",
            "Name a folder that you may write to.",
        ) from None
    return missing


def _remove(root: Path, made: list[Path]) -> None:
    for each in list(root.iterdir()) if root.is_dir() else []:
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.unlink(missing_ok=True)
    for folder in reversed(made):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
