"""One thing said of many: a test that judges each of them and names all that fail."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Test = Callable[..., None]


def of_each(names: str | tuple[str, ...], values: Iterable[Any]) -> Callable[[Test], Test]:
    """Run a test for each value, in one test: like `parametrize` for what needs no fixture of its own each time.

    A test of its own costs more than most of these judge: it is collected by every worker, shared out and reported.

    Args:
        names: the argument that a value is given as; of several, a value has as many parts.
        values: at least one.
    """
    wanted = (names,) if isinstance(names, str) else names
    given = list(values)

    def decorated(test: Test) -> Test:
        def of_all(**fixtures: Any) -> None:
            assert given, "there is nothing to judge"
            failures: list[BaseException] = []
            for value in given:
                try:
                    test(**dict(zip(wanted, value if isinstance(names, tuple) else (value,), strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as failure:
                    failure.add_note(f"of {value!r:.400}")
                    failures.append(failure)
            if failures:
                raise BaseExceptionGroup(f"{len(failures)} of {len(given)}", failures)

        of_all.__name__, of_all.__doc__, of_all.__module__ = test.__name__, test.__doc__, test.__module__
        fixtures = [each for each in inspect.signature(test).parameters.values() if each.name not in wanted]
        of_all.__signature__ = inspect.Signature(fixtures)  # type: ignore[attr-defined]  # what pytest reads
        return of_all

    return decorated
