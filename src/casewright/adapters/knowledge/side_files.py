"""Side files: the vectors of a large corpus in a graph (HNSW, by usearch), beside the database.

A file is a copy of what the tables hold, made in the background: named after model, state and content,
written under another name and renamed when whole, and thrown away when the state has moved on. Until it is
there, and wherever it cannot be had, the caller searches without loss.
"""

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray

LARGE = 200_000
"""From so many passages on."""
ENDING = ".usearch"
_CONNECTIVITY = 16
_EXPANSION = 128


class SideFiles:
    """The side files of one tenant in a folder. Thread-safe."""

    def __init__(self, folder: Path, tenant: str, *, large: int = LARGE, threads: int = 1) -> None:
        self._folder = folder
        self._tenant = tenant
        self._large = large
        self._threads = threads
        self._open: dict[str, Any] = {}
        self._building: threading.Thread | None = None
        self._begun: set[str] = set()
        self._gate = threading.Lock()

    def search(
        self,
        model: str,
        generation: int,
        keys: Sequence[int],
        matrix: "ndarray[Any, Any]",
        vector: "ndarray[Any, Any]",
        limit: int,
    ) -> list[tuple[int, float]] | None:
        """Rows of the matrix and their cosines, best first; None: there is no file of it, or not yet."""
        if len(keys) < self._large:
            return None
        name = self._name(model, generation, keys)
        graph = self._open.get(name)
        if graph is None:
            self._begin(name, matrix)
            return None
        found = graph.search(vector, limit)
        return [(int(row), 1.0 - float(away)) for row, away in zip(found.keys, found.distances, strict=True)]

    def wait(self) -> None:
        """Until the file that was begun is there."""
        if (building := self._building) is not None:
            building.join()

    def _name(self, model: str, generation: int, keys: Sequence[int]) -> str:
        told = f"{self._tenant}\n{model}".encode()
        content = hashlib.sha256(f"{len(keys)} {keys[0]} {keys[-1]}".encode()).hexdigest()[:8]
        return f"{hashlib.sha256(told).hexdigest()[:16]}-{generation}-{content}{ENDING}"

    def _begin(self, name: str, matrix: "ndarray[Any, Any]") -> None:
        """One file at a time, and none that could not be made again and again."""
        with self._gate:
            is_busy = self._building is not None and self._building.is_alive()
            if is_busy or name in self._begun:
                return
            self._begun.add(name)
            self._building = threading.Thread(target=self._build, args=(name, matrix), daemon=True)
            self._building.start()

    def _build(self, name: str, matrix: "ndarray[Any, Any]") -> None:
        """Open the file, or make it. What fails is left: the search without loss goes on."""
        try:
            graph = self._read(name, matrix) or self._make(name, matrix)
        except (OSError, RuntimeError, ValueError, MemoryError, ModuleNotFoundError):
            return
        stem = name.split("-")[0]
        with self._gate:
            for other in [each for each in self._open if each.split("-")[0] == stem]:
                del self._open[other]
            self._open[name] = graph

    def _read(self, name: str, matrix: "ndarray[Any, Any]") -> Any:
        from usearch.index import Index

        path = self._folder / name
        if not path.exists():
            return None
        try:
            graph = Index.restore(str(path), view=True)
        except (OSError, RuntimeError, ValueError):
            return None  # not what was written: it is made anew
        if graph is None or len(graph) != len(matrix) or graph.ndim != matrix.shape[1]:
            return None
        return graph

    def _make(self, name: str, matrix: "ndarray[Any, Any]") -> Any:
        import numpy
        from usearch.index import Index

        graph = Index(
            ndim=matrix.shape[1],
            metric="cos",
            dtype="f16",
            connectivity=_CONNECTIVITY,
            expansion_add=_EXPANSION,
            expansion_search=_EXPANSION,
        )
        graph.add(numpy.arange(len(matrix), dtype="u8"), matrix, threads=self._threads)
        self._folder.mkdir(parents=True, exist_ok=True)
        whole = self._folder / name
        partial = whole.with_name(f"{name}.{os.getpid()}.partial")
        graph.save(str(partial))
        os.replace(partial, whole)
        for old in self._folder.glob(f"{name.split('-')[0]}-*{ENDING}"):
            if old != whole:
                old.unlink(missing_ok=True)
        return graph
