"""Evidence files, kept by what they contain: the same file is kept once, and a changed file is another file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import NotRequired, TypedDict

from django.conf import settings

MOST_BYTES = 50 * 1024 * 1024
TOO_LARGE = f"{{name}}：超过 {MOST_BYTES // 1024 // 1024} MB。请压缩或拆分后再传。"


class Evidence(TypedDict):
    """What an entry says of a piece of its evidence. erased: it no longer has the file (erasing.py)."""

    kind: str
    name: str
    sha256: str
    size: int
    erased: NotRequired[bool]


class TooLarge(ValueError):
    """A file over the limit."""


def keep(content: bytes, name: str, kind: str) -> Evidence:
    """Stores a file and returns what the entry says of it. Raises TooLarge."""
    told = described(content, name, kind)
    target = path_of(told["sha256"])
    if not target.exists():
        write_whole(target, content)
    return told


def describe(path: Path, kind: str) -> Evidence:
    """What an entry would say of a file that is not taken in yet. Raises TooLarge, and OSError if there is none."""
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge(TOO_LARGE.format(name=path.name))
    return described(path.read_bytes(), path.name, kind)


def described(content: bytes, name: str, kind: str) -> Evidence:
    if len(content) > MOST_BYTES:
        raise TooLarge(TOO_LARGE.format(name=name))
    return Evidence(kind=kind, name=Path(name).name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def path_of(sha256: str) -> Path:
    return Path(settings.EVIDENCE_DIR) / sha256[:2] / sha256


def write_whole(target: Path, content: bytes) -> None:
    """Writes beside the place and renames, so that no half file is ever found there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(target)


def is_whole(sha256: str) -> bool:
    """Whether the file is there and still holds what its name says."""
    try:
        return hashlib.sha256(path_of(sha256).read_bytes()).hexdigest() == sha256
    except OSError:
        return False


def kind_of(name: str, kinds: tuple[str, ...]) -> str:
    """The kind of evidence that a file's name speaks of, or 其他."""
    return next((kind for kind in kinds if kind in name), "其他")
