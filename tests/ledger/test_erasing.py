"""Erasing a person's data: it is gone from every version, and nothing that is counted moves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from lianqiao.fields.employment.models import Job, Retention
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.households.models import HomeVisit, Monitored
from lianqiao.fields.talent.models import Secondment
from lianqiao.journal import clock
from lianqiao.journal.figures import all_measures, figures, known_at
from lianqiao.journal.models import Posting, Transaction, Voucher
from lianqiao.ledger import acts, erasing, evidence, history
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from lianqiao.ledger.erasing import Erased, Held, erase, find_person
from lianqiao.ledger.models import Change, Entry, State
from lianqiao.ledger.protected import ERASED, masked, protect
from lianqiao.ledger.registry import ledgers
from lianqiao.people.models import Grant
from tests.rows import ROWS, entered
from tests.tampering import execute
from tests.world import EVER, World, approved, fresh, person, revised, stay, visit

pytestmark = pytest.mark.data

ID, OTHER = "990000198001010017", "990000199001010033"
NAME, DAY = "欧阳示例", date(2021, 3, 1)
WHY = "本人要求"


def job(world: World, id_number: str = ID, **more: Any) -> Job:
    told = {
        "name": NAME, "village": "甲子村", "lifted": True, "employer": "丙丁公司", "destination": "东部结对地区",
        "started_on": DAY, "channel": "点对点输送", "wage": 512_345, "notes": f"{NAME}之妻",
    }  # fmt: skip
    return Job(node=world.town, id_number=protect(id_number), **told | more)


def gone(world: World, *rows: Entry, **more: Any) -> Erased:
    return erase([Held(row) for row in rows], world.admin, WHY, **more)


def everything(world: World, until: int) -> dict[Any, Any]:
    """Every figure at every node, cumulative and of the year, as it was known after each of the transactions."""
    return {
        (f.address, f.known.number): (f.value, f.bare, f.entries)
        for number in range(1, until + 1)
        for node in world.nodes
        for f in figures(all_measures(), [node], EVER, known_at(number))
    }


def head() -> int:
    return Transaction.objects.count()


def held_anywhere(*told: str) -> set[str]:
    """Which of these stand in any table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(value) for row in cursor.fetchall() for value in row]
    text = "\n".join(found)
    return {one for one in told if one in text or one.encode("unicode_escape").decode() in text}


# What goes and what stays --------------------------------------------------------------------------------------------


def test_what_told_of_the_person_is_gone_from_all_tables(world: World) -> None:
    (row,) = approved(world, job(world, employer="戊己公司"))
    row = revised(world, row, why="写错单位", employer="丙丁公司")
    acts.revise(row, {"village": "乙丑村"}, world.jingjiang, "户籍村有误")
    words = (NAME, "戊己公司", "丙丁公司", "甲子村", "乙丑村", "512345", "写错单位", "户籍村有误", row.id_number)
    assert held_anywhere(*words) == set(words)
    gone(world, row)
    assert held_anywhere(*words) == set()


def test_what_its_postings_need_stays(world: World) -> None:
    (row,) = approved(world, job(world))
    gone(world, row)
    row = fresh(row)
    assert (row.started_on, row.destination, row.lifted, row.channel) == (DAY, "东部结对地区", True, "点对点输送")
    assert (row.node, row.state, row.version, row.posted_version) == (world.town, State.APPROVED, 2, 2)
    assert {row.name, row.village, row.employer, row.notes, row.wage} == {"", None}


def test_an_erased_id_number_is_shown_as_such(world: World) -> None:
    (row,) = approved(world, job(world))
    gone(world, row)
    assert masked(fresh(row).id_number) == ERASED == "***（已删除）"


def test_the_journal_gets_one_transaction_that_posts_nothing(world: World) -> None:
    rows = [*approved(world, job(world)), *approved(world, stay(world.county, DAY, ID))]
    before = Posting.objects.count()
    done = gone(world, *rows)
    last = Transaction.objects.last()
    assert done.transaction == last
    assert last is not None
    assert (last.kind, last.why, last.by, last.postings, last.vouchers) == ("erase", WHY, "admin", 0, 2)
    assert Posting.objects.count() == before
    assert {fresh(row).erased for row in rows} == {last.number}


