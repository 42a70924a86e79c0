"""Filling in: a new row, a draft, what came back, a revision; its problems at their fields; its evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianqiao.desk import uploads
from lianqiao.desk.forms import EntryForm
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Payment
from lianqiao.fields.projects.models import Project
from lianqiao.fields.talent.models import Secondment
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.models import Change, Entry
from lianqiao.ledger.protected import masked, reveal
from lianqiao.ledger.registry import ledgers
from lianqiao.people.models import Grant
from tests.desk.conftest import Reader
from tests.rows import ROWS, entered
from tests.world import World, approved, fresh, stay, value, visit

NEW = "/ledgers/visits/new/"


def typed(world: World, **more: Any) -> dict[str, Any]:
    """What a clerk types for a visit."""
    told = {
        "node": world.county.pk,
        "occurred_on": "2021.10.12",
        "direction": "东部赴西部",
        "purpose": "对接",
        "people": "12人",
    }
    return told | {"leader": "示例"} | more


def told(page: Any) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in page.context["form"].errors.items()}


def edit_of(entry: Entry) -> str:
    return f"/ledgers/{entry.ledger.code}/{entry.number}/edit/"


def again(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What the form at the address holds, with changes."""
    form = client.get(address).context["form"]
    held = {box["field"].html_name: box["field"].value() for box in form.rows()}
    held |= {"stamp": form.initial["stamp"]} | changes
    return {name: "" if content is None else content for name, content in held.items()}


def test_what_is_typed_becomes_a_row_that_waits(world: World, read: Reader) -> None:
    answer = read(world.jingjiang).post(NEW, typed(world))
    row = Visit.objects.get()
    assert answer["Location"] == f"/ledgers/visits/{row.number}/"
    assert (row.state, row.people, row.occurred_on, row.author) == (
        "submitted",
        12,
        date(2021, 10, 12),
        world.jingjiang,
    )


@pytest.mark.parametrize("model", list(ledgers().values()))
def test_what_the_form_carries_is_called_as_no_column_is(model: type[Entry]) -> None:
    assert not {field.name for field in model._meta.get_fields()} & set(EntryForm.base_fields)


def test_nothing_that_the_form_carries_beside_the_columns_goes_into_the_row(world: World, read: Reader) -> None:
    """Whatever is posted under the name of a field that is no column of the ledger."""
    forged = {"version": 7, "state": "approved", "number": "HF-1", "author": world.admin.pk, "posted_version": 1}
    client = read(world.jingjiang)
    client.post(NEW, again(client, NEW, **typed(world), **forged))
    row = Visit.objects.get()
    assert (row.version, row.state, row.number, row.author) == (1, "submitted", "HF-2021-0001", world.jingjiang)


