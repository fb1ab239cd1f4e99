"""A slash at the end of an address is forgiven, and never leads out of the shop."""

from __future__ import annotations

import pytest

from storegen.web.app import create_app
from tests.fixtures.goods import make_product


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("/products/tea/", "/products/tea"),
        ("/en/products/tea/?variant=a", "/en/products/tea?variant=a"),
        ("/collections/all//", "/collections/all"),
        ("/%2Fevil.test/", "/evil.test"),
        ("/\\evil.test/", None),
        ("/api/v1/nothing/", None),
    ],
)
def test_a_slash_at_the_end_is_forgiven(make_store, asked, sent):
    store = make_store("sqlite")
    make_product(store, handle="tea")
    answer = create_app(store).test_client().open(asked, headers={"Host": "shop.test"})
    if sent is None:
        assert answer.status_code == 404
    else:
        assert (answer.status_code, answer.headers["Location"]) == (308, sent)
