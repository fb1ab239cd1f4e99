"""Write the first revision anew from the models: `python tools/initial_migration.py`.

Only until the first release; from then on revisions are added, never rewritten.
"""

from __future__ import annotations

import re
import tempfile

from alembic import command
from sqlalchemy import make_url

from storegen import migrate
from storegen.database import make_engine

SEARCH = """
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE product_search USING fts5(tokens, tokenize='unicode61')")
    else:
        op.execute(
            "CREATE TABLE product_search (product_id BIGINT PRIMARY KEY REFERENCES product (id) "
            "ON DELETE CASCADE, tokens TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_product_search_tokens ON product_search USING gin (tokens)")
"""


def main() -> None:
    versions = migrate.CORE / "versions"
    for old in versions.glob("0001_*.py"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(make_url(f"sqlite:///{folder}/empty.db"))
        with engine.connect() as connection, connection.begin():
            config = migrate._config(migrate.CORE_STREAM)
            config.attributes["configure"] = {
                **migrate._options(connection, migrate.CORE_STREAM),
                "render_as_batch": False,
            }
            command.revision(config, "Tables of the core", autogenerate=True, rev_id="0001")
        engine.dispose()
    path = next(versions.glob("0001_*.py"))
    path = path.rename(versions / "0001_initial.py")
    source = path.read_text(encoding="utf-8")
    source = source.replace("\n\ndef downgrade", f"{SEARCH}\n\ndef downgrade", 1)
    source = re.sub(r"def downgrade\(\) -> None:\n.*\Z", DOWNGRADE, source, flags=re.S)
    path.write_text(source, encoding="utf-8")
    print(f"wrote {path}")


DOWNGRADE = """def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first revision")
"""

if __name__ == "__main__":
    main()
