"""What the foundation promised to show, done as a user does it: the sample programme, and commands."""

from __future__ import annotations

import html
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import docx
import pytest

from lianqiao.demo.build import article_path
from tests.cli.sample import COUNTY, SEED, Done, Instance, environment, sample
from tests.cli.serving import get, serving
from tests.cli.spoiling import flip, meddle

__all__ = ["sample"]
UNTIL = ("--until", "2021-10-12")
# The entry of the delegation that went to the conference: 22 people on 2021-10-12.
CONFERENCE_VISIT, CONFERENCE_PEOPLE = "HF-2021-0029", 22

# The article's numbers: what stands there, what the journal holds of it.
CLAIMS = {
    "200万元": ("donations.pledged", "2000000"),
    "113批": ("visits.batches", 113),
    "1213人次": ("visits.person_times", 1213),
    "129名": ("talent.total", 129),
    "1.14亿元": ("funds.total", "114000000"),
    "44个": ("projects.count", 44),
    "3100户": ("benef.households", 3100),
    "12850人": ("benef.people", 12850),
    "75个": ("twin.projects", 75),
    "3071户": ("twin.households", 3071),
}
TEXTS = [
    pytest.param(SEED, id="seed", marks=pytest.mark.skipif(not SEED.exists(), reason=f"{SEED} is not there")),
    pytest.param(article_path(), id="shipped"),
]


def values(instance: Instance, *options: str) -> dict[str, Any]:
    """The figures of the county, measure → value."""
    return {f["measure"]: f["value"] for f in instance.json("figures", *COUNTY, *options)}


@pytest.fixture(scope="module")
def ever(sample: Instance) -> dict[str, dict[str, Any]]:
    """All figures of the county up to the conference, by measure."""
    return {f["measure"]: f for f in sample.json("figures", *COUNTY, *UNTIL)}


@pytest.fixture(scope="module", params=TEXTS)
def text(request: pytest.FixtureRequest) -> Path:
    """The article that the project started from, where it is at hand, and the one that is shipped."""
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def checked(sample: Instance, text: Path) -> Done:
    """The article held against the sample."""
    return sample.run("check", text, *COUNTY, "--json")


@pytest.fixture(scope="module")
def verified(sample: Instance) -> Any:
    return sample.json("verify")


def claim(done: Done, words: str) -> dict[str, Any]:
    """The one claim of these words."""
    (found,) = [c for c in done.json["claims"] if c["quote"] == words]
    return dict(found)


# Show 1 ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(sample: Instance) -> Iterator[str]:
    """The sample's site, as `lianqiao demo` opens it."""
    with serving(sample, LIANQIAO_OPEN="True", LIANQIAO_TODAY="2021-12-31") as address:
        yield address


def opened(site: str, page: str, link: str) -> str:
    """The page behind the first link of that form."""
    found = re.search(f'href="({link})"', page)
    assert found, link
    status, _, body = get(site + quote(html.unescape(found[1]), safe="/%?=&@.+"))
    assert status == 200
    return body


def test_the_site_is_chinese_and_its_figures_open_down_to_the_evidence(site: str) -> None:
    """From the overview to a figure, to an entry behind it, and to a paper behind that."""
    status, _, home = get(f"{site}/figures/")
    assert (status, re.search('<html lang="zh[^"]*"', home) is not None) == (200, True)
    figure = opened(site, home, r"/figures/visits\.batches/[^\"]+")
    assert "一次出访计一批" in figure
    entry = opened(site, figure, r"/ledgers/visits/HF-[^\"]+")
    assert "示例领队" in entry
    assert "示例" in opened(site, entry, r"/evidence/[^\"]+")


def test_the_site_shows_the_articles_numbers_with_their_verdicts(site: str) -> None:
    page = opened(site, get(f"{site}/checks/")[2], r"/checks/\d+/")
    assert "1213人次" in page
    assert page.count("相符") >= 11


# Show 2 ---------------------------------------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_article(ever: dict[str, dict[str, Any]]) -> None:
    wanted = {
        "visits.batches": 113, "visits.person_times": 1213, "talent.total": 129, "funds.total": "114000000",
        "projects.count": 44, "benef.households": 3100, "benef.people": 12850, "twin.projects": 75,
        "twin.households": 3071,
    }  # fmt: skip
    assert {code: ever[code]["value"] for code in wanted} == wanted
    assert 6000 <= ever["twin.person_times"]["value"] <= 6999


def test_the_figures_of_the_day_of_the_conference(sample: Instance) -> None:
    found = values(sample, "--from", "2021-10-12", *UNTIL)
    assert found["donations.pledged"] == "2000000"
    assert (found["agreements.signed"], found["meetings.joint"]) == (3, 1)


