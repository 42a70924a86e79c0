"""Import in the browser: drop, look, mend in place, write, take back."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianqiao.desk import drops, watching
from lianqiao.fields.exchange.models import Visit
from lianqiao.ledger import acts
from lianqiao.people.models import Grant
from lianqiao.workbooks.commit import Progress, Stage
from lianqiao.workbooks.models import Import
from tests.desk.conftest import Reader
from tests.world import World

START = "/ledgers/visits/import/"
HEADINGS = ["日期", "方向", "事由", "带队领导", "人数", "结对关系"]
GOOD = ["2021-03-01", "东部赴西部", "对接", "示例", 12, "靖江-永寿"]
BAD = ["2021-03-02", "东部赴西部", "考察", "示例", "约12", "靖江-永寿"]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    """What is dropped lies in the instance's folder; the keys stay where they are."""
    (tmp_path / "keys").symlink_to(settings.DIR / "keys")
    settings.DIR = tmp_path


def book(*rows: Sequence[Any]) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    for row in (HEADINGS, *rows):
        made.active.append(list(row))
    held = io.BytesIO()
    made.save(held)
    return SimpleUploadedFile("三月互访.xlsx", held.getvalue())


def dropped(client: Client, *rows: Sequence[Any]) -> str:
    """The address of the preview of a workbook with these rows."""
    return str(client.post(START, {"file": book(*rows)})["Location"])


