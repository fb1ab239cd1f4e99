"""Fresh migrated databases, made quickly from a template."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.engine import URL

from storegen.database import make_engine
from storegen.migrate import migrate

POSTGRESQL = "STOREGEN_TEST_POSTGRESQL"
"""Environment variable: address of a PostgreSQL server to test on."""


def sqlite_template(path: Path) -> Path:
    """Make an empty shop's database at ``path``."""
    engine = make_engine(make_url(f"sqlite:///{path}"))
    migrate(engine)
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """The address of a new copy of the template."""
    path = folder / f"shop-{uuid.uuid4().hex[:6]}.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


class PostgresqlServer:
    """Databases of one server: made, copied, dropped."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._copies: list[str] = []

    def template(self) -> str:
        """The name of a new database with an empty shop."""
        name = f"template_{uuid.uuid4().hex[:8]}"
        self.run(f'CREATE DATABASE "{name}"')
        engine = make_engine(self._of(name))
        migrate(engine)
        engine.dispose()
        return name

    def copy(self, template: str) -> str:
        """The address of a new copy of ``template``."""
        name = f"shop_{uuid.uuid4().hex[:12]}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._copies.append(name)
        return self._of(name).render_as_string(hide_password=False)

    def drop_copies(self) -> None:
        while self._copies:
            self.drop(self._copies.pop())

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        """One statement outside of any transaction."""
        url = make_url(self.address).set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(statement)
        finally:
            engine.dispose()

    def _of(self, name: str) -> URL:
        return make_url(self.address).set(drivername="postgresql+psycopg", database=name)


def given_server() -> PostgresqlServer | None:
    """The server that the environment names."""
    address = os.environ.get(POSTGRESQL)
    return PostgresqlServer(address) if address else None
