"""Opening the shop that a command names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import DBAPIError

from storegen.errors import SetupError
from storegen.generate.database import shown, unreachable
from storegen.migrate import CORE_STREAM, pending
from storegen.store import Store

F = TypeVar("F")


def directory(command: F) -> F:
    """The argument DIRECTORY of a command."""
    argument: Any = click.argument("directory", type=click.Path(path_type=Path))
    return argument(command)  # type: ignore[no-any-return]


@contextmanager
def opened(root: Path, *, migrated: bool = True, safe_mode: bool = False) -> Iterator[Store]:
    """The shop in ``root``, whose database answers. ``migrated``: and has the schema of this
    release and of its plugins.

    Raises `SetupError`: no shop, broken store.toml, a plugin that is wrong, unreachable or older
    database. With ``safe_mode`` no plugin is used.
    """
    with Store.open(root, safe_mode=safe_mode) as store:
        try:
            behind = pending(store.engine, store.streams if migrated else (CORE_STREAM,))
        except DBAPIError as error:
            raise unreachable(shown(store.engine.url), error) from None
        if migrated and behind:
            older = "this release of storegen" if "core" in behind else " and ".join(behind)
            raise SetupError(
                f"The shop's database is older than {older}.",
                f"Make a backup, then run `storegen migrate {root}`.",
            )
        yield store
