"""The file that a backup is: a zip whose manifest names every member with its hash, sealed under the instance's keys.

    manifest.json         what is in it, from which moment, by which version
    manifest.hmac         HMAC-SHA-256 of the manifest's bytes under a key derived from person_key
    tables/NAME.jsonl     the column names, then one row a line: plain values, dates as ISO, times in UTC
    evidence/ab/ab12…     evidence files, named by their SHA-256
    heads.txt             the heads written outside the database, up to the moment of the backup

The keys are not in it. Whoever has them can tell that the file is whole and this instance's before reading a row of it.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lianqiao.ledger import protected

FORMAT, VERSION = "lianqiao-backup", 1
MANIFEST, SEAL, HEADS = "manifest.json", "manifest.hmac", "heads.txt"
MOST_MANIFEST = 512 * 1024 * 1024  # a hash and a size for each of some million evidence files
CHUNK = 1024 * 1024
# What a damaged zip makes of itself on the way out.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, LookupError
)  # fmt: skip


class Unfit(Exception):
    """The file cannot be restored here: damaged, foreign, or of other keys. The message says which (Chinese)."""


@dataclass(frozen=True)
class Member:
    """One member of the zip. rows: of a table, without the line of column names."""

    sha256: str
    size: int
    rows: int | None = None


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. key_check: what a constant becomes under the instance's key, not the key.

    head: the chain's, "N:HASH". settings: the instance's environment, without keys and passwords. missing: evidence
    that rows name and that was not there, or not whole, when the backup was made.
    """

    lianqiao: str
    made_at: str
    database: str
    migrations: tuple[tuple[str, str], ...]
    head: str
    key_check: str
    settings: dict[str, str]
    members: dict[str, Member]
    missing: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(member.rows or 0 for member in self.members.values())

    @property
    def evidence(self) -> list[str]:
        """The hashes of the evidence files in it."""
        return [name.rpartition("/")[2] for name in self.members if name.startswith("evidence/")]

    def encoded(self) -> bytes:
        told = {"format": FORMAT, "version": VERSION} | asdict(self)
        return json.dumps(told, ensure_ascii=False, indent=1).encode()


def decoded(content: bytes) -> Manifest:
    """Raises Unfit where the manifest is of another kind or a later version."""
    told = json.loads(content)
    if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
        raise Unfit("这不是连桥的备份文件。")
    if told.pop("version") != VERSION:
        raise Unfit("这个备份由更新的版本所写。请先升级连桥再恢复。")
    told["members"] = {name: Member(**member) for name, member in told["members"].items()}
    told["migrations"] = tuple((app, name) for app, name in told["migrations"])
    return Manifest(**told | {"missing": tuple(told["missing"])})


def keyed(content: bytes) -> str:
    """HMAC under a key of its own, derived from person_key. Raises KeyMissing."""
    return hmac.new(protected.key("backup"), content, hashlib.sha256).hexdigest()


def key_check() -> str:
    return keyed(FORMAT.encode())


def table_member(table: str) -> str:
    return f"tables/{table}.jsonl"


def evidence_member(sha256: str) -> str:
    return f"evidence/{sha256[:2]}/{sha256}"


# Writing -------------------------------------------------------------------------------------------------------------


class Writer:
    """Puts members into a zip one after the other and keeps what the manifest has to say of them."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self.target = target
        self.members: dict[str, Member] = {}

    def add(self, name: str, lines: Iterable[bytes], *, compress: bool = True) -> int:
        """Writes a member as it comes and returns how many pieces it came in."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        taken, size, pieces = hashlib.sha256(), 0, 0
        with self.target.open(info, "w", force_zip64=True) as raw, io.BufferedWriter(raw, CHUNK) as member:
            for line in lines:
                member.write(line)
                taken.update(line)
                size, pieces = size + len(line), pieces + 1
        self.members[name] = Member(taken.hexdigest(), size)
        return pieces

    def add_table(self, name: str, lines: Iterable[bytes]) -> None:
        """A table's lines, the first of which names the columns."""
        member = table_member(name)
        rows = self.add(member, lines) - 1
        self.members[member] = Member(self.members[member].sha256, self.members[member].size, rows)

    def seal(self, manifest: Manifest) -> None:
        """Ends the file with its manifest and the seal over it."""
        content = manifest.encoded()
        self.target.writestr(MANIFEST, content, zipfile.ZIP_DEFLATED)
        self.target.writestr(SEAL, keyed(content))


