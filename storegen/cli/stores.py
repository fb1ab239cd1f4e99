"""Opening the shop that a command names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import DBAPIError

from storegen.errors import SetupError
from storegen.generate.database import unreachable
from storegen.migrate import pending
from storegen.store import Store

F = TypeVar("F")


def directory(command: F) -> F:
    """The argument DIRECTORY of a command."""
    argument: Any = click.argument("directory", type=click.Path(path_type=Path))
    return argument(command)  # type: ignore[no-any-return]


@contextmanager
def opened(root: Path, *, migrated: bool = True) -> Iterator[Store]:
    """The shop in ``root``, whose database answers. ``migrated``: and has this release's schema.

    Raises `SetupError`: no shop, broken store.toml, unreachable or older database.
    """
    with Store.open(root) as store:
        try:
            behind = pending(store.engine)
        except DBAPIError as error:
            raise unreachable(store.engine.url.render_as_string(), error) from None
        if migrated and behind:
            raise SetupError(
                "The shop's database is older than this release of storegen.",
                f"Make a backup, then run `storegen migrate {root}`.",
            )
        yield store
