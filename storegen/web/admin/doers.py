"""Who did something, in words: actors are kept as codes (``staff:3``, ``guest``, ``job``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from storegen.models import Staff
from storegen.uow import UnitOfWork
from storegen.web.admin import labels
from storegen.web.context import gettext


def doers(uow: UnitOfWork, codes: Iterable[str]) -> Mapping[str, str]:
    """Actor's code (see `storegen.values.actor.Actor`) → how staff read it. One query."""
    wanted = set(codes)
    numbers = {int(code[6:]) for code in wanted if code[:6] == "staff:" and code[6:].isdigit()}
    rows = (
        uow.db.execute(select(Staff.id, Staff.name, Staff.login).where(Staff.id.in_(numbers)))
        if numbers
        else ()
    )
    staff = {f"staff:{row.id}": row.name or row.login for row in rows}
    return {code: staff.get(code) or _kind(code) for code in wanted}


def _kind(code: str) -> str:
    """A plugin's own actor is shown as it is."""
    text = labels.DOERS.get(code.partition(":")[0])
    return gettext(text) if text else code