# Reading -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Archive:
    """A backup whose manifest bears its seal."""

    source: zipfile.ZipFile
    manifest: Manifest

    def check(self) -> None:
        """Reads every member to its end and holds it against the manifest. Raises Unfit with the first that differs."""
        for name, told in self.manifest.members.items():
            if self.measured(name, told) != told:
                raise Unfit(f"备份已损坏：{name} 与清单不符。没有恢复任何内容。")

    def measured(self, name: str, told: Member) -> Member:
        taken, size, lines = hashlib.sha256(), 0, 0
        with read_whole(name), self.source.open(name) as member:
            while chunk := member.read(CHUNK):
                taken.update(chunk)
                size += len(chunk)
                lines += chunk.count(b"\n")
        return Member(taken.hexdigest(), size, None if told.rows is None else lines - 1)

    def content(self, name: str) -> bytes:
        with read_whole(name):
            return self.source.read(name)

    def lines(self, name: str) -> Iterator[bytes]:
        with read_whole(name), self.source.open(name) as raw, io.BufferedReader(raw, CHUNK) as member:  # type: ignore[type-var]
            yield from member


@contextmanager
def read_whole(name: str) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise Unfit(f"备份已损坏：{name} 读不出来（{error}）。没有恢复任何内容。") from error


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A backup, its manifest held against its seal and its members' names and sizes against the manifest.

    Nothing but the manifest is unpacked, and no more of it than it may have. Raises Unfit; KeyMissing without keys.
    """
    try:
        source = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise Unfit(f"{path.name} 不是备份文件，或已残缺（{error}）。") from error
    with source:
        manifest = read_manifest(source)
        compare(source, manifest)
        yield Archive(source, manifest)


def read_manifest(source: zipfile.ZipFile) -> Manifest:
    sizes = {info.filename: info.file_size for info in source.infolist()}
    if MANIFEST not in sizes or SEAL not in sizes:
        raise Unfit("这不是连桥的备份文件：里面没有清单。")
    if sizes[MANIFEST] > MOST_MANIFEST or sizes[SEAL] > hashlib.sha256().digest_size * 2:
        raise Unfit("备份的清单大得不合情理，没有读它。")
    with read_whole(MANIFEST):
        content, seal = source.read(MANIFEST), source.read(SEAL).decode("ascii")
        manifest = decoded_or_unfit(content)
    if not hmac.compare_digest(manifest.key_check, key_check()):
        raise Unfit("密钥不是这个备份的：它属于另一个实例。请用与它同一套密钥（--keys 文件夹）。")
    if not hmac.compare_digest(seal, keyed(content)):
        raise Unfit("备份的清单被改动，与封签不符。没有恢复任何内容。")
    return manifest


def decoded_or_unfit(content: bytes) -> Manifest:
    try:
        return decoded(content)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Unfit(f"备份的清单读不懂（{error}）。") from error


def compare(source: zipfile.ZipFile, manifest: Manifest) -> None:
    """Raises Unfit unless the zip holds just the members of the manifest, in their sizes."""
    held = [(info.filename, info.file_size) for info in source.infolist()]
    told: list[tuple[str, Any]] = [(name, member.size) for name, member in manifest.members.items()]
    if sorted(told) != sorted(pair for pair in held if pair[0] not in (MANIFEST, SEAL)):
        raise Unfit("备份已损坏：里面的文件与清单不符。没有恢复任何内容。")
