"""Rows of a form: those that may stay empty, and those that somebody began."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from storegen.web.admin import fields, forms

SCHEMA = fields.form(
    tiers=fields.rows(
        "Tiers",
        fields.form(off=fields.money("Reduced by", "CNY"), note=fields.text("Note")),
        spare=2,
    )
)


def test_a_browser_asks_for_the_fields_of_rows_that_exist_only():
    """Else a browser would not send a form whose spare rows are left empty."""
    (tiers,) = forms.draw(SCHEMA, {"tiers": [{"off": "30"}]}, {})
    assert [[part.required for part in row] for row in tiers.rows] == [
        [True, False],
        [False, False],
        [False, False],
    ]
    assert not any(part.required for part in tiers.blank)


def test_a_row_that_was_begun_is_judged_when_it_is_read():
    raw = forms.read(SCHEMA, MultiDict({"tiers.0.off": "", "tiers.0.note": "x"}), MultiDict())
    assert "off" in SCHEMA.validate(raw)["tiers"][0]
    empty = forms.read(SCHEMA, MultiDict({"tiers.0.off": "", "tiers.0.note": ""}), MultiDict())
    assert empty == {"tiers": []}
