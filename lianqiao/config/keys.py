"""The instance's keys: files in DIR/keys, never in the database and never in a backup."""

import os
import secrets
from pathlib import Path

NAMES = ("secret_key", "person_key")


class KeyMissing(RuntimeError):
    """A key that the work at hand needs cannot be read: better no answer than one under another key."""


def key_file(directory: Path, name: str) -> Path:
    return directory / "keys" / name


def place_variable(name: str) -> str:
    """The environment variable that names the key's file where it lies elsewhere."""
    return f"LIANQIAO_{name.upper()}_FILE"


def read_key(directory: Path, name: str) -> str:
    """The key from LIANQIAO_<NAME>_FILE or DIR/keys/<name>; raises KeyMissing with the place where it was looked for."""
    path = Path(os.environ.get(place_variable(name)) or key_file(directory, name))
    advice = "先用 lianqiao init 建立实例，或把密钥文件放回原处。"
    try:
        held = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise KeyMissing(f"密钥读不到：{path}（{error.strerror}）。{advice}") from error
    except ValueError as error:
        raise KeyMissing(f"密钥读不懂：{path}。{advice}") from error
    if not held:
        raise KeyMissing(f"密钥文件是空的：{path}。{advice}")
    return held


def make_keys(directory: Path) -> None:
    """Writes the keys that do not exist yet, readable by their owner only."""
    for name in NAMES:
        if not key_file(directory, name).exists():
            put_key(directory, name, secrets.token_hex(32))


def put_key(directory: Path, name: str, value: str) -> None:
    """Writes a key beside its place and renames it, so that no half key is ever read."""
    path = key_file(directory, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_suffix(".part")
    aside.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    with aside.open("w", encoding="ascii") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
