"""Key files: 32-byte secrets that live outside the database, one file each, readable by their owner alone.

A key comes from a variable where an operator sets one, else from a file under CASEWRIGHT_HOME that the first
start creates. Invariant: a key that exists is never replaced, and one that others may read is refused. It
does not rotate keys, and it does not know what they are for.
"""

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from casewright.domain.errors import ConfigurationError

KEY_BYTES = 32
_FOLDER = "keys"
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{64}")


def load_key(
    name: str, home: Path, *, given: str | None = None, draw: Callable[[int], bytes] = os.urandom
) -> bytes:
    """The key called `name` (`vault`, `ledger`): `given` (64 hexadecimal digits) or `home/keys/<name>.key`.

    The file is created at the first call, mode 0600; when several processes start at once, all get the same
    key. Raises ConfigurationError.
    """
    variable = f"CASEWRIGHT_{name.upper()}_KEY"
    if given is not None and given.strip():
        return _read_text(given, variable)
    path = key_path(name, home)
    try:
        if not path.exists():
            _create(path, draw(KEY_BYTES))
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigurationError(f"{path} may be read by others; run: chmod 600 {path}")
        return _read_text(path.read_text("ascii"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not ASCII text"
        raise ConfigurationError(
            f"{path} cannot be used: {reason}; set CASEWRIGHT_HOME to a folder of this user, or {variable}"
        ) from error


def key_path(name: str, home: Path) -> Path:
    """Where the file of that key is, or will be."""
    return home / _FOLDER / f"{name}.key"


def _read_text(text: str, place: str) -> bytes:
    if not _HEXADECIMAL.fullmatch(text.strip()):
        raise ConfigurationError(f"{place} holds no key: 64 hexadecimal digits, such as openssl rand -hex 32")
    return bytes.fromhex(text.strip())


def _create(path: Path, key: bytes) -> None:
    """Written whole beside its place, then linked: nobody ever reads half a key, and the first one stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key.hex().encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink(missing_ok=True)
