"""The kit for plugin authors: a pytest plugin with a small shop, and a check of the contract.

``pip install storegen`` brings the fixtures of `storegen.testing.pytest_plugin` to every test run
of that environment; nothing of storegen is imported until a test asks for one of them.
"""

from __future__ import annotations

from typing import Any


def assert_plugin_contract(plugin: Any, **options: Any) -> None:
    """Check everything that a good plugin keeps to; see `storegen.testing.contract.check`.

    Raises ``AssertionError`` that names all that is wrong, one line each.
    """
    from storegen.testing.contract import check

    __tracebackhide__ = True
    problems = check(plugin, **options)
    assert not problems, "the plugin breaks its contract:\n" + "\n".join(
        f"- {problem}" for problem in problems
    )


__all__ = ["assert_plugin_contract"]
