"""A backup that is damaged, cut off, foreign or forged is refused before a row of it is written, and nothing is left."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from lianqiao.config.keys import KeyMissing, make_keys, put_key
from lianqiao.instance import archive
from lianqiao.instance.archive import MANIFEST, SEAL, Manifest, Member, Unfit
from lianqiao.instance.fresh import UNFINISHED, Occupied
from lianqiao.instance.restore import NotWhole, restore
from lianqiao.instance.standing import last_known
from tests.instance.conftest import Sample
from tests.instance.homes import Home, lianqiao, living_in

pytestmark = pytest.mark.usefixtures("free")
LOCAL_HEADER = 30
SEED = 20261124


@pytest.fixture
def known(sample: Sample) -> Iterator[None]:
    """The process holds the keys of the sample."""
    with living_in(sample.home):
        yield


def read_all(file: Path) -> dict[str, bytes]:
    """What restore would take from the file, once it has passed every check."""
    with archive.opened(file) as held:
        held.check()
        return {name: held.content(name) for name in held.manifest.members}


def refusal(file: Path) -> str:
    with pytest.raises(Unfit) as refused:
        read_all(file)
    return str(refused.value)


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]


def repacked(sample: Sample, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The sample's file with other members, as anybody could pack it."""
    with zipfile.ZipFile(sample.file) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as held:
        for name, content in members.items():
            held.writestr(name, content)
    return target


def resealed(
    sample: Sample, target: Path, change: Callable[[Manifest], Manifest], rows: dict[str, bytes] | None = None
) -> Path:
    """The sample's file with another manifest and other members, sealed by one who has the keys."""

    def reseal(members: dict[str, bytes]) -> None:
        members.update(rows or {})
        told = change(sample.made.manifest)
        measured = {name: archive.hashlib.sha256(content).hexdigest() for name, content in members.items()}
        held = {
            name: Member(measured[name], len(members[name]), m.rows)
            for name, m in told.members.items()
            if name in members
        }
        members[MANIFEST] = replace(told, members=held).encoded()
        members[SEAL] = archive.keyed(members[MANIFEST]).encode()

    return repacked(sample, target, reseal)