def test_the_pledge_of_the_conference_is_behind_the_figure(sample: Instance) -> None:
    told = sample.json("trace", "donations.pledged", *COUNTY, "--from", "2021-10-12", *UNTIL)
    assert "2000000" in [p["quantity"] for p in told["postings"]]


def test_a_figure_opens_to_postings_that_add_up_to_it(sample: Instance) -> None:
    told = sample.json("trace", "visits.person_times", *COUNTY, *UNTIL)
    assert sum(p["quantity"] for p in told["postings"]) == told["figure"]["value"] == 1213
    assert len({p["entry"] for p in told["postings"]}) == told["figure"]["entries"] == 113
    assert all(p["evidence"] for p in told["postings"])


# Show 3 ---------------------------------------------------------------------------------------------------------------


def test_every_number_of_the_article_is_borne_out(checked: Done) -> None:
    found = {words: claim(checked, words) for words in CLAIMS}
    assert {words: (c["measure"], c["verdict"], c["figure"]) for words, c in found.items()} == {
        words: (measure, "borne out", figure) for words, (measure, figure) in CLAIMS.items()
    }
    assert checked.status == 0


def test_the_definition_stands_beside_every_number_that_was_held_against_the_journal(checked: Done) -> None:
    assert all(len(claim(checked, words)["definition"]) > 5 for words in [*CLAIMS, "6000余人次"])


def test_the_article_dates_itself(checked: Done) -> None:
    assert checked.json["as_of"] == "2021-10-13"


def test_six_thousand_odd_is_borne_out_by_what_is_above_it(checked: Done) -> None:
    found = claim(checked, "6000余人次")
    assert (found["measure"], found["verdict"], found["approx"]) == ("twin.person_times", "borne out", "more_than")
    assert 6000 < found["figure"] < 7000


def test_the_demonstration_villages_are_a_plan(checked: Done) -> None:
    found = claim(checked, "1个")
    assert (found["indicator"], found["verdict"]) == ("demo.villages", "plan")


def test_the_households_visited_are_a_claim_of_no_indicator_and_it_is_said_why(checked: Done) -> None:
    found = claim(checked, "3户")
    assert (found["indicator"], found["verdict"], found["measure"]) == (None, "not an indicator", None)
    assert found["why"][0].startswith("不属指标：")


def test_nothing_else_is_called_a_claim(checked: Done) -> None:
    """No date, no telephone number, no 十四五, no 1+X, no 5+N, no 五个一, no 第五个年头."""
    quotes = [c["quote"] for c in checked.json["claims"]]
    assert sorted(quotes) == sorted([*CLAIMS, "6000余人次", "1个", "3户"])


def page(path: Path) -> Path:
    """The shipped article as a site shows it: among menus, counters and filing numbers, which are no claims."""
    body = "".join(f"<p>{html.escape(line)}</p>" for line in article_path().read_text("utf-8").splitlines() if line)
    menu, foot = "<nav>首页 新闻328条</nav>", "<footer>浏览5512次 示例ICP备20210001号</footer>"
    path.write_text(f"<html><head><title>稿</title></head><body>{menu}<article>{body}</article>{foot}", "utf-8")
    return path


def word(path: Path) -> Path:
    """And as an office keeps it."""
    made = docx.Document()
    for line in article_path().read_text("utf-8").splitlines():
        made.add_paragraph(line)
    made.save(str(path))
    return path


@pytest.mark.parametrize(("made", "name"), [(page, "稿.html"), (word, "稿.docx")])
def test_the_same_is_read_from_a_page_and_a_word_file(
    made: Callable[[Path], Path], name: str, sample: Instance, tmp_path: Path
) -> None:
    done = sample.run("check", made(tmp_path / name), *COUNTY, "--until", "2021-10-13", "--json")
    quotes = [c["quote"] for c in done.json["claims"]]
    assert sorted(quotes) == sorted([*CLAIMS, "6000余人次", "1个", "3户"])
    for words, (measure, figure) in CLAIMS.items():
        found = claim(done, words)
        assert (found["measure"], found["verdict"], found["figure"]) == (measure, "borne out", figure)


def test_the_quotes_stand_where_they_are_said_to_stand(text: Path, checked: Done) -> None:
    content = text.read_text(encoding="utf-8")
    assert all(content[c["start"] : c["end"]] == c["quote"] for c in checked.json["claims"])


