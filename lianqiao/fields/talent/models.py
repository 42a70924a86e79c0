"""Cadres and professional people sent from one side to the other."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.journal.measures import Measure, Post, measure, split
from lianqiao.ledger.fields import Choice, Count, Day, IdNumber, Person, Text
from lianqiao.ledger.models import Entry, Ledger

DIRECTIONS = {"东部派往西部": "to_west", "西部派往东部": "to_east"}
PERSON = "人，以身份证号为准；没有的以姓名加派出单位为准（弱）"
SHARED = "按起始日期计入，累计和每年各计一次；同一人多次选派只计一人。"

ALL = measure(
    "talent.all", "干部人才", "人", f"双方互派的党政干部与专业技术人才，去重。{SHARED}",
    words=("干部人才",), group="人才支援", filled_by="派出一方", distinct=PERSON,
)  # fmt: skip
CADRES = split(
    ALL,
    "",
    "党政干部",
    "cover",
    f"双方互派挂职的党政干部，去重。{SHARED}",
    code="cadres.seconded",
    words=("挂职干部", "党政干部"),
)
PROFESSIONALS = split(
    ALL, "", "专业技术人才", "cover", f"双方互派的教育、医疗卫生、农业科技和其他专业技术人才，去重。{SHARED}",
    code="talent.total", words=("专业技术人才", "对岗交流"), excludes="不含党政干部；培训不算选派。",
)  # fmt: skip
CATEGORIES: dict[str, Measure] = {"党政干部": CADRES} | {
    category: split(
        PROFESSIONALS, "", name, "cover", f"双方互派的{name}，去重。{SHARED}", code=f"talent.{code}", words=words
    )
    for category, code, name, words in (
        ("教育", "education", "教育人才", ("支教", "教师")),
        ("医疗卫生", "health", "医疗卫生人才", ("支医", "医生")),
        ("农业科技", "agri", "农业科技人才", ("支农", "农技")),
        ("其他专技", "other", "其他专业技术人才", ()),
    )
}
for _counted in (ALL, PROFESSIONALS, *CATEGORIES.values()):
    for _direction, _suffix in DIRECTIONS.items():
        split(_counted, _suffix, _direction, "subset", f"{_counted.name}中{_direction}的。{SHARED}")


class Secondment(Entry):
    """干部人才选派台账: one person's stay with the other side."""

    name = Person("姓名", max_length=40)
    id_number = IdNumber("身份证号", blank=True)
    direction = Choice("方向", DIRECTIONS)
    category = Choice("类别", CATEGORIES)
    home_org = Text("派出单位", blank=True)
    host_org = Text("接收单位")
    post = Text("岗位", blank=True)
    start = Day("起始日期")
    end = Day("结束日期", ending=True, blank=True)
    stay = Choice("时长", ["一个月以上", "短期"], blank=True)

    ledger = Ledger(
        "secondments", "干部人才选派台账", "XP", key=("name", "start"), evidence=("选派文件", "考核表"), dated="start",
        order=(("start", "end"),), personal=("name", "home_org", "host_org", "post"), counted_by=("id_number", "name", "home_org"),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "选派"

    def postings(self) -> Iterator[Post]:
        yield from CATEGORIES[self.category](1, self.start, self.person(), also=DIRECTIONS[self.direction])

    def summary(self) -> str:
        return f"{self.category} {self.direction} {self.host_org}"


TRAINING_CATEGORIES = {
    "党政干部": "cadres",
    "专业技术人才": "professionals",
    "致富带头人": "leaders",
    "劳务技能": "skills",
    "其他": "other",
}
SESSIONS = measure(
    "training.sessions", "培训期数", "期", "双方合办或一方为另一方举办的培训班，按开班日期一期计一。",
    words=("培训班",), group="人才支援", filled_by="主办一方",
)  # fmt: skip
TRAINED = measure(
    "training.person_times", "培训人次", "人次", "各期培训的人次之和，按开班日期计入；同一人参加两期计两次。",
    excludes="不是人数，未去重。", words=("培训",), group="人才支援", filled_by="主办一方",
)  # fmt: skip
for _counted in (SESSIONS, TRAINED):
    for _category, _suffix in TRAINING_CATEGORIES.items():
        split(_counted, _suffix, _category, "part")


class Training(Entry):
    """培训台账: one training course."""

    start = Day("开班日期")
    title = Text("班次名称")
    category = Choice("类别", TRAINING_CATEGORIES)
    place = Text("地点", blank=True)
    organiser = Text("主办单位", blank=True)
    person_times = Count("培训人次")
    days = Count("天数", blank=True)

    ledger = Ledger(
        "trainings", "培训台账", "PX", key=("start", "title"), evidence=("通知", "签到表", "照片"), dated="start"
    )

    class Meta(Entry.Meta):
        verbose_name = "培训"

    def postings(self) -> Iterator[Post]:
        suffix = TRAINING_CATEGORIES[self.category]
        yield from SESSIONS.sub(suffix)(1, self.start)
        yield from TRAINED.sub(suffix)(self.person_times, self.start)

    def summary(self) -> str:
        return self.title