@pytest.mark.parametrize("ledger", ROWS)
def test_no_figure_moves_in_any_ledger_and_verify_is_clean(world: World, ledger: str) -> None:
    row = entered(world, ledger)
    if row.ledger.code != "pairings":
        acts.approve([acts.revise(row, {"notes": "示例"}, world.admin, "补充")], world.other_admin)
    number = head()
    before = everything(world, number)
    gone(world, row)
    assert verify().problems == []
    assert everything(world, number) == before
    assert {c.payload for c in Change.objects.filter(ledger=ledger, entry=row.pk).exclude(kind="erase")} == {None}
    text = [f for f in row.ledger.personal if not row._meta.get_field(f).null]
    assert {getattr(fresh(row), column) for column in text} <= {""}


def test_somebody_without_id_number_is_still_counted_once(world: World) -> None:
    rows = approved(
        world, stay(world.county, DAY, home_org="甲校"), stay(world.town, DAY, home_org="甲校", post="教师")
    )
    number = head()
    before = everything(world, number)
    gone(world, rows[0])
    assert everything(world, number) == before
    assert verify().problems == []
    assert masked(fresh(rows[0]).id_number) == ERASED


def test_a_check_of_an_erased_job_still_counts_the_same_person(world: World) -> None:
    checked = entered(world, "retention")
    gone(world, Job.objects.get())
    acts.approve([acts.revise(checked, {"months": 9}, world.admin, "更正")], world.other_admin)
    assert verify().problems == []


def test_a_row_that_never_counted_leaves_the_review(world: World) -> None:
    (row,) = acts.create([job(world)], world.jingjiang)
    done = gone(world, row)
    assert (fresh(row).state, fresh(row).posted_version) == (State.VOID, None)
    assert done.transaction is not None
    assert held_anywhere(NAME) == set()
    assert verify().problems == []


def test_a_void_row_can_be_erased(world: World) -> None:
    (row,) = approved(world, job(world))
    acts.void(row, world.yongshou, "重复")
    gone(world, row)
    assert fresh(row).state == State.VOID
    assert held_anywhere(NAME) == set()
    assert verify().problems == []


def test_in_a_closed_period_too(world: World) -> None:
    (row,) = approved(world, job(world))
    acts.close(world.county, date(2021, 12, 31), world.admin, "年终")
    assert gone(world, row).transaction
    assert verify().problems == []


@pytest.mark.parametrize("seed", [1, 2])
def test_whoever_is_erased_when_every_figure_of_every_moment_stays(world: World, seed: int) -> None:
    random = Random(seed)
    rows: list[Entry] = []
    for _ in range(8):
        whose = random.choice([ID, OTHER, ""])
        made = job(world, whose, employer=random.choice("甲乙")) if whose and random.random() < 0.5 else None
        node, on = random.choice(world.nodes[2:5]), random.choice([DAY, date(2020, 1, 31)])
        rows += approved(world, made or stay(node, on, whose, name=random.choice(["丁", "戊"]), home_org="己校"))
    for row in random.sample(rows, 4):
        if isinstance(row, Secondment):
            revised(world, row, category=random.choice(["党政干部", "教育"]), notes="更正")
        else:
            revised(world, row, left_on=date(2021, 6, 30), destination="其他地区")
    number = head()
    before = everything(world, number)
    for row in random.sample(rows, 5):
        gone(world, fresh(row))
        assert verify().problems == []
        assert everything(world, number) == before
    acts.void(fresh(rows[0]), world.yongshou, "重复")
    assert verify().problems == []


# Whose rows ----------------------------------------------------------------------------------------------------------


def found(id_number: str = ID) -> list[tuple[str, bool]]:
    return [(one.entry.number, one.now) for one in find_person(id_number)]


