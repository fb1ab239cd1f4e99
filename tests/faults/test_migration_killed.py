"""A migration that dies at any statement leaves the database as it was; the next one ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from sqlalchemy import create_engine, event, inspect, make_url

from storegen.database import make_engine
from storegen.migrate import migrate, pending


class Killed(BaseException):
    """What a kill looks like to the code: nothing is caught, nothing is tidied."""


@pytest.fixture
def empty_database(backend, tmp_path, request):
    """The engine of a database without any table."""
    if backend == "sqlite":
        url = make_url(f"sqlite:///{tmp_path}/new.db")
    else:
        server = make_url(request.getfixturevalue("postgresql_server"))
        url = server.set(drivername="postgresql+psycopg", database="to_be_killed")
        admin = create_engine(
            server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
        )
        with admin.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE IF EXISTS to_be_killed WITH (FORCE)")
            connection.exec_driver_sql("CREATE DATABASE to_be_killed")
        admin.dispose()
    engine = make_engine(url)
    yield engine
    engine.dispose()


def test_killed_at_every_tenth_statement(empty_database):
    engine = empty_database
    seen, kill_at = [0], [0]

    def count(_c, _cursor, text, *_):
        if text.startswith(("CREATE", "INSERT", "ALTER", "UPDATE")):
            seen[0] += 1
            if seen[0] == kill_at[0]:
                raise Killed

    event.listen(engine, "before_cursor_execute", count)
    kills = 0
    for kill_at[0] in range(1, 1000, 10):
        seen[0] = 0
        try:
            migrate(engine)
        except Killed:
            kills += 1
            engine.dispose()
            assert inspect(engine).get_table_names() == [], f"after statement {kill_at[0]}"
            assert pending(engine) == ["core"]
        else:
            break
    assert kills > 5
    assert pending(engine) == []
    assert migrate(engine) == []


def test_a_process_killed_in_the_middle(empty_database):
    """The same with a real SIGKILL: no `finally` runs, the database tidies up alone."""
    engine = empty_database
    script = textwrap.dedent(
        f"""
        import os, signal
        from sqlalchemy import event, make_url
        from storegen.database import make_engine
        from storegen.migrate import migrate
        engine = make_engine(make_url({engine.url.render_as_string(hide_password=False)!r}))
        seen = [0]
        @event.listens_for(engine, "after_cursor_execute")
        def count(_c, _cursor, text, *_):
            seen[0] += text.startswith("CREATE")
            if seen[0] == 40:
                os.kill(os.getpid(), signal.SIGKILL)
        migrate(engine)
        """
    )
    done = subprocess.run([sys.executable, "-c", script], env=os.environ, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert inspect(engine).get_table_names() == []
    assert migrate(engine) != []
    assert pending(engine) == []
