"""Evidence, kept by what it contains."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from lianqiao.ledger import evidence
from lianqiao.ledger.evidence import TooLarge, is_whole, keep, kind_of, path_of


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_the_hash_of_its_content(folder: Path) -> None:
    piece = keep(b"signed", "签到表.pdf", "签到表")
    sha256 = hashlib.sha256(b"signed").hexdigest()
    assert piece == {"kind": "签到表", "name": "签到表.pdf", "sha256": sha256, "size": 6}
    assert path_of(sha256).read_bytes() == b"signed"


def test_the_same_content_is_kept_once(folder: Path) -> None:
    keep(b"signed", "签到表.pdf", "签到表")
    keep(b"signed", "又一份.pdf", "通知")
    assert len(files(folder)) == 1


def test_other_content_of_the_same_name_is_another_file(folder: Path) -> None:
    keep(b"signed", "签到表.pdf", "签到表")
    keep(b"signed twice", "签到表.pdf", "签到表")
    assert len(files(folder)) == 2


@pytest.mark.parametrize("name", ["../../签到表.pdf", "/etc/签到表.pdf", "文件夹/签到表.pdf"])
def test_a_name_is_never_a_path(name: str) -> None:
    assert keep(b"signed", name, "签到表")["name"] == "签到表.pdf"


def test_a_file_over_the_limit_is_refused_and_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_BYTES", 3)
    keep(b"abc", "三.txt", "其他")
    with pytest.raises(TooLarge, match="四"):
        keep(b"abcd", "四.txt", "其他")
    assert len(files(folder)) == 1


def test_a_changed_file_is_not_whole() -> None:
    sha256 = keep(b"signed", "签到表.pdf", "签到表")["sha256"]
    assert is_whole(sha256)
    path_of(sha256).write_bytes(b"signeD")
    assert not is_whole(sha256)


def test_a_missing_file_is_not_whole() -> None:
    sha256 = keep(b"signed", "签到表.pdf", "签到表")["sha256"]
    path_of(sha256).unlink()
    assert not is_whole(sha256)


def test_a_files_name_tells_its_kind() -> None:
    kinds = ("通知", "签到表", "照片")
    assert [kind_of(name, kinds) for name in ("1012签到表.pdf", "会议通知.docx", "IMG_1.jpg")] == [
        "签到表",
        "通知",
        "其他",
    ]