def test_a_person_is_found_in_all_ledgers_that_have_id_numbers(world: World) -> None:
    household = Monitored(
        node=world.town, code="户1", head=NAME, id_number=protect(ID), village="村", category="边缘易致贫户", people=1,
        identified_on=DAY, risk="病",
    )  # fmt: skip
    rows: list[Entry] = [*approved(world, household), *approved(world, job(world))]
    rows += approved(world, stay(world.county, DAY, ID))
    approved(world, job(world, OTHER))
    assert sorted(found()) == sorted((row.number, True) for row in rows)
    assert found("990000198001010025") == []


@pytest.mark.parametrize("written", [f" {ID} ", f"{ID[:6]} {ID[6:]}", "９９００００１９８００１０１００１７"])
def test_an_id_number_is_found_however_it_is_typed(world: World, written: str) -> None:
    (row,) = approved(world, stay(world.county, DAY, ID))
    assert found(written) == [(row.number, True)]


def test_a_small_x_is_a_large_one(world: World) -> None:
    (row,) = approved(world, stay(world.county, DAY, "99000019800101001X"))
    assert found("99000019800101001x") == [(row.number, True)]


def test_rows_that_name_the_persons_row_are_found_with_it(world: World) -> None:
    checked = entered(world, "retention")
    assert found("990000199001010033") == [(Job.objects.get().number, True), (checked.number, True)]


def test_earlier_and_waiting_versions_are_found_as_such(world: World) -> None:
    (once,) = approved(world, job(world, ID))
    revised(world, once, id_number=protect(OTHER), name="他人")
    (soon,) = approved(world, stay(world.county, DAY, OTHER))
    acts.revise(soon, {"id_number": protect(ID)}, world.jingjiang, "更正")
    assert found() == [(soon.number, False), (once.number, False)]


def test_what_is_erased_is_not_found_again(world: World) -> None:
    entered(world, "retention")
    erase(find_person("990000199001010033"), world.admin, WHY)
    assert found("990000199001010033") == []
    assert Retention.objects.get().need == ""


def test_of_a_row_that_is_now_another_persons_only_the_history_goes(world: World) -> None:
    (row,) = approved(world, job(world, ID, name="错名"))
    row = revised(world, row, why="不是此人", id_number=protect(OTHER), name="他人")
    acts.revise(row, {"village": "乙丑村"}, world.jingjiang, "待审")
    erase(find_person(ID), world.admin, WHY)
    assert held_anywhere("错名", "不是此人", "乙丑村") == set()
    row = fresh(row)
    assert (row.name, row.version, row.pending, row.erased) == ("他人", 2, None, None)
    assert verify().problems == []
    assert found() == []
    revised(world, row, why="住址", village="丙寅村")  # it lives on
    assert verify().problems == []
    assert [s.differences for s in history.steps(row) if s.what == "修订"][-1]


def test_who_is_entered_again_has_a_row_of_their_own(world: World) -> None:
    (row,) = approved(world, job(world))
    gone(world, row)
    (again,) = approved(world, job(world))
    assert found() == [(again.number, True)]
    assert fresh(again).person() == fresh(row).person()
    assert verify().problems == []


# What one may still do with the row -----------------------------------------------------------------------------------


def test_an_erased_row_is_not_revised(world: World) -> None:
    (row,) = approved(world, job(world))
    gone(world, row)
    with pytest.raises(Refused, match="个人信息已经删除"):
        acts.revise(fresh(row), {"name": NAME}, world.jingjiang, "填回")


def test_an_erased_row_can_be_voided(world: World) -> None:
    (row,) = approved(world, job(world))
    gone(world, row)
    acts.void(fresh(row), world.yongshou, "重复")
    assert Posting.objects.filter(ledger="jobs").count() % 2 == 0
    assert verify().problems == []


def test_the_history_says_that_it_was_erased_and_no_more(world: World) -> None:
    (row,) = approved(world, job(world))
    row = revised(world, row, why="写错单位", employer="戊己公司")
    gone(world, row)
    steps = [(s.what, s.why, s.differences) for s in history.steps(fresh(row))]
    assert [what for what, _, _ in steps] == ["填报", "通过", "修订", "通过", "删除个人信息"]
    assert steps[-1] == ("删除个人信息", WHY, ())
    assert not any(differences for _, _, differences in steps)


