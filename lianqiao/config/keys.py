"""The instance's keys: files in DIR/keys, never in the database and never in a backup."""

import os
import secrets
from pathlib import Path

NAMES = ("secret_key", "person_key")


class KeyMissing(RuntimeError):
    """A key that the work at hand needs cannot be read: better no answer than one under another key."""


def key_file(directory: Path, name: str) -> Path:
    return directory / "keys" / name


def read_key(directory: Path, name: str) -> str:
    """The key from LIANQIAO_<NAME>_FILE or DIR/keys/<name>; raises KeyMissing with the place where it was looked for."""
    path = Path(os.environ.get(f"LIANQIAO_{name.upper()}_FILE") or key_file(directory, name))
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise KeyMissing(
            f"密钥读不到：{path}（{error.strerror}）。先用 lianqiao init 建立实例，或把密钥文件放回原处。"
        ) from error


def make_keys(directory: Path) -> None:
    """Writes the keys that do not exist yet, readable by their owner only."""
    folder = directory / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in NAMES:
        path = key_file(directory, name)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32), encoding="ascii")
