"""What an import does once at its end: counts of shelves, products beside one another."""

from __future__ import annotations

from storegen.domain.catalog.related import refresh_related
from storegen.domain.catalog.shelves import recount
from storegen.uow import UnitOfWork


def finish_import(uow: UnitOfWork) -> None:
    """Bring what depends on the whole catalog up to date."""
    recount(uow)
    refresh_related(uow)
    uow.touch("listing", "shell")