def test_erasing_again_does_nothing(world: World) -> None:
    (row,) = approved(world, job(world))
    gone(world, row)
    number = head()
    assert gone(world, row) == Erased(None, (), (), ())
    assert head() == number


# Who may, and why -----------------------------------------------------------------------------------------------------


def test_a_coordinator_of_the_node_may(world: World) -> None:
    (row,) = approved(world, job(world))
    by = person("coordinator", Grant.Role.COORDINATOR, world.county)
    assert erase([Held(row)], by, WHY).rows == (row.number,)


@pytest.mark.parametrize(
    ("who", "refusal"), [("jingjiang", PermissionDenied), ("yongshou", PermissionDenied), ("stranger", Http404)]
)
def test_nobody_else_may(world: World, who: str, refusal: type[Exception]) -> None:
    (row,) = approved(world, job(world))
    with pytest.raises(refusal):
        erase([Held(row)], getattr(world, who), WHY)
    assert fresh(row).name == NAME


def test_one_row_out_of_reach_and_none_is_erased(world: World) -> None:
    (row,), others = approved(world, job(world)), acts.create([stay(world.elsewhere, DAY, ID)], world.admin)
    by = person("coordinator", Grant.Role.COORDINATOR, world.county)
    with pytest.raises(Http404):
        erase([Held(row), *map(Held, others)], by, WHY)
    assert fresh(row).name == NAME


BAD_REASONS = {"": "写明缘由", "本": None, f"{NAME}要求": "不能写", f"证件{ID}": "不能写", "电话13800000042": "不能写"}


@pytest.mark.parametrize(("why", "said"), BAD_REASONS.items())
def test_the_reason_is_there_and_tells_nothing_of_the_person(world: World, why: str, said: str | None) -> None:
    (row,) = approved(world, job(world))
    if said is None:
        assert erase([Held(row)], world.admin, why).transaction
    else:
        with pytest.raises(Refused, match=said):
            erase([Held(row)], world.admin, why)


def test_rows_whose_postings_would_change_are_resynced_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = approved(world, job(world))
    monkeypatch.setattr(Job, "postings", lambda self: iter(()))
    with pytest.raises(Refused, match="先重算"):
        gone(world, row)
    monkeypatch.undo()
    assert fresh(row).name == NAME
    assert verify().problems == []


# Behind the system's back ---------------------------------------------------------------------------------------------


def empty_payload(step: Change) -> None:
    execute("UPDATE ledger_change SET payload = NULL, salt = '' WHERE id = %s", [step.pk])


def named() -> set[tuple[str, str]]:
    return {(p.table, p.row) for p in verify().problems}


def versions(row: Entry) -> list[Change]:
    return list(Change.objects.filter(ledger=row.ledger.code, entry=row.pk).exclude(digest="").order_by("pk"))


def test_a_version_emptied_by_hand_is_named(world: World) -> None:
    (row,) = approved(world, job(world))
    row = revised(world, row, employer="戊己公司")
    first = versions(row)[0]
    empty_payload(first)
    assert named() == {("ledger_change", str(first.pk))}


def test_a_draft_emptied_by_hand_is_named(world: World) -> None:
    (row,) = acts.create([job(world)], world.jingjiang)
    (only,) = versions(row)
    empty_payload(only)
    assert ("ledger_change", str(only.pk)) in named()


def test_what_erasing_left_is_named_when_it_is_emptied_too(world: World) -> None:
    (row,) = approved(world, job(world))
    gone(world, row)
    left = versions(row)[-1]
    empty_payload(left)
    assert ("ledger_change", str(left.pk)) in named()


