"""How far a long command is, on standard error: a bar on a terminal, else a line for every tenth.

Invariant: nothing goes to standard output, no more than ten lines are written, and none of a few steps.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

_WORTH_TELLING = 2
"""Steps from which lines are written where nobody watches a bar."""


@contextmanager
def track(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives a function that is told how many are done."""
    if not sys.stderr.isatty():
        yield _write_tenths(title, total) if total >= _WORTH_TELLING else _say_nothing
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


def _say_nothing(done: int) -> None:
    """For what is over before anybody wonders."""


def _write_tenths(title: str, total: int) -> Callable[[int], None]:
    """A line whenever another tenth is done."""
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        tenths = min(10, 10 * done // max(total, 1))
        if tenths > told:
            told = tenths
            typer.echo(f"{title}: {10 * tenths} % ({done} of {total})", err=True)

    return tell
