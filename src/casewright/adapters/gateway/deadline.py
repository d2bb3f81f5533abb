"""A wall-clock deadline that always holds: work runs in a thread of its own, and the caller walks away.

Time-outs of a client are per read, and native code has none at all. So whoever asks waits for the answer as
long as its share of the deadline lasts. The thread ends when the work does: its owner bounds how many there
may be, and tells the work when to stop.
"""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

ResultT = TypeVar("ResultT")
SHORTEST_S = 0.001
THREAD_NAME = "text-model-call"


def call_within(
    work: Callable[[], ResultT],
    timeout_s: float,
    *,
    late: Callable[[], ResultT],
    failed: Callable[[], ResultT],
) -> ResultT:
    """What `work` returns; what `late` returns where it takes longer, `failed` where it raises.

    `work` frees itself what it holds. Raises RuntimeError where the machine gives no more threads.
    """
    done: queue.SimpleQueue[ResultT] = queue.SimpleQueue()

    def run() -> None:
        try:
            result = work()
        except Exception:  # noqa: BLE001 - whatever a server or native code brought about is no answer
            result = failed()
        done.put(result)

    threading.Thread(target=run, name=THREAD_NAME, daemon=True).start()
    try:
        return done.get(timeout=max(SHORTEST_S, timeout_s))
    except queue.Empty:
        return late()