@pytest.fixture(scope="module")
def voided(sample: Instance, tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """The sample with the conference's visit taken out of the count."""
    copy = sample.copy(tmp_path_factory.mktemp("voided") / "instance")
    done = copy.run("void", "visits", CONFERENCE_VISIT, "--as", "jingjiang-review", "--why", "示例：重复录入")
    assert done.status == 0, done
    return copy


@pytest.fixture(scope="module")
def rechecked(voided: Instance, text: Path) -> Done:
    """The article held against the sample without that visit."""
    return voided.run("check", text, *COUNTY, "--json")


def test_a_voided_visit_makes_the_article_differ_by_just_that_visit(rechecked: Done) -> None:
    wrong = {c["quote"]: c for c in rechecked.json["claims"] if c["verdict"] == "differs"}
    assert {words: c["figure"] for words, c in wrong.items()} == {"113批": 112, "1213人次": 1213 - CONFERENCE_PEOPLE}
    assert wrong["113批"]["difference"].endswith("少 1 批")
    assert wrong["1213人次"]["difference"].endswith(f"少 {CONFERENCE_PEOPLE} 人次")
    assert rechecked.status == 1


@pytest.mark.parametrize("words", ["113批", "1213人次"])
def test_the_entry_that_makes_the_difference_is_named(rechecked: Done, words: str) -> None:
    why = claim(rechecked, words)["why"]
    (named,) = [line for line in why if CONFERENCE_VISIT in line]
    assert "作废：示例：重复录入" in named
    assert "恰是差数" in why[0]


def test_people_read_the_difference_and_the_entry(voided: Instance) -> None:
    done = voided.run("check", article_path(), *COUNTY)
    assert done.status == 1
    assert "文中113批，账本 112 批，少 1 批" in done.out
    assert CONFERENCE_VISIT in done.out


def test_as_known_before_the_voiding_it_is_borne_out_still(voided: Instance, text: Path, checked: Done) -> None:
    known = str(one(voided.database, "SELECT MAX(number) FROM journal_transaction") - 1)
    done = voided.run("check", text, *COUNTY, "--known-at", known, "--json")
    assert done.status == 0
    assert [(c["quote"], c["verdict"]) for c in done.json["claims"]] == [
        (c["quote"], c["verdict"]) for c in checked.json["claims"]
    ]


def test_the_voided_instance_verifies(voided: Instance) -> None:
    assert voided.run("verify").status == 0


# Show 4 ---------------------------------------------------------------------------------------------------------------


def test_the_sample_verifies(verified: Any) -> None:
    assert (verified["ok"], verified["problems"]) == (True, [])
    assert verified["transactions"] > 100
    assert verified["postings"] > 1000


def one(database: Path, sql: str) -> int:
    """The id of one row."""
    with sqlite3.connect(database) as connection:
        (found,) = connection.execute(sql).fetchone()
    connection.close()
    return int(found)


POSTING = f"SELECT id FROM journal_posting WHERE ledger = 'visits' AND quantity = {CONFERENCE_PEOPLE} AND \"on\" = '2021-10-12'"
BALANCE = "SELECT id FROM journal_balance WHERE grain = 1 AND quantity > 1 AND start = '2021-10-01' ORDER BY id LIMIT 1"
VISIT = f"SELECT id FROM exchange_visit WHERE number = '{CONFERENCE_VISIT}'"
BYTES = [
    pytest.param("journal_posting", POSTING, "quantity", id="a posting's quantity"),
    pytest.param("journal_balance", BALANCE, "quantity", id="a balance's quantity"),
    pytest.param("exchange_visit", VISIT, "people", id="an entry's number of people"),
    pytest.param("journal_transaction", "SELECT 100", "by", id="who recorded a transaction"),
]


@pytest.mark.parametrize(("table", "which", "column"), BYTES)
def test_one_byte_changed_in_the_file_is_named(
    sample: Instance, tmp_path: Path, table: str, which: str, column: str
) -> None:
    copy = sample.copy(tmp_path / "instance")
    row = one(copy.database, which)
    flip(copy.database, table, row, column)
    assert names(copy.run("verify", "--json"), table, row)


def names(done: Done, table: str, row: int) -> bool:
    """Whether verify ended with status 1 and named the row, telling in Chinese what is wrong with it."""
    found = [p["what"] for p in done.json["problems"] if (p["table"], p["row"]) == (table, str(row))]
    return done.status == 1 and not done.json["ok"] and any(re.search("[\u4e00-\u9fff]", what) for what in found)


def test_rows_changed_with_the_guards_away_are_named(sample: Instance, tmp_path: Path) -> None:
    copy = sample.copy(tmp_path / "instance")
    changed = {
        "journal_posting": (one(copy.database, POSTING), "quantity"),
        "journal_balance": (one(copy.database, BALANCE), "quantity"),
        "talent_secondment": (1, "category"),
    }
    changes = [f"UPDATE {table} SET {column} = '9' WHERE id = {row}" for table, (row, column) in changed.items()]
    meddle(copy.database, *changes)
    done = copy.run("verify", "--json")
    assert [(table, row) for table, (row, _) in changed.items() if not names(done, table, row)] == []


@pytest.mark.parametrize("table", ["journal_transaction", "journal_posting", "journal_voucher"])
@pytest.mark.parametrize("statement", ["DELETE FROM {0}", "UPDATE {0} SET {1} = {1} + 1000000"])
def test_the_database_itself_refuses_to_change_the_journal(
    sample: Instance, tmp_path: Path, table: str, statement: str
) -> None:
    copy = sample.copy(tmp_path / "instance")
    key = "number" if table == "journal_transaction" else "id"
    connection = sqlite3.connect(copy.database)
    before = connection.execute(f"SELECT COUNT(*), SUM({key}) FROM {table}").fetchone()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement.format(table, key))
    connection.rollback()
    assert connection.execute(f"SELECT COUNT(*), SUM({key}) FROM {table}").fetchone() == before
    connection.close()


