"""A progress bar on standard error, where somebody is looking."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def track(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives a function that is told how many are done; it draws only on a terminal."""
    if not sys.stderr.isatty():
        yield _draw_nothing
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


def _draw_nothing(done: int) -> None:
    """Nobody is looking."""
