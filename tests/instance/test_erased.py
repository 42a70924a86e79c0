"""What stands in the files of an instance: nothing protected in the clear, and nothing of somebody erased."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from lianqiao.cli.main import main
from lianqiao.fields.employment.models import Job
from lianqiao.instance.backup import Made, back_up
from lianqiao.instance.restore import restore
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.audit import verify
from lianqiao.ledger.erasing import Held, erase
from lianqiao.ledger.protected import protect
from lianqiao.people.models import User
from lianqiao.places.models import Node
from tests.cli.books import COUNTY, book
from tests.instance.conftest import Sample
from tests.instance.homes import ON_POSTGRES, Home, living_in, new_home

pytestmark = [pytest.mark.data, pytest.mark.usefixtures("free")]
ID, WRONG_ID, PHONE, NAME = "990000198001010012", "990000198001010013", "13800000042", "欧阳示例"
PAPER = f"{NAME}的劳动合同".encode()


@pytest.fixture
def living(sample: Sample, home: Home) -> Iterator[Home]:
    with living_in(home):
        restore(sample.file, sample.keys)
        connection.close()  # other processes work with it
        yield home


def inside(folder: Path, word: str) -> list[str]:
    """The files that hold the word, and the members of zips; as text, and as JSON escapes it."""
    ways = {word.encode(), word.encode("unicode_escape")}
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        parts = {path.name: path.read_bytes()}
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as held:
                parts = {f"{path.name} {name}": held.read(name) for name in held.namelist()}
        found += [name for name, content in parts.items() if any(way in content for way in ways)]
    return found


def everything() -> str:
    """Every row of every table."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(value) for row in cursor.fetchall() for value in row]
    connection.close()
    return "\n".join(found)


# Protected values -----------------------------------------------------------------------------------------------------


def worker(**more: object) -> dict[str, object]:
    told = {
        "姓名": NAME, "身份证号": ID, "是否脱贫(监测)人口": "是", "就业单位": "示例公司", "就业地区": "其他地区",
        "入职日期": date(2021, 3, 1), "结对关系": COUNTY, "联系电话": PHONE,
    }  # fmt: skip
    return told | more


def test_nothing_protected_stands_anywhere_in_the_clear(
    living: Home,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    good = book(tmp_path / "good.xlsx", worker())
    bad = book(tmp_path / "bad.xlsx", worker(身份证号=WRONG_ID), worker(入职日期="去年"))
    calls = [
        ("import", "jobs", bad, "--as", "admin", "--json"),
        ("import", "jobs", bad, "--as", "admin"),
        ("import", "jobs", good, "--as", "admin", "--approve-as", "other_admin", "--json"),
        ("import", "jobs", good, "--as", "admin"),
        ("figures", "--json"),
        ("trace", "labour.employed_total", "--json"),
        ("trace", "labour.employed_total"),
        ("export", "jobs", "-o", living.folder / "jobs.xlsx"),
        ("erase", "--person", "--dry-run", "--as", "admin", "--json"),
        ("backup", living.folder / "all.zip"),
        ("verify", "--json"),
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO(ID))
    for call in calls:
        main([str(argument) for argument in call])
    told = "".join(capsys.readouterr())
    assert "JY-2021-0002" in told  # what is not protected is found by this search
    pages = [
        read_by("admin", path) for path in ("/ledgers/jobs/", "/ledgers/jobs/JY-2021-0002/", f"/ledgers/jobs/?q={ID}")
    ]
    assert NAME in pages[1]
    for word in (ID, WRONG_ID, PHONE):
        assert word not in told
        assert word not in everything()
        assert inside(living.folder, word) == []
        assert word not in pages[0] + pages[1]
        assert word not in caplog.text
    assert inside(living.folder, NAME)


def read_by(username: str, path: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=username))
    answer = client.get(path)
    connection.close()
    assert answer.status_code == 200
    return answer.content.decode()


# Erased persons -------------------------------------------------------------------------------------------------------


def entered() -> tuple[Job, evidence.Evidence]:
    paper = evidence.keep(PAPER, f"{NAME}.txt", "劳动合同")
    job = Job(
        node=Node.objects.get(pairing__east="靖江市"), name=NAME, id_number=protect(ID), village="甲子村", lifted=True,
        employer="示例公司", destination="其他地区", started_on=date(2021, 3, 1), evidence=[paper],
    )  # fmt: skip
    admin, other = User.objects.get(username="admin"), User.objects.get(username="other_admin")
    (row,) = acts.create([job], admin)
    acts.approve([row], other)
    acts.approve([acts.revise(row, {"village": f"{NAME}家"}, admin, f"{NAME}迁居")], other)
    return Job.objects.get(pk=row.pk), paper


def erased() -> Made:
    """Somebody is entered and erased; the backup before."""
    row, _ = entered()
    before = back_up(settings.DIR.parent / "before.zip")
    erase([Held(row)], User.objects.get(username="admin"), "本人要求")
    return before


def test_nothing_of_somebody_erased_is_left_in_the_files(living: Home, tmp_path: Path) -> None:
    entered_hash = evidence.described(PAPER, "", "")["sha256"]
    before = erased()
    after = back_up(living.folder / "after.zip")
    assert NAME not in everything()
    assert inside(living.folder, NAME) == []
    assert not evidence.path_of(entered_hash).exists()
    assert after.manifest.missing == ()
    assert entered_hash not in after.manifest.evidence
    assert verify().problems == []
    assert inside(before.path.parent, NAME)  # a backup made before still holds it: docs/operators.md


def test_what_was_erased_stays_so_through_backup_and_restore(living: Home, sample: Sample, tmp_path: Path) -> None:
    erased()
    kept = back_up(tmp_path / "after.zip")
    connection.close()
    with living_in(new_home(tmp_path / "again", postgres=ON_POSTGRES)):
        restore(kept.path, sample.keys)
        assert NAME not in everything()
        row = Job.objects.latest("pk")
        assert (row.name, bool(row.erased)) == ("", True)
        assert verify().problems == []
