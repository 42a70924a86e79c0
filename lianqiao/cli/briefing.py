"""`lianqiao brief`: a document from a template, every number with its figure."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, json_option, known, nodes, period, scope_options

if TYPE_CHECKING:
    from lianqiao.briefings.documents import About, Filled

FORMATS = (".docx", ".pdf", ".html", ".xlsx")


def add(commands: Any) -> None:
    writing = commands.add_parser("brief", help="按模板写一份文件：汇报、会议材料、自评报告、报表")
    writing.add_argument("template", nargs="?", metavar="TEMPLATE", help="随附模板的代码或名称，或自己的 .docx")
    writing.add_argument(
        "-o", dest="target", type=document_path, metavar="FILE", help="写到哪个 .docx .pdf .html .xlsx"
    )
    scope_options(writing)
    writing.add_argument(
        "--text", action="append", default=[], metavar="名=文字", help="模板里“文(名)”处的文字；可重复"
    )
    writing.add_argument("--blank", action="store_true", help="不填写，只取模板本身，供修改")
    writing.add_argument("--list", action="store_true", help="列出随附的模板")
    writing.add_argument("--fields", action="store_true", help="列出模板里可用的字段")
    json_option(writing)
    writing.set_defaults(run=run)


def document_path(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in FORMATS:
        raise argparse.ArgumentTypeError(f"“{text}”要以 {'、'.join(FORMATS)} 之一结尾")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"没有文件夹 {path.parent}")
    return path


def run(given: argparse.Namespace) -> int:
    if given.list:
        list_templates(given)
    elif given.fields:
        list_fields(given)
    elif not given.template or not given.target:
        raise CallWrong("要写明模板和 -o FILE；--list 列出随附的模板。")
    elif given.blank:
        save(given.target, template_of(given.template)[1])
        print(f"模板：{given.target}")
    else:
        write(given)
    return 0


def template_of(named: str) -> tuple[str, bytes]:
    """The name and bytes of a shipped template, or of the user's own file."""
    from lianqiao.briefings.documents import by_name

    shipped = by_name(named)
    if shipped:
        return shipped.name, shipped.docx
    path = Path(named)
    if not path.is_file():
        raise CallWrong(f"没有模板“{named}”，也没有这个文件。{meant(named)}lianqiao brief --list 列出随附的。")
    if path.suffix.lower() != ".docx":
        raise CallWrong("模板要是 .docx 文件。")
    return path.stem, path.read_bytes()


def meant(named: str) -> str:
    """The shipped templates whose names or codes are near, as a sentence; "" where none is."""
    from lianqiao.briefings.documents import SHIPPED
    from lianqiao.briefings.naming import near

    found = near(named, [told for one in SHIPPED for told in (one.name, one.code)])
    return f"是不是{'、'.join(f'“{one}”' for one in found)}？" if found else ""


def write(given: argparse.Namespace) -> None:
    from lianqiao.briefings.documents import About, NotWritten, as_format
    from lianqiao.briefings.documents import write as written

    if given.measure:
        raise CallWrong("brief 写模板里的指标，不用 --measure。")
    where = nodes(given.pairing)
    if len(where) != 1:
        raise CallWrong("一份文件写一个结对关系。")
    name, template = template_of(given.template)
    about = About(where[0], period(given.start, given.until), known(given.known_at))
    try:
        made = written(template, about, texts(given.text))
    except NotWritten as error:
        raise DataWrong(f"{given.template} 写不出来：\n{error}") from error
    save(given.target, as_format(made.docx, given.target.suffix.lower().removeprefix("."), name))
    tell(given, about, name, made)


def texts(given: list[str]) -> dict[str, str]:
    told = {}
    for one in given:
        name, equals, text = one.partition("=")
        if not equals:
            raise CallWrong(f"--text 写作 名=文字，不能是“{one}”。")
        told[name] = text
    return told


def save(target: Path, data: bytes) -> None:
    try:
        target.write_bytes(data)
    except OSError as error:
        raise CallWrong(f"写不了文件：{error}") from error


def tell(given: argparse.Namespace, about: About, name: str, made: Filled) -> None:
    if not given.json:
        told = f"{name}：{given.target}，{about.node}，{about.period.describe()}"
        print(f"{told}，{len(made.numbers)} 处数字，按事务 #{about.known.number} 所知。")
        return
    from lianqiao.core.units import as_data

    numbers = [
        {"text": text, "name": one.tag.name, "value": as_data(one.value, one.unit), "unit": one.unit.name, "address": one.tag.address}
        for one, text in made.numbers
    ]  # fmt: skip
    start, until = about.period.start, about.period.until
    show.as_json(
        {
            "file": str(given.target), "template": name, "pairing": about.node.name, "from": start and start.isoformat(),
            "until": until.isoformat(), "transaction": about.known.number, "hash": about.known.hash, "numbers": numbers,
        }
    )  # fmt: skip


def list_templates(given: argparse.Namespace) -> None:
    from lianqiao.briefings.documents import SHIPPED

    if given.json:
        show.as_json([{"code": one.code, "name": one.name, "about": one.about} for one in SHIPPED])
        return
    show.table(["代码", "名称", "用途"], [[one.code, one.name, one.about] for one in SHIPPED])


def list_fields(given: argparse.Namespace) -> None:
    from lianqiao.briefings.naming import fields

    told = [(name, measure) for name, measure in fields().items()]
    if given.json:
        show.as_json(
            [{"field": name, "code": m.code, "unit": m.unit.name, "definition": m.definition} for name, m in told]
        )
        return
    show.table(["字段", "代码", "单位", "口径"], [[name, m.code, m.unit.name, m.definition] for name, m in told])