def test_a_draft_is_kept_and_does_not_wait(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    answer = client.post(NEW, typed(world, act="draft"))
    assert Visit.objects.get().state == "draft"
    assert "已存为草稿" in client.get(answer["Location"]).content.decode()


def test_one_row_after_the_other(world: World, read: Reader) -> None:
    assert read(world.jingjiang).post(NEW, typed(world, act="another"))["Location"] == NEW
    assert Visit.objects.count() == 1


def test_problems_stand_at_their_fields_and_what_was_typed_stays(world: World, read: Reader) -> None:
    page = read(world.jingjiang).post(NEW, typed(world, occurred_on="去年", people="约12"))
    assert page.status_code == 400
    assert set(told(page)) == {"occurred_on", "people"}
    assert told(page)["people"] == ["人数：“约12”不是一个确定的整数。请填整数，如 12。"]
    assert 'value="约12"' in page.content.decode()
    assert not Visit.objects.exists()


def test_the_ledgers_own_rules_are_told_at_their_fields(world: World, read: Reader) -> None:
    page = read(world.jingjiang).post(NEW, typed(world, direction="", people=""))
    assert set(told(page)) == {"direction", "people"}
    assert told(page)["people"] == ["人数：必填，未填。请补上。"]


def test_while_typing_the_server_tells_what_it_would_refuse_and_saves_nothing(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    assert client.post(NEW, typed(world, people="约12", check="1")).json() == {
        "people": ["人数：“约12”不是一个确定的整数。请填整数，如 12。"]
    }
    assert client.post(NEW, typed(world, check="1")).json() == {}
    assert not Visit.objects.exists()


def test_somebody_of_the_other_side_is_told_that_the_row_is_not_his(world: World, read: Reader) -> None:
    Grant.objects.filter(user=world.jingjiang).update(side="west")
    page = read(world.jingjiang).post(NEW, typed(world))
    assert page.status_code == 400
    assert "现有授权填不了这一行" in page.content.decode()
    assert not Visit.objects.exists()


def test_another_programmes_pairing_is_no_choice(world: World, read: Reader) -> None:
    page = read(world.jingjiang).post(NEW, typed(world, node=world.elsewhere.pk))
    assert "node" in told(page)
    assert not Visit.objects.exists()


@pytest.mark.parametrize("code", sorted(set(ROWS) & set(ledgers())))
def test_every_ledger_has_a_form_that_says_again_what_a_row_holds(world: World, read: Reader, code: str) -> None:
    """A row's own values, typed anew, are no change."""
    row = entered(world, code)
    client = read(world.other_admin)
    page = client.post(edit_of(row), again(client, edit_of(row), why="照旧"))
    assert told(page) == {"__all__": [f"{row.number}：内容没有变化。"]}


# Editing -----------------------------------------------------------------------------------------------------------------


def test_what_came_back_is_mended_and_handed_in_again(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang)
    acts.send_back([row], world.yongshou, "人数与签到表不符")
    client = read(world.jingjiang)
    assert "人数与签到表不符" in client.get(edit_of(row)).content.decode()
    client.post(edit_of(row), again(client, edit_of(row), people="5"))
    assert (fresh(row).state, fresh(row).people, fresh(row).version) == ("submitted", 5, 2)


def test_handing_in_without_a_change_makes_no_version(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang, submit=False)
    client = read(world.jingjiang)
    client.post(edit_of(row), again(client, edit_of(row)))
    assert (fresh(row).state, fresh(row).version) == ("submitted", 1)


def test_an_approved_row_is_revised_with_a_reason_and_counts_on(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county, people=6))
    client = read(world.jingjiang)
    page = client.post(edit_of(row), again(client, edit_of(row), people="5"))
    assert told(page) == {"why": ["修订要写明缘由。"]}
    client.post(edit_of(row), again(client, edit_of(row), people="5", why="依签到表"))
    assert (fresh(row).people, fresh(row).pending, value("visits.person_times", world.county)) == (6, 2, 6)
    assert Change.objects.get(entry=row.pk, version=2).why == "依签到表"


def test_a_revision_that_came_back_is_opened_as_it_was(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county, people=6))
    acts.send_back([acts.revise(row, {"people": 5}, world.jingjiang, "依签到表")], world.yongshou, "再核")
    assert again(read(world.jingjiang), edit_of(row))["people"] == "5"


def test_two_people_at_one_row_do_not_overwrite_each_other(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang, submit=False)
    first, second = read(world.jingjiang), read(world.admin)
    slow = again(first, edit_of(row), people="7")
    second.post(edit_of(row), again(second, edit_of(row), people="8", act="draft"))
    page = first.post(edit_of(row), slow)
    assert "被别人改过" in page.content.decode()
    assert fresh(row).people == 8


@pytest.mark.parametrize("state", ["submitted", "void"])
def test_what_waits_or_is_void_is_not_edited(world: World, read: Reader, state: str) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang)
    if state == "void":
        acts.void(row, world.yongshou, "重复")
    answer = read(world.jingjiang).get(edit_of(row), follow=True)
    assert "现在不能改" in answer.content.decode()


# Protected fields, links, evidence -----------------------------------------------------------------------------------------

ID = "990000198001010012"