REWRITE = """
import django
django.setup()
from django.db import transaction
from tests.tampering import execute, rewrite_chain
with transaction.atomic():
    assert execute("UPDATE journal_transaction SET why = '从来如此' WHERE number = 100") == 1
    rewrite_chain()
    for table in ("briefings_return", "briefings_briefing"):
        hash_of = f'SELECT hash FROM journal_transaction t WHERE t.number = {table}."transaction"'
        execute(f"UPDATE {table} SET hash = ({hash_of})")
"""


@pytest.fixture(scope="module")
def rewritten(sample: Instance, tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """The sample with a reason changed and every hash after it made anew, those that returns and documents keep of it too:
    consistent in itself, and another journal."""
    copy = sample.copy(tmp_path_factory.mktemp("rewritten") / "instance")
    more = {"LIANQIAO_DIR": str(copy.folder), "DJANGO_SETTINGS_MODULE": "lianqiao.config.settings"}
    root = Path(__file__).parents[1]
    subprocess.run([sys.executable, "-c", REWRITE], cwd=root, env=environment(**more), check=True, timeout=120)
    return copy


def test_a_rewritten_chain_is_consistent_in_itself(rewritten: Instance) -> None:
    assert rewritten.run("verify").status == 0


def test_a_rewritten_chain_is_caught_by_a_head_kept_outside(verified: Any, rewritten: Instance) -> None:
    head = verified["head"]
    done = rewritten.run("verify", "--head", head, "--json")
    assert names(done, "journal_transaction", int(head.partition(":")[0]))


def test_heads_are_written_outside_the_database(sample: Instance, verified: Any) -> None:
    """Any of them is met by the journal as it stands."""
    heads = (sample.folder / "heads.txt").read_text(encoding="utf-8").split()
    assert (len(heads), heads[-1]) == (verified["transactions"], verified["head"])
    assert sample.run("verify", "--head", heads[99]).status == 0


# Show 5 ---------------------------------------------------------------------------------------------------------------


def test_an_opening_balance_shows_as_without_detail(ever: dict[str, dict[str, Any]]) -> None:
    assert ever["meetings.total"]["without_detail"] == 3
    assert ever["meetings.total"]["value"] > 3
    assert ever["visits.batches"]["without_detail"] == 0


def test_people_read_what_is_without_detail(sample: Instance) -> None:
    done = sample.run("figures", "--measure", "cadres.seconded", "--measure", "meetings.total")
    cadres, meetings = (line for line in done.out.splitlines() if line.startswith(("cadres", "meetings")))
    assert re.search("无明细 386，未去重", cadres)
    assert re.search("无明细 3(?!，未去重)", meetings)


def test_the_trace_of_a_figure_has_its_opening_balance_among_the_rows(sample: Instance) -> None:
    told = sample.json("trace", "meetings.total", *COUNTY, *UNTIL)
    openings = [p for p in told["postings"] if p["ledger"] == "opening"]
    assert [(p["quantity"], p["entry"][:2]) for p in openings] == [(3, "QC")]


def test_a_child_added_to_its_parent_is_refused_with_the_reason(sample: Instance) -> None:
    done = sample.run("figures", *COUNTY, "--measure", "talent.education+talent.total")
    assert (done.status, done.out) == (2, "")
    assert "已在其中，不能相加" in done.err


def test_professionals_and_cadres_together_are_a_union(sample: Instance, ever: dict[str, dict[str, Any]]) -> None:
    """A cadre may later be a teacher: together there are as many as 干部人才, not more."""
    found = {code: figure["value"] for code, figure in ever.items()}
    (together,) = sample.json("figures", *COUNTY, *UNTIL, "--measure", "talent.total+cadres.seconded")
    assert together["value"] == found["talent.all"] <= found["talent.total"] + found["cadres.seconded"]
