"""`lianqiao backup` and `restore` as people and programs meet them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lianqiao.ledger import evidence
from tests.instance.conftest import PAPER, Sample
from tests.instance.homes import Home, lianqiao, living_in, told_by

pytestmark = pytest.mark.usefixtures("free")


def test_the_way_there_and_back(sample: Sample, home: Home, tmp_path: Path) -> None:
    file = tmp_path / "away" / "file.zip"
    done = lianqiao(sample.home, "backup", file, LIANQIAO_HOSTS="office.example")
    assert done.returncode == 0, done.stderr
    for told in (
        f"{file.stat().st_size:,} 字节",
        f"账本头 {sample.made.manifest.head}",
        f"密钥不在备份里，在 {sample.keys}",
    ):
        assert told in done.stdout
    assert file.stat().st_mode & 0o77 == 0
    again = lianqiao(sample.home, "backup", file)
    assert (again.returncode, again.stdout) == (1, "")
    assert "不覆盖任何文件" in again.stderr
    back = lianqiao(home, "restore", file, "--keys", sample.keys)
    assert back.returncode == 0, back.stderr
    for told in ("恢复本身记为事务", "LIANQIAO_HOSTS=office.example", "校验一致"):
        assert told in back.stdout


def test_programs_are_told_the_same(sample: Sample, home: Home, tmp_path: Path) -> None:
    file = tmp_path / "file.zip"
    made = told_by(lianqiao(sample.home, "backup", file, "--json"))
    assert (made["size"], made["head"]) == (file.stat().st_size, sample.made.manifest.head)
    assert (made["tables"]["exchange_visit"], made["evidence"], made["missing"]) == (4, 2, [])
    back = told_by(lianqiao(home, "restore", file, "--keys", sample.keys, "--json"))
    assert (back["head"], back["problems"], back["tables"]) == (made["head"], 0, made["tables"])
    assert back["now"].startswith(f"{back['transaction']}:")


def test_missing_evidence_is_named_on_standard_error(sample: Sample, tmp_path: Path) -> None:
    with living_in(sample.home):
        lost = evidence.path_of(evidence.described(PAPER, "", "")["sha256"])
    lost.rename(tmp_path / "aside")
    try:
        done = lianqiao(sample.home, "backup", tmp_path / "file.zip")
    finally:
        (tmp_path / "aside").rename(lost)
    assert done.returncode == 1
    assert lost.name in done.stderr
    assert (tmp_path / "file.zip").exists()
