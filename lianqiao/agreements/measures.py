"""The measures of pairings, agreements, meetings and honours."""

from lianqiao.journal.measures import measure, split

GROUP = "组织领导"
PAIRS = {
    kind: measure(code, name, unit, definition, group=GROUP, filled_by="协调", words=words, stock=True)
    for kind, code, name, unit, definition, words in (
        ("县际", "pair.county", "结对县", "对", "县（市、区）之间的结对关系，一对计一，终止即减。", ("结对县", "县际结对")),
        ("镇镇", "pair.town", "结对乡镇", "对", "乡镇（街道）之间的结对关系，一对计一，终止即减。", ("结对乡镇", "镇镇结对")),
        ("村村", "pair.village", "结对村", "对", "村（社区）之间的结对关系，一对计一，终止即减。", ("结对村", "村村结对")),
        ("校校", "pair.school", "结对学校", "对", "学校之间的结对关系，一对计一，终止即减。", ("结对学校", "学校结对")),
        ("院院", "pair.hospital", "结对医院", "对", "医院、卫生院之间的结对关系，一对计一，终止即减。", ("结对医院", "医院结对")),
        ("企村", "pair.enterprise", "企村结对", "对", "企业与村之间的结对关系，一对计一，终止即减。", ("企村结对", "结对企业")),
        ("社会组织", "pair.social_org", "社会组织结对", "对", "社会组织参与的结对关系，一对计一，终止即减。", ("社会组织结对",)),
    )
}  # fmt: skip

AGREEMENTS = measure(
    "agreements.signed", "签订协议", "份", "双方签订的框架、年度、乡镇、部门、劳务、采购协议，按签订日期一份计一。",
    excludes="不含企业投资项目的合同。", words=("签订协议", "签署协议"), group=GROUP, filled_by="双方",
)  # fmt: skip
MEETINGS = measure(
    "meetings.total", "会议", "次", "联席会议、领导小组会议、专题会议、部门对接会，按召开日期一次计一。",
    words=("会议",), group=GROUP, filled_by="承办方",
)  # fmt: skip
JOINT = split(
    MEETINGS,
    "",
    "联席会议",
    "subset",
    "双方党政主要负责同志参加的联席会议，一次计一。",
    code="meetings.joint",
    words=("联席会议",),
)
HONOURS = measure(
    "honours.count", "荣誉", "项", "授予本结对关系及其单位、个人、做法的荣誉，按授予日期一项计一。",
    words=("荣誉", "表彰"), group=GROUP, filled_by="双方",
)  # fmt: skip