def test_an_id_number_is_sealed_and_never_shown_again(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    told = {"node": world.county.pk, "name": "示例甲", "id_number": ID, "direction": "东部派往西部", "category": "教育"}
    told |= {"host_org": "永寿县中学", "start": "2021-03-01"}
    client.post("/ledgers/secondments/new/", told)
    row = Secondment.objects.get()
    assert reveal(row.id_number) == ID
    page = read(world.admin)
    acts.send_back([row], world.yongshou, "核对")
    text = page.get(edit_of(row)).content.decode()
    assert ID not in text
    assert row.id_number not in text
    assert masked(row.id_number) in text


def test_an_id_number_left_empty_stays(world: World, read: Reader) -> None:
    (row,) = approved(world, stay(world.county, date(2021, 3, 1), ID))
    client = read(world.jingjiang)
    client.post(edit_of(row), again(client, edit_of(row), name="示例乙", why="更正姓名"))
    payload = Change.objects.get(entry=row.pk, version=2).payload or {}
    assert (payload["name"], reveal(payload["id_number"])) == ("示例乙", ID)


def test_a_wrong_id_number_is_told_without_being_repeated(world: World, read: Reader) -> None:
    wrong = "990000198001010018"
    page = read(world.jingjiang).post("/ledgers/secondments/new/", {"node": world.county.pk, "id_number": wrong})
    assert told(page)["id_number"] == ["身份证号：不是正确的18位身份证号。请核对并以文本填写。"]
    assert wrong not in page.content.decode()


def test_another_row_is_named_by_its_number(world: World, read: Reader) -> None:
    entered(world, "allocations")
    project = Project.objects.get()
    told_ = {
        "node": world.county.pk,
        "paid_on": "2021-07-01",
        "payee": "示例公司",
        "amount": "1.5万元",
        "voucher": "1号",
        "year": "2020",
    }
    client = read(world.admin)
    assert told(client.post("/ledgers/payments/new/", told_ | {"project": "没有"}))["project"][0].startswith("项目")
    client.post("/ledgers/payments/new/", told_ | {"project": project.number})
    assert (Payment.objects.get().project, Payment.objects.get().amount) == (project, 1_500_000)


def test_files_become_evidence_of_their_kind(world: World, read: Reader) -> None:
    photo = SimpleUploadedFile("会场.png", b"\x89PNG one")
    paper = SimpleUploadedFile("../签到.pdf", b"%PDF one")
    client = read(world.jingjiang)
    client.post(NEW, typed(world) | {"file-2": [photo], "file-1": [paper]})
    row = Visit.objects.get()
    assert [(piece["kind"], piece["name"]) for piece in row.evidence] == [("签到表", "签到.pdf"), ("照片", "会场.png")]
    assert all(evidence.is_whole(piece["sha256"]) for piece in row.evidence)


def test_files_sent_with_a_wrong_form_need_not_be_sent_again(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    page = client.post(NEW, typed(world, people="") | {"file-0": [SimpleUploadedFile("通知.pdf", b"%PDF two")]})
    (token,) = [p["token"] for tile in page.context["tiles"] for p in tile["pieces"]]
    client.post(NEW, typed(world, kept=[token, "forged"]))
    assert [piece["name"] for piece in Visit.objects.get().evidence] == ["通知.pdf"]


def test_a_piece_is_taken_away_by_a_revision_only(world: World, read: Reader) -> None:
    piece = evidence.keep(b"three", "通知.pdf", "通知")
    (row,) = approved(world, visit(world.county, evidence=[piece]))
    client = read(world.jingjiang)
    client.post(edit_of(row), again(client, edit_of(row), drop=[piece["sha256"]], why="传错了"))
    assert fresh(row).evidence == [piece]
    assert (Change.objects.get(entry=row.pk, version=2).payload or {})["evidence"] == []


def test_a_file_over_the_limit_is_refused(world: World, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads.evidence, "MOST_BYTES", 3)
    page = read(world.jingjiang).post(NEW, typed(world) | {"file-0": [SimpleUploadedFile("通知.pdf", b"four")]})
    assert "通知.pdf：超过" in page.content.decode()


# Who ---------------------------------------------------------------------------------------------------------------------


def test_the_ladder_of_a_new_row(world: World, read: Reader) -> None:
    assert read(world.jingjiang).get(NEW).status_code == 200
    assert read(world.auditor).get(NEW).status_code == 403
    assert read(world.leader).post(NEW, typed(world)).status_code == 403
    assert read(world.jingjiang).get("/ledgers/nothing/new/").status_code == 404
    assert read().get(NEW).status_code == 302
    assert read(world.jingjiang).put(NEW).status_code == 405


def test_the_ladder_of_an_edit(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county))
    assert read(world.jingjiang).get(edit_of(row)).status_code == 200
    assert read(world.yongshou).get(edit_of(row)).status_code == 403
    assert read(world.stranger).get(edit_of(row)).status_code == 404
    assert read(world.jingjiang).delete(edit_of(row)).status_code == 405


def test_in_an_open_instance_writing_still_needs_signing_in(
    world: World, read: Reader, settings: pytest.FixtureRequest
) -> None:
    settings.OPEN = True  # type: ignore[attr-defined]
    assert read().post(NEW, typed(world))["Location"].startswith("/sign-in/")
    assert not Visit.objects.exists()