def test_a_version_that_the_erasure_spared_is_named_when_it_is_emptied(world: World) -> None:
    (row,) = approved(world, job(world, ID))
    row = revised(world, row, id_number=protect(OTHER))
    erase(find_person(ID), world.admin, WHY)
    row = revised(world, row, village="丙寅村")
    spared, after = versions(row)[1:]
    for step in (spared, after):
        kept = (step.payload, step.salt)
        empty_payload(step)
        assert ("ledger_change", str(step.pk)) in named()
        Change.objects.filter(pk=step.pk).update(payload=kept[0], salt=kept[1])


def test_an_erasure_that_the_journal_does_not_know_is_named(world: World) -> None:
    (row,) = approved(world, job(world))
    row = revised(world, row, employer="戊己公司")
    empty_payload(versions(row)[0])
    Change.objects.create(ledger="jobs", entry=row.pk, kind="erase", at=clock.now(), by="admin", version=2)
    assert ("employment_job", str(row.pk)) in named()


def test_a_version_put_back_after_the_erasure_is_named(world: World) -> None:
    (row,) = approved(world, job(world))
    first = versions(row)[0]
    gone(world, row)
    Change.objects.filter(pk=first.pk).update(payload=first.payload, salt=first.salt)
    assert named() == {("ledger_change", str(first.pk))}


@pytest.mark.parametrize("told", [None, 1])
def test_another_mark_of_the_erasure_is_named(world: World, told: int | None) -> None:
    (row,) = approved(world, job(world))
    gone(world, row)
    Job.objects.update(erased=told)
    assert named() == {("employment_job", str(row.pk))}


def test_a_row_marked_as_erased_that_never_was_is_named(world: World) -> None:
    (row,) = approved(world, job(world))
    Job.objects.update(erased=1)
    assert named() == {("employment_job", str(row.pk))}


@pytest.mark.parametrize("column", ["author_id", "approver_id", "name", "started_on", "id_number"])
def test_what_is_left_of_the_row_is_still_held_against_its_seal(world: World, column: str) -> None:
    (row,) = approved(world, job(world))
    gone(world, row)
    told = {"author_id": world.other_admin.pk, "approver_id": world.other_admin.pk, "started_on": date(2021, 3, 2)}
    Job.objects.update(**{column: told.get(column, "x.")})
    assert ("employment_job", str(row.pk)) in named()


def test_a_void_erased_row_still_has_its_author_checked(world: World) -> None:
    (row,) = acts.create([job(world)], world.jingjiang)
    gone(world, row)
    Job.objects.update(author=world.other_admin)
    assert ("employment_job", str(row.pk)) in named()


# Evidence -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def papers(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EVIDENCE_DIR = tmp_path
    monkeypatch.setattr(erasing, "empty_log", lambda: None)  # the test's transaction is still open


def piece(name: str) -> evidence.Evidence:
    return evidence.keep(name.encode(), f"{name}.pdf", "劳动合同")


def there(told: evidence.Evidence) -> bool:
    return evidence.path_of(told["sha256"]).exists()


def carried_out(capture: DjangoCaptureOnCommitCallbacks, world: World, *rows: Entry, **more: Any) -> Erased:
    with capture(execute=True):
        return gone(world, *rows, **more)


