"""Codes: made in bulk by a job, unguessable, taken by a conditional update."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import insert, select, update
from storegen_plugins.coupons.campaigns import EDIT, one
from storegen_plugins.coupons.refusals import refusal
from storegen_plugins.coupons.tables import Batch, Code, Template

from storegen.sdk import Actor, Conflict, Invalid, NotAllowed, NotFound, UnitOfWork, random_id
from storegen.sdk.lookups import audit
from storegen.sdk.words import fold_code

SIGNS = 12
"""Of a code that is made: 60 random bits. With 1,000,000 of them out and 20 tries in ten minutes,
one guess in a trillion finds one."""
PART = 5_000
"""Codes per transaction of the job: about a tenth of a second."""
MOST = 2_000_000
EXPORT = "coupons.export"
_CODE = re.compile(r"[A-Z0-9]{4,40}", re.ASCII)
_BETWEEN = re.compile(r"[\s_-]+")


def normal(text: str) -> str:
    """A code as it is stored: full-width folded, upper case, without spaces and dashes."""
    return _BETWEEN.sub("", fold_code(text))


def shown(code: str) -> str:
    """In groups of four: people read it aloud."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4)) if len(code) == SIGNS else code


def add_shared(uow: UnitOfWork, actor: Actor, template: str, text: str) -> int:
    """One code for everybody, such as WELCOME10. Raises `Invalid`, `Conflict` if it is taken."""
    _may(actor, EDIT)
    row = _of_codes(uow, template)
    code = normal(text)
    if _CODE.fullmatch(code) is None:
        raise Invalid({"code": "invalid"})
    if uow.db.scalar(select(Code.id).where(Code.code == code)) is not None:
        raise Conflict("code-taken")
    audit(uow, actor, "coupons.code", "coupon_template", template)
    made: int = uow.db.execute(
        insert(Code)
        .values(template_id=row.id, code=code, shared=True, state="free")
        .returning(Code.id)
    ).scalar_one()
    return made


def order_codes(uow: UnitOfWork, actor: Actor, template: str, count: int) -> str:
    """Ask for ``count`` codes of one use each; the job makes them. The batch's public id."""
    _may(actor, EDIT)
    row = _of_codes(uow, template)
    if isinstance(count, bool) or not 1 <= count <= MOST:
        raise Invalid({"count": "out-of-range"})
    public_id = random_id()
    uow.db.execute(
        insert(Batch).values(
            public_id=public_id,
            template_id=row.id,
            wanted=count,
            made=0,
            actor=str(actor),
            created_at=uow.now,
        )
    )
    audit(uow, actor, "coupons.codes", "coupon_template", template, count=count)
    return public_id


def make_codes(uow: UnitOfWork) -> int:
    """The job: the next part of the oldest batch that wants more; how many were made."""
    batch = uow.db.execute(
        select(Batch.__table__)
        .where(Batch.made < Batch.wanted)
        .order_by(Batch.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if batch is None:
        return 0
    count: int = min(PART, batch.wanted - batch.made)
    uow.db.execute(
        insert(Code),
        [
            {
                "template_id": batch.template_id,
                "batch_id": batch.id,
                "code": random_id(SIGNS).upper(),
                "shared": False,
                "state": "free",
            }
            for _ in range(count)
        ],
    )
    uow.db.execute(update(Batch).where(Batch.id == batch.id).values(made=Batch.made + count))
    return count


def exported(store: Any, actor: Actor, batch: str) -> Iterator[str]:
    """The batch's codes as CSV lines, a page of them in memory at a time.

    Who took them is written down before the first line leaves. Raises `NotAllowed`, `NotFound`.
    """
    _may(actor, EXPORT)
    found = store.transact(lambda uow: _export_begins(uow, actor, batch))
    return _lines(store, found)


def _export_begins(uow: UnitOfWork, actor: Actor, batch: str) -> int:
    row = uow.db.execute(select(Batch.__table__).where(Batch.public_id == batch)).one_or_none()
    if row is None:
        raise NotFound("coupon_batch")
    audit(uow, actor, "coupons.export", "coupon_batch", batch, codes=row.made)
    return int(row.id)


def _lines(store: Any, batch_id: int) -> Iterator[str]:
    yield "\ufeffcode,state\r\n"
    after = 0
    while True:
        page = store.look(
            lambda uow, after=after: uow.db.execute(
                select(Code.id, Code.code, Code.state)
                .where(Code.batch_id == batch_id, Code.id > after)
                .order_by(Code.id)
                .limit(PART)
            ).all()
        )
        if not page:
            return
        # Letters and digits only: nothing that a spreadsheet could take for a formula.
        yield "".join(f"{shown(code)},{state}\r\n" for _, code, state in page)
        after = page[-1].id


def find_codes(uow: UnitOfWork, typed: Iterable[str]) -> list[Any]:
    """Rows (code and template) of what was typed, in no order; unknown ones are left out."""
    # What no code can be is not looked for: the database might not even take it.
    wanted = sorted({code for text in typed if _CODE.fullmatch(code := normal(text))})
    if not wanted:
        return []
    return list(
        uow.db.execute(
            select(
                Code.id.label("code_id"),
                Code.code,
                Code.shared,
                Code.state.label("code_state"),
                Template.__table__,
            )
            .join(Template, Template.id == Code.template_id)
            .where(Code.code.in_(wanted))
        )
    )


def take_code(uow: UnitOfWork, code: Any, locale: str) -> None:
    """A code of one use goes to whoever is first; a shared one only has to be valid still."""
    taken = uow.db.execute(
        update(Code)
        .where(Code.id == code.id, Code.state == "free")
        .values(state="free" if code.shared else "taken")
    )
    if taken.rowcount != 1:
        state = uow.db.scalar(select(Code.state).where(Code.id == code.id))
        raise refusal("code-taken" if state == "taken" else "code-over", locale)


def release_code(uow: UnitOfWork, code_id: int | None, template_id: int) -> None:
    """What a guest's order had taken is free again, in the code and in the campaign's total."""
    if code_id is not None:
        uow.db.execute(
            update(Code).where(Code.id == code_id, Code.state == "taken").values(state="free")
        )
    uow.db.execute(
        update(Template)
        .where(Template.id == template_id, Template.issued > 0)
        .values(issued=Template.issued - 1)
    )


def _of_codes(uow: UnitOfWork, template: str) -> Any:
    row = one(uow, template)
    if row.channel != "code":
        raise Invalid({"channel": "no-codes"})
    return row


def _may(actor: Actor, permission: str) -> None:
    if not actor.may(permission):
        raise NotAllowed(permission)
