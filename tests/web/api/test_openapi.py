"""The API keeps what its document promises: told by judges that we did not write."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from werkzeug.serving import WSGIRequestHandler, make_server

from storegen.models import Category, ProductCategory, ProductFacet
from storegen.store import Store
from storegen.web.app import create_app
from tests.fixtures.goods import make_product
from tests.judges import openapi
from tests.judges.findings import listing
from tests.web.api.conftest import Api, sign_in

DOCUMENT = "/api/v1/openapi.json"
EXAMPLES = 4
"""Per operation; `make judge` takes thirty."""
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "api.md"


@pytest.fixture
def stocked(shop: Store) -> Store:
    """A shop with something of everything."""
    goods = [
        make_product(shop, f"Tea {n}", price=1000 + n, vendor="Grove", stock=None) for n in range(7)
    ]
    make_product(shop, "Sold out", stock=0)
    with shop.write() as uow:
        shelf = uow.db.execute(
            insert(Category).values(slug="tea", title="Tea").returning(Category.id)
        ).scalar_one()
        for each in goods:
            uow.db.execute(
                insert(ProductCategory).values(category_id=shelf, product_id=each.product_id)
            )
            facet = {"product_id": each.product_id, "name": "tag", "value": "organic"}
            uow.db.execute(insert(ProductFacet).values(facet))
    return shop


class Quiet(WSGIRequestHandler):
    """Thousands of lines about requests would hide the report."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def address(stocked: Store) -> Iterator[str]:
    """Where the shop is served."""
    server = make_server("127.0.0.1", 0, create_app(stocked), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api("GET", "/openapi.json")
    return found


def test_the_document_is_valid_openapi(api: Api) -> None:
    found = openapi.check(DOCUMENT, document(api))
    assert found == [], listing(found)


def test_every_refusal_is_documented_as_a_problem(api: Api) -> None:
    described = document(api)
    responses = described["components"]["responses"]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            for status, answer in operation["responses"].items():
                if int(status) < 400:
                    continue
                name = answer["$ref"].rpartition("/")[2]
                assert "application/problem+json" in responses[name]["content"], (path, method)


def test_the_document_names_the_token_the_key_and_examples(api: Api) -> None:
    described = document(api)
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    placing = described["paths"]["/api/v1/orders"]["post"]
    header = next(each for each in placing["parameters"] if each["name"] == "Idempotency-Key")
    assert (header["in"], header["required"]) == ("header", True)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if method != "parameters" and "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                assert "example" in content, (path, method)


@pytest.mark.judge
@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite"])
def test_schemathesis_finds_nothing(address: str) -> None:
    found = openapi.fuzz(address + DOCUMENT, examples=EXAMPLES)
    assert found == [], listing(found)


@pytest.mark.judge
@pytest.mark.slow
@pytest.mark.parametrize("backend", ["postgresql"])
def test_schemathesis_finds_nothing_behind_a_token(address: str, stocked: Store) -> None:
    # Behind a token it meets rules that no schema can say: which numbers are phones, for example.
    token = sign_in(stocked, Api(create_app(stocked).test_client())).token
    found = openapi.fuzz(
        address + DOCUMENT,
        examples=EXAMPLES,
        options=(
            *("--header", f"Authorization: Bearer {token}"),
            *("--exclude-checks", "positive_data_acceptance,ignored_auth"),
            # These end the very session that the others need.
            *("--exclude-path-regex", "/sessions/"),
        ),
    )
    assert found == [], listing(found)


def test_the_reference_names_every_operation(api: Api) -> None:
    rows = {
        (cells[1].strip(), cells[2].strip(" `"), cells[4].strip())
        for cells in (line.split("|") for line in REFERENCE.read_text("utf-8").splitlines())
        if len(cells) == 6 and cells[2].startswith(" `/")
    }
    described = {
        (method.upper(), path.removeprefix("/api/v1"), operation["summary"].rstrip("."))
        for path, operations in document(api)["paths"].items()
        for method, operation in operations.items()
        if method != "parameters"
    }
    assert rows == described