def test_the_rows_files_go_and_their_hashes_stay(
    world: World, papers: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    old, new, waiting = piece(f"{NAME}旧合同"), piece(f"{NAME}新合同"), piece("待审")
    (row,) = approved(world, job(world, evidence=[old]))
    row = revised(world, row, evidence=[new])
    acts.revise(row, {"evidence": [waiting]}, world.jingjiang, "补")
    done = carried_out(django_capture_on_commit_callbacks, world, row)
    assert set(done.removed) == {p["sha256"] for p in (old, new, waiting)}
    assert not any(map(there, (old, new, waiting)))
    assert {p["sha256"] for p in fresh(row).evidence} == set(done.removed)
    assert {p["name"] for p in fresh(row).evidence} == {"（已删除）"}
    assert verify().problems == []


def test_a_file_that_another_row_has_stays_until_that_is_erased_too(
    world: World, papers: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    shared = piece("花名册")
    one, other = approved(world, job(world, evidence=[shared]), job(world, OTHER, employer="乙", evidence=[shared]))
    done = carried_out(django_capture_on_commit_callbacks, world, one)
    assert (done.removed, done.shared) == ((), (shared["sha256"],))
    assert there(shared)
    assert verify().problems == []
    assert carried_out(django_capture_on_commit_callbacks, world, other).removed == (shared["sha256"],)
    assert not there(shared)
    assert verify().problems == []


def test_a_file_that_only_an_earlier_version_of_another_row_has_stays(
    world: World, papers: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    shared = piece("花名册")
    one, other = approved(world, job(world, evidence=[shared]), job(world, OTHER, employer="乙", evidence=[shared]))
    revised(world, other, evidence=[])
    assert carried_out(django_capture_on_commit_callbacks, world, one).shared == (shared["sha256"],)
    assert there(shared)


def test_two_rows_of_one_file_erased_together_leave_none(
    world: World, papers: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    shared = piece("合同")
    rows = approved(world, job(world, evidence=[shared]), job(world, employer="乙", evidence=[shared]))
    assert carried_out(django_capture_on_commit_callbacks, world, *rows).removed == (shared["sha256"],)
    assert not there(shared)


def test_files_may_be_kept(
    world: World, papers: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    list_ = piece("签到表")
    (row,) = approved(world, visit(world.county, leader=NAME, evidence=[list_]))
    done = carried_out(django_capture_on_commit_callbacks, world, row, keep_evidence=True)
    assert (done.removed, done.shared) == ((), ())
    assert fresh(row).evidence == [list_]
    assert Visit.objects.get().leader == ""
    assert verify().problems == []


def test_in_a_ledger_that_tells_of_no_person_files_stay(
    world: World, papers: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    paper = piece("批复")
    row = ROWS["projects"](world.county)
    row.evidence, row.notes = [paper], f"联系人{NAME}"
    (row,) = approved(world, row)
    carried_out(django_capture_on_commit_callbacks, world, row)
    assert held_anywhere(f"联系人{NAME}") == set()
    assert there(paper)
    assert verify().problems == []


def test_a_file_left_behind_is_named_and_goes_with_the_next_attempt(
    world: World, papers: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    paper = piece("合同")
    (row,) = approved(world, job(world, evidence=[paper]))
    gone(world, row)  # a crash before the files go: what is to happen at commit does not
    assert there(paper)
    assert named() == {("employment_job", str(row.pk))}
    again = carried_out(django_capture_on_commit_callbacks, world, row)
    assert (again.transaction, again.removed) == (None, (paper["sha256"],))
    assert verify().problems == []


def test_a_file_of_a_past_version_of_a_row_that_lives_on_goes(
    world: World, papers: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    wrong, right = piece("他人身份证"), piece("本人身份证")
    (row,) = approved(world, job(world, ID, evidence=[wrong]))
    revised(world, row, id_number=protect(OTHER), evidence=[right])
    with django_capture_on_commit_callbacks(execute=True):
        done = erase(find_person(ID), world.admin, WHY)
    assert done.removed == (wrong["sha256"],)
    assert (there(wrong), there(right)) == (False, True)
    assert verify().problems == []


def test_every_ledger_says_which_of_its_columns_tell_of_a_person() -> None:
    """Names of people are declared; so is what identifies a household."""
    undeclared = {
        f"{code}.{f.name}"
        for code, model in ledgers().items()
        for f in model._meta.concrete_fields
        if getattr(f, "kind", "") == "person" and f.name not in model.ledger.personal
    }
    assert undeclared == set()
    assert set(HomeVisit.ledger.personal) == {"visitor", "form"}
    assert all(model._meta.get_field(name) for model in ledgers().values() for name in model.ledger.personal)


def test_the_voucher_of_an_erasure_seals_what_is_left(world: World) -> None:
    (row,) = approved(world, job(world))
    done = gone(world, row)
    (voucher,) = Voucher.objects.filter(transaction=done.transaction)
    left = versions(row)[-1]
    assert (voucher.version, voucher.digest) == (2, left.digest)
    assert erasing.marked(fresh(row)) == set()