def test_one_changed_byte_of_any_member_is_seen(sample: Sample, known: None, tmp_path: Path) -> None:
    content, file = sample.file.read_bytes(), tmp_path / "file.zip"
    with zipfile.ZipFile(sample.file) as held:
        members = held.infolist()
    assert len(members) > 50
    for info in members:
        name, extra = struct.unpack("<HH", content[info.header_offset + 26 : info.header_offset + LOCAL_HEADER])
        start = info.header_offset + LOCAL_HEADER + name + extra
        file.write_bytes(flipped(content, start + info.compress_size // 2))
        refusal(file)


def test_a_changed_bit_anywhere_is_seen_or_changes_nothing(sample: Sample, known: None, tmp_path: Path) -> None:
    content, whole, file = sample.file.read_bytes(), read_all(sample.file), tmp_path / "file.zip"
    random, seen = Random(SEED), 0
    for _ in range(300):
        file.write_bytes(flipped(content, random.randrange(len(content)), random.randrange(8)))
        try:
            assert read_all(file) == whole
        except Unfit:
            seen += 1
    assert seen > 200


def test_a_file_that_is_cut_off_is_refused(sample: Sample, known: None, tmp_path: Path) -> None:
    content, file = sample.file.read_bytes(), tmp_path / "file.zip"
    for length in [0, 1, 100, len(content) // 2, len(content) - 23, len(content) - 1]:
        file.write_bytes(content[:length])
        assert "不是备份文件" in refusal(file)


def test_files_of_another_kind_are_refused(known: None, tmp_path: Path) -> None:
    text, other, near = tmp_path / "text.zip", tmp_path / "other.zip", tmp_path / "near.zip"
    text.write_text("示例", "utf-8")
    with zipfile.ZipFile(other, "w") as held:
        held.writestr("readme.txt", "示例")
    with zipfile.ZipFile(near, "w") as held:
        held.writestr(MANIFEST, json.dumps({"format": "other", "version": 1}))
        held.writestr(SEAL, "0" * 64)
    assert "不是备份文件" in refusal(text)
    assert "没有清单" in refusal(other)
    assert "不是连桥的备份文件" in refusal(near)


@pytest.mark.parametrize(
    "manifest", [b"", b"[]", b"{", b'{"format": "lianqiao-backup", "version": 1}', b"\xff", b"null"]
)
def test_a_manifest_that_says_nothing_is_refused(manifest: bytes, sample: Sample, known: None, tmp_path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = manifest

    assert refusal(repacked(sample, tmp_path / "file.zip", change))


def test_a_later_format_is_refused_as_such(sample: Sample, known: None, tmp_path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = members[MANIFEST].replace(b'"version": 1', b'"version": 2', 1)

    assert "更新的版本" in refusal(repacked(sample, tmp_path / "file.zip", change))


def test_who_has_not_the_keys_cannot_forge_a_backup(sample: Sample, known: None, tmp_path: Path) -> None:
    """Another administrator, with the hash in the manifest to match."""
    name = archive.table_member("people_grant")

    def change(members: dict[str, bytes]) -> None:
        forged = members[name].replace(b'"leader"', b'"administrator"')
        assert forged != members[name]
        told = archive.decoded(members[MANIFEST])
        held = replace(told.members[name], sha256=archive.hashlib.sha256(forged).hexdigest(), size=len(forged))
        members[name], members[MANIFEST] = forged, replace(told, members=told.members | {name: held}).encoded()

    assert "封签" in refusal(repacked(sample, tmp_path / "file.zip", change))


def test_members_that_the_manifest_does_not_name_are_refused(sample: Sample, known: None, tmp_path: Path) -> None:
    def more(members: dict[str, bytes]) -> None:
        members["../outside.txt"] = b""

    def less(members: dict[str, bytes]) -> None:
        del members[archive.table_member("places_node")]

    assert "与清单不符" in refusal(repacked(sample, tmp_path / "more.zip", more))
    assert "与清单不符" in refusal(repacked(sample, tmp_path / "less.zip", less))
    twice = repacked(sample, tmp_path / "twice.zip", lambda members: None)
    with zipfile.ZipFile(twice, "a") as held, pytest.warns(UserWarning, match="Duplicate"):
        held.writestr(archive.HEADS, b"")
    assert "与清单不符" in refusal(twice)


def test_a_bomb_is_not_unpacked(sample: Sample, known: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def blow_up(members: dict[str, bytes]) -> None:
        members[archive.HEADS] = bytes(10_000_000)

    bomb = repacked(sample, tmp_path / "bomb.zip", blow_up)
    touched = []
    unpack = zipfile.ZipFile.open

    def watched(self: zipfile.ZipFile, name: str, *arguments: object, **more: object) -> object:
        touched.append(name)
        return unpack(self, name, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(zipfile.ZipFile, "open", watched)
    assert "与清单不符" in refusal(bomb)
    assert touched == [MANIFEST, SEAL]
    monkeypatch.setattr(archive, "MOST_MANIFEST", 1000)
    assert "大得不合情理" in refusal(sample.file)
    assert touched == [MANIFEST, SEAL]


# What of the file is whole, and still cannot be restored here --------------------------------------------------------


def test_the_keys_of_another_instance_are_refused(sample: Sample, home: Home, tmp_path: Path) -> None:
    make_keys(tmp_path)
    with living_in(home), pytest.raises(Unfit, match="属于另一个实例"):
        restore(sample.file, tmp_path / "keys")
    assert home.left() == []


def test_without_keys_it_says_where_they_were_looked_for(sample: Sample, home: Home, tmp_path: Path) -> None:
    with living_in(home):
        with pytest.raises(KeyMissing, match=str(home.folder / "keys")):
            restore(sample.file)
        with pytest.raises(KeyMissing, match=str(tmp_path / "nowhere")):
            restore(sample.file, tmp_path / "nowhere")
        put_key(home.folder, "secret_key", "")
        with pytest.raises(KeyMissing, match="是空的"):
            restore(sample.file)
    assert home.left() == ["keys"]


def test_other_keys_that_lie_in_the_folder_are_not_passed_over(
    sample: Sample, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keys(home.folder)
    held = (home.folder / "keys" / "person_key").read_text()
    with living_in(home), pytest.raises(Unfit, match="另一把密钥"):
        restore(sample.file, sample.keys)
    assert (home.folder / "keys" / "person_key").read_text() == held
    monkeypatch.setenv("LIANQIAO_PERSON_KEY_FILE", str(sample.keys / "person_key"))
    with living_in(home), pytest.raises(Unfit, match="LIANQIAO_PERSON_KEY_FILE"):
        restore(sample.file, sample.keys)


def test_a_backup_of_a_later_version_is_refused(sample: Sample, home: Home, known: None, tmp_path: Path) -> None:
    later = resealed(
        sample,
        tmp_path / "file.zip",
        lambda told: replace(told, migrations=(*told.migrations, ("places", "0099_later"))),
    )
    with living_in(home), pytest.raises(Unfit, match="0099_later"):
        restore(later, sample.keys)
    assert home.left() == []


def test_a_backup_that_lacks_a_table_is_refused(sample: Sample, home: Home, known: None, tmp_path: Path) -> None:
    def without(told: Manifest) -> Manifest:
        return replace(told, members={n: m for n, m in told.members.items() if "places_node" not in n})

    less = resealed(sample, tmp_path / "less.zip", without)
    with zipfile.ZipFile(less) as source, zipfile.ZipFile(tmp_path / "file.zip", "w") as held:
        for name in source.namelist():
            if "places_node" not in name:
                held.writestr(name, source.read(name))
    with living_in(home), pytest.raises(Unfit, match="表与其版本不符"):
        restore(tmp_path / "file.zip", sample.keys)


@pytest.mark.data
@pytest.mark.parametrize(
    ("table", "old", "new", "error"),
    [
        ("exchange_visit", b'"approved"', b'"approved",1', Unfit),
        ("exchange_visit", b'"approved"', b'"void"', Unfit),  # against the table's check
        ("places_node", b'["id"', b'["no"', Unfit),
        ("places_node", b"\n[2,", b"\n[1,", Unfit),  # twice the same key
        ("journal_balance", b'"2021-10-12"', b'"2021-10-13"', NotWhole),
        ("exchange_visit", "东部赴西部".encode(), "西部赴东部".encode(), NotWhole),
    ],
)
def test_rows_that_do_not_hold_together_leave_nothing_behind(
    table: str, old: bytes, new: bytes, error: type[Exception],
    sample: Sample, home: Home, tmp_path: Path,
) -> None:  # fmt: skip
    """Such as the backup of a database that somebody wrote to behind the system's back."""
    with living_in(sample.home):
        name = archive.table_member(table)
        with zipfile.ZipFile(sample.file) as held:
            rows = held.read(name)
        assert old in rows
        file = resealed(sample, tmp_path / "file.zip", lambda told: told, {name: rows.replace(old, new)})
    with living_in(home):
        with pytest.raises(error):
            restore(file, sample.keys)
        assert home.left() == []
        assert restore(sample.file, sample.keys).report.ok


# Where it is restored ------------------------------------------------------------------------------------------------


def test_what_an_interrupted_restore_left_is_cleared(sample: Sample, home: Home) -> None:
    (home.folder / UNFINISHED).mkdir(parents=True)
    (home.folder / UNFINISHED / "lianqiao.sqlite3").write_bytes(b"half")
    (home.folder / "evidence").mkdir()
    (home.folder / "heads.txt").write_text("1:half\n")
    with living_in(home):
        assert restore(sample.file, sample.keys).report.ok
        number = last_known().number
    assert "half" not in (home.folder / "heads.txt").read_text()
    assert len((home.folder / "heads.txt").read_text().splitlines()) == number
    assert home.left() == ["evidence", "heads.txt", "keys", "lianqiao.sqlite3"]


def test_heads_that_nobody_left_unfinished_are_not_overwritten(sample: Sample, home: Home) -> None:
    """They may be all that is left of an instance whose database is gone."""
    home.folder.mkdir()
    (home.folder / "heads.txt").write_text("9:held\n")
    with living_in(home), pytest.raises(Occupied, match=r"heads\.txt"):
        restore(sample.file, sample.keys)
    assert (home.folder / "heads.txt").read_text() == "9:held\n"


def test_the_command_says_in_chinese_what_is_wrong(sample: Sample, home: Home, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(sample.file.read_bytes()[:-30])
    refused = lianqiao(home, "restore", broken, "--keys", sample.keys)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "broken.zip 不是备份文件，或已残缺" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert home.left() == []
