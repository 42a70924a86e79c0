"""Users and their rights on the pages: within one's own reach, after a fresh sign-in, each act recorded; and the log."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from lianqiao.people import access, accounts, log
from lianqiao.people.accounts import Right
from lianqiao.people.models import Access, Grant, User
from lianqiao.places.models import Node
from tests.desk.conftest import PASSWORD, Reader, just_signed_in, queries
from tests.world import World, person

ID = "990000198001010012"
Role, Side = Grant.Role, Grant.Side


@pytest.fixture
def chief(world: World) -> User:
    """Administrator at the county."""
    return person("chief", Role.ADMINISTRATOR, world.county)


@pytest.fixture
def office(chief: User, settings: Any) -> Client:
    """The chief, who has just signed in once more."""
    return just_signed_in(chief, settings)


def page_of(user: User) -> str:
    return f"/people/{user.pk}/"


def right(role: str, node: Node | None, side: str = Side.BOTH) -> dict[str, Any]:
    return {"role": role, "node": node.pk if node else "", "side": side}


def told(act: Access.Act) -> list[tuple[str, str]]:
    return list(Access.objects.filter(act=act).order_by("pk").values_list("by", "what"))


# Giving and taking -------------------------------------------------------------------------------------------------------


def test_a_new_user_sets_his_password_himself_and_is_in(world: World, office: Client, read: Reader) -> None:
    made = office.post("/people/new/", {"username": "新桥", "office": "新桥镇", **right(Role.FILLER, world.town)})
    user = User.objects.get(username="新桥")
    assert (made["Location"], user.has_usable_password()) == (page_of(user), False)
    shown = office.get(page_of(user)).content.decode()
    (address,) = set(re.findall(r"http://testserver(/welcome/[^\"<]+)", shown))
    assert "/welcome/" not in office.get(page_of(user)).content.decode()  # shown once

    newcomer = read()
    form = newcomer.get(address, follow=True)
    newcomer.post(form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert newcomer.post("/sign-in/", {"login": "新桥", "password": PASSWORD})["Location"] == "/"
    assert newcomer.get("/ledgers/visits/new/").status_code == 200
    assert "已经不能用" in read().get(address, follow=True).content.decode()
    assert told(Access.Act.ACCOUNT) == [("chief", "新桥 新建"), ("新桥", "新桥 设密码")]
    assert told(Access.Act.GRANT) == [("chief", "新桥 填报，新桥-监军，双方")]


def test_what_is_given_and_taken_away_holds_at_the_next_request(world: World, office: Client, read: Reader) -> None:
    auditor = read(world.auditor)
    assert auditor.get("/review/").status_code == 403
    office.post(page_of(world.auditor), {"act": "give", **right(Role.REVIEWER, world.town, Side.WEST)})
    assert auditor.get("/review/").status_code == 200
    held = world.auditor.grants.get(role=Role.REVIEWER)
    assert (held.node, held.side) == (world.town, Side.WEST)
    office.post(page_of(world.auditor), {"act": "take", "grant": held.pk})
    assert auditor.get("/review/").status_code == 403
    assert told(Access.Act.REVOKE) == [("chief", "auditor 审核，新桥-监军，西部")]


def test_whoever_is_switched_off_is_out_and_may_come_back(world: World, office: Client, read: Reader) -> None:
    auditor = read(world.auditor)
    office.post(page_of(world.auditor), {"act": "off"})
    assert auditor.get("/desk/")["Location"].startswith("/sign-in/")
    office.post(page_of(world.auditor), {"act": "on"})
    assert read(world.auditor).get("/").status_code == 200
    assert told(Access.Act.ACCOUNT) == [("chief", "auditor 停用"), ("chief", "auditor 启用")]


def test_a_reset_ends_password_and_sessions(world: World, office: Client, read: Reader) -> None:
    world.auditor.set_password(PASSWORD)
    world.auditor.save()
    auditor = read(world.auditor)
    office.post(page_of(world.auditor), {"act": "reset"})
    assert auditor.get("/desk/")["Location"].startswith("/sign-in/")
    assert "账号或密码不对" in read().post("/sign-in/", {"login": "auditor", "password": PASSWORD}).content.decode()
    assert "/welcome/" in office.get(page_of(world.auditor)).content.decode()


def test_the_last_right_is_not_taken_and_none_is_given_twice(world: World, office: Client) -> None:
    held = world.auditor.grants.get()
    answer = office.post(page_of(world.auditor), {"act": "take", "grant": held.pk})
    assert (answer.status_code, "最后一项" in answer.content.decode()) == (400, True)
    answer = office.post(page_of(world.auditor), {"act": "give", **right(Role.AUDITOR, world.county)})
    assert (answer.status_code, "已经有了" in answer.content.decode()) == (400, True)
    assert world.auditor.grants.count() == 1


def test_nothing_is_done_without_a_fresh_sign_in(world: World, chief: User, read: Reader) -> None:
    chief.set_password(PASSWORD)
    chief.save()
    client = read(chief)
    posts = {
        page_of(world.auditor): {"act": "off"},
        "/people/new/": {"username": "x", **right(Role.FILLER, world.town)},
    }
    for address, data in posts.items():
        assert client.post(address, data)["Location"].startswith("/again/")
    assert client.get("/log/export/")["Location"].startswith("/again/")
    assert User.objects.get(username="auditor").is_active


# Nobody beyond his own reach ---------------------------------------------------------------------------------------------


def test_nobody_grants_beyond_his_own_reach(world: World, chief: User) -> None:
    beyond = [Right(Role.FILLER, node, Side.BOTH) for node in (world.prefecture, world.elsewhere, None)]
    for one in beyond:
        with pytest.raises(PermissionDenied):
            accounts.give(chief, world.auditor, one)
        with pytest.raises(PermissionDenied):
            accounts.make(chief, User(username="neu"), one)
    assert not User.objects.filter(username="neu").exists()
    east = person("east", Role.ADMINISTRATOR, world.county, Side.EAST)
    eastern = person("eastern", Role.FILLER, world.county, Side.EAST)
    accounts.give(east, eastern, Right(Role.REVIEWER, world.town, Side.EAST))
    for side in (Side.WEST, Side.BOTH):
        with pytest.raises(PermissionDenied):
            accounts.give(east, eastern, Right(Role.FILLER, world.county, side))


def test_over_a_user_as_a_whole_decides_only_who_reaches_all_of_him(world: World, chief: User) -> None:
    Grant.objects.create(user=world.auditor, role=Role.AUDITOR, node=world.elsewhere)
    for act in (accounts.reset, lambda by, user: accounts.switch(by, user, active=False)):
        with pytest.raises(PermissionDenied):
            act(chief, world.auditor)
    (beyond,) = world.auditor.grants.filter(node=world.elsewhere)
    with pytest.raises(PermissionDenied):
        accounts.take(chief, world.auditor, beyond.pk)
    accounts.switch(world.admin, world.auditor, active=False)


def test_a_right_taken_away_meanwhile_helps_no_more(world: World, chief: User) -> None:
    access.remember(chief)
    chief.grants.all().delete()
    wanted = Right(Role.FILLER, world.town, Side.BOTH)
    with pytest.raises(PermissionDenied):
        accounts.give(chief, world.auditor, wanted)
    with pytest.raises(PermissionDenied):
        accounts.make(chief, User(username="neu"), wanted)


def test_nobody_acts_on_himself(world: World, chief: User, office: Client) -> None:
    answer = office.post(page_of(chief), {"act": "give", **right(Role.COORDINATOR, world.county)})
    assert (answer.status_code, "另一位管理员" in answer.content.decode()) == (403, True)
    assert chief.grants.count() == 1


def test_whom_an_administrator_finds(world: World, chief: User, read: Reader) -> None:
    client = read(chief)
    listed = client.get("/people/").content.decode()
    assert {name for name in ("chief", "jingjiang", "auditor", "stranger", "admin<") if name in listed} == {
        "chief", "jingjiang", "auditor",
    }  # fmt: skip
    assert client.get(page_of(world.stranger)).status_code == 404
    assert client.post(page_of(world.admin), {"act": "off"}).status_code == 404
    assert "stranger" in read(world.admin).get("/people/").content.decode()
    User.objects.create(username="nobody-yet")
    assert "nobody-yet" in read(world.admin).get("/people/").content.decode()
    assert "nobody-yet" not in client.get("/people/").content.decode()


def test_users_are_found_by_name_role_and_state(world: World, read: Reader) -> None:
    User.objects.update(password="x")  # hashed, as far as this goes
    client = read(User.objects.get(username="admin"))
    world.leader.set_unusable_password()
    world.leader.save()
    User.objects.filter(username="auditor").update(is_active=False)
    wanted = {"role=leader": "leader", "state=off": "auditor", "state=new": "leader", "q=jingj": "jingjiang"}
    for query, found in wanted.items():
        page = client.get(f"/people/?{query}").context["page"]
        assert [user.username for user in page.object_list] == [found]
    assert client.get("/people/?role=king").status_code == 404


def test_the_pages_cost_the_same_however_many_there_are(world: World, read: Reader) -> None:
    client = read(world.admin)
    addresses = ["/people/", page_of(world.auditor), "/log/"]
    for address in addresses:
        client.get(address)  # counts sessions' first write out
    before = [queries(client, address) for address in addresses]
    for n in range(30):
        user = person(f"many{n}", Role.FILLER, world.county)
        Grant.objects.create(user=user, role=Role.REVIEWER, node=world.town)
        log.write(user, Access.Act.EXPORT, "互访台账", count=n)
    assert [queries(client, address) for address in addresses] == before


# The log -----------------------------------------------------------------------------------------------------------------


def lines(client: Client, query: str = "") -> list[str]:
    return [line.what for line, _ in client.get(f"/log/?{query}").context["lines"]]


def test_the_log_is_read_within_ones_reach(world: World, chief: User, read: Reader) -> None:
    for user in (world.jingjiang, world.stranger, world.admin):
        log.write(user, Access.Act.EXPORT, user.username, count=3)
    log.write("谁也不是", Access.Act.REFUSED, "登录")
    for reader in (world.auditor, chief):
        assert lines(read(reader), "act=export") == ["jingjiang"]
        assert lines(read(reader), "act=refused") == []
    assert lines(read(world.other_admin), "act=export") == ["admin", "stranger", "jingjiang"]
    assert lines(read(world.other_admin), "act=refused") == ["登录"]
    assert read(world.jingjiang).get("/log/").status_code == 403


def test_the_log_is_filtered_by_person_kind_and_day(world: World, read: Reader) -> None:
    client = read(world.admin)
    log.write(world.jingjiang, Access.Act.EXPORT, "甲", count=3)
    log.write(world.jingjiang, Access.Act.REVEAL, "乙", why="核对")
    log.write(world.yongshou, Access.Act.EXPORT, "丙")
    Access.objects.filter(what="丙").update(at="2021-10-12T16:00:00Z")  # midnight of the 13th in Shanghai
    assert lines(client, "q=jing&act=export") == ["甲"]
    assert lines(client, "from=2021-10-13&until=2021-10-13") == ["丙"]
    assert lines(client, "until=2021-10-12") == []
    for query in ("act=nothing", "from=gestern", "page=9"):
        assert client.get(f"/log/?{query}").status_code == 404


def test_the_log_is_taken_out_and_tells_of_it(world: World, office: Client) -> None:
    log.write(world.jingjiang, Access.Act.EXPORT, "互访台账 3 行", count=3)
    answer = office.get("/log/export/?act=export")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[0] == ["时间", "谁", "做了什么", "对象", "行数", "缘由"]
    assert [row[3] for row in rows[1:]] == ["访问记录", "互访台账 3 行"]
    assert Access.objects.filter(by="chief", act=Access.Act.EXPORT, what="访问记录").exists()


def test_no_protected_value_gets_into_the_log(world: World, read: Reader) -> None:
    read().post("/sign-in/", {"login": ID, "password": "不对不对不对"})
    read(world.leader).get(f"/ledgers/{ID}/")
    log.write(world.jingjiang, Access.Act.REVEAL, "身份证号", why="核对13812345678这人")
    held = str(list(Access.objects.values_list("by", "what", "why")))
    assert ID not in held
    assert "13812345678" not in held
    assert held.count("***") == 2 + ("***" in str(Access.objects.filter(by="leader").values_list("what")))


def test_changes_of_ones_own_ways_of_signing_in_are_recorded(world: World, office: Client) -> None:
    office.post(
        "/me/password/", {"oldpassword": PASSWORD, "password1": "另一行填一次12345", "password2": "另一行填一次12345"}
    )
    assert told(Access.Act.ACCOUNT) == [("chief", "chief 设密码")]


def test_who_reaches_whom_is_one_rule(world: World, chief: User) -> None:
    names = set(access.below(chief, "people").values_list("username", flat=True))
    assert names == {"chief", "jingjiang", "yongshou", "auditor", "leader"}
    assert not access.below(world.jingjiang, "people").exists()