def test_what_a_file_would_do_is_told_before_anything_is_written(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    page = client.get(dropped(client, GOOD, BAD))
    told = page.context["preview"]
    assert (told.new, told.refused_rows, [(one.cell, one.value) for one in page.context["refused"]]) == (
        1,
        1,
        [("E3", "约12")],
    )
    assert not Visit.objects.exists()


def test_a_good_file_is_written_and_waits(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    done = client.post(dropped(client, GOOD), {"act": "write"})
    made = Import.objects.get()
    assert done["Location"] == f"/imports/{made.pk}/"
    assert (Visit.objects.get().state, Visit.objects.get().people, made.file) == ("submitted", 12, "三月互访.xlsx")
    assert Visit.objects.get().number in client.get(done["Location"]).content.decode()


def test_a_refused_cell_is_mended_in_place(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    address = dropped(client, GOOD, BAD)
    again = client.post(address, {"act": "mend", "cell|Sheet|E3": "13"})
    assert again["Location"] == address
    told = client.get(address).context["preview"]
    assert (told.new, told.refused_rows) == (2, 0)
    client.post(address, {"act": "write"})
    assert sorted(Visit.objects.values_list("people", flat=True)) == [12, 13]


def test_with_a_refused_row_nothing_is_written_unless_the_good_ones_are_asked_for(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    address = dropped(client, GOOD, BAD)
    assert client.post(address, {"act": "write"}).status_code == 400
    assert not Visit.objects.exists()
    client.post(address, {"act": "write_good"})
    assert Visit.objects.count() == 1


def test_the_refused_cells_come_back_marked(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    answer = client.post(dropped(client, GOOD, BAD), {"act": "errors"})
    found = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert any("不是一个确定的整数" in str(cell.value) for row in found.active.iter_rows() for cell in row)


def test_papers_that_rows_name_come_with_the_file(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    made = openpyxl.Workbook()
    made.active.append([*HEADINGS, "佐证材料"])
    made.active.append([*GOOD, "通知.pdf"])
    held = io.BytesIO()
    made.save(held)
    files = {"file": SimpleUploadedFile("a.xlsx", held.getvalue()), "papers": [SimpleUploadedFile("通知.pdf", b"%PDF")]}
    client.post(client.post(START, files)["Location"], {"act": "write"})
    assert [piece["name"] for piece in Visit.objects.get().evidence] == ["通知.pdf"]


def test_the_same_file_again_has_nothing_to_write(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    client.post(dropped(client, GOOD), {"act": "write"})
    done = client.post(dropped(client, GOOD), {"act": "write"}, follow=True)
    assert "没有要写的" in done.content.decode()
    assert Visit.objects.count() == 1


def test_what_is_not_written_is_forgotten(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    address = dropped(client, GOOD)
    client.post(address, {"act": "forget"})
    assert client.get(address).status_code == 404
    assert list(drops.folder_of(world.jingjiang).iterdir()) == []


def test_what_was_written_is_gone_from_the_folder(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    address = dropped(client, GOOD)
    client.post(address, {"act": "write"})
    assert client.post(address, {"act": "write"}).status_code == 404


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_told(world: World, read: Reader, content: bytes) -> None:
    client = read(world.jingjiang)
    answer = client.post(START, {"file": SimpleUploadedFile("x.xlsx", content)})
    page = client.get(answer["Location"]) if answer.status_code == 302 else answer
    assert page.status_code == 400
    assert page.context["problem"]


def test_rows_of_the_other_side_are_not_written(world: World, read: Reader) -> None:
    Grant.objects.filter(user=world.jingjiang).update(side="west")
    client = read(world.jingjiang)
    assert client.get(dropped(client, GOOD)).status_code == 403
    assert not Visit.objects.exists()


def test_nobody_finds_what_somebody_else_has_dropped(world: World, read: Reader) -> None:
    address = dropped(read(world.jingjiang), GOOD)
    assert read(world.admin).get(address).status_code == 404
    assert read(world.jingjiang).get("/ledgers/visits/import/..%2F..%2Fkeys/").status_code == 404


@pytest.mark.parametrize("name", ["../../keys/secret_key", "..", "a/b\\c.xlsx", ""])
def test_a_files_name_leads_nowhere(name: str) -> None:
    told = drops.safe(name)
    assert "/" not in told
    assert "\\" not in told
    assert told.strip(".")


def test_an_import_is_undone_as_one_act_with_a_reason(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    address = client.post(dropped(client, GOOD), {"act": "write"})["Location"]
    acts.approve(list(Visit.objects.all()), world.yongshou)
    boss = read(world.admin)
    assert boss.post(address, {"why": ""}).status_code == 400
    boss.post(address, {"why": "导错了文件"})
    assert Visit.objects.get().state == "void"
    assert "导错了文件" in boss.get(address).content.decode()
    assert "已撤销" in boss.get("/imports/").content.decode()
    assert "已于" in boss.post(address, {"why": "再撤"}).context["problems"][0]


def test_one_sees_ones_own_imports(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    address = client.post(dropped(client, GOOD), {"act": "write"})["Location"]
    assert address in client.get("/imports/").content.decode()
    assert address not in read(world.stranger).get("/imports/").content.decode()
    assert read(world.stranger).get(address).status_code == 404


# Watching ----------------------------------------------------------------------------------------------------------------


def workbook_of(world: World) -> Path:
    return next(path for path in drops.folder_of(world.jingjiang).glob("*/*") if path.is_file())


def test_how_far_it_is_is_told_to_who_dropped_it(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    address = dropped(client, GOOD)
    assert client.get(f"{address}progress/").status_code == 204
    tell = watching.begin(workbook_of(world))
    tell(Stage("录入", 1000, 5000))
    assert client.get(f"{address}progress/").json() == {"name": "录入", "done": 1000, "of": 5000}
    assert "正在写入" in client.get(address).content.decode()
    assert read(world.admin).get(f"{address}progress/").status_code == 404
    watching.end(workbook_of(world))
    assert client.get(address).context["preview"].new == 1


def test_it_is_called_off_before_it_is_committed(world: World, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    client = read(world.jingjiang)
    address = dropped(client, GOOD)
    begin = watching.begin

    def called_off(workbook: Path) -> Progress:
        tell = begin(workbook)

        def told(stage: Stage) -> None:
            if stage.name == "写入":  # the rows stand in the database already, uncommitted
                assert Visit.objects.count() == 1
                client.post(address, {"act": "stop"})
            tell(stage)

        return told

    monkeypatch.setattr(watching, "begin", called_off)
    page = client.post(address, {"act": "write"}, follow=True)
    assert "已停下，一行也没有写" in page.content.decode()
    assert (Visit.objects.count(), Import.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert (
        client.post(address, {"act": "write"}, headers={"accept": "application/json"})
        .json()["to"]
        .startswith("/imports/")
    )
    assert Visit.objects.count() == 1


def test_a_word_that_nobody_speaks_any_more_is_no_progress(world: World, read: Reader) -> None:
    dropped(read(world.jingjiang), GOOD)
    workbook = workbook_of(world)
    watching.begin(workbook)
    os.utime(workbook.parent / watching.FOLDER / watching.STAGE, (0, 0))
    assert watching.how_far(workbook) is None


def test_the_ladder(world: World, read: Reader) -> None:
    assert read(world.jingjiang).get(START).status_code == 200
    assert read(world.jingjiang).post(START).status_code == 400
    assert read(world.auditor).get(START).status_code == 403
    assert read(world.jingjiang).get("/ledgers/nothing/import/").status_code == 404
    assert read().get(START)["Location"].startswith("/sign-in/")
    assert read(world.jingjiang).put(START).status_code == 405
    assert read(world.jingjiang).post(START, {"file": book(GOOD), "node": world.elsewhere.number}).status_code == 404
