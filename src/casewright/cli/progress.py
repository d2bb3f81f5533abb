"""How far a long command is, on standard error: a bar on a terminal, else a line for every tenth.

Invariant: nothing goes to standard output, and no more than ten lines are written.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer


@contextmanager
def track(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives a function that is told how many are done."""
    if not sys.stderr.isatty():
        yield _write_tenths(title, total)
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


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
