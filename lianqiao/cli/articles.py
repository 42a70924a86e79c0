"""`lianqiao articles`: another site's articles into the public site, with their old addresses; `publish-due`: what is due
to be published or taken down."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, json_option


def add(commands: Any) -> None:
    taking = commands.add_parser("articles", help="把别的网站的文章（HTML 文件夹，或 RSS、Atom 文件）读进门户")
    taking.add_argument("source", type=Path, metavar="FOLDER|FILE")
    taking.add_argument("--zone", metavar="NAME", help="文章没写发布开发区时归到哪个开发区")
    taking.add_argument("--language", default="zh-hans", choices=("zh-hans", "en"), help="文章的语言（默认 zh-hans）")
    taking.add_argument("--dry-run", action="store_true", help="只读不写")
    json_option(taking)
    taking.set_defaults(run=run)
    due = commands.add_parser("publish-due", help="发布到点的页面，撤下到期的（每小时运行一次）")
    due.set_defaults(run=publish_due)


def publish_due(given: argparse.Namespace) -> int:
    from django.core.management import call_command

    call_command("publish_scheduled", verbosity=0)
    return 0


def run(given: argparse.Namespace) -> int:
    """Exit status 1 where an article could not be taken in."""
    from lianqiao.portal import reading

    if not given.source.exists():
        raise CallWrong(f"没有 {given.source}。")
    try:
        items = reading.read(given.source)
    except reading.Unreadable as error:
        raise DataWrong(str(error)) from error
    if given.dry_run:
        return tell_read(items, given.json)
    return take(items, given)


def tell_read(items: list[Any], as_json: bool) -> int:
    told = [
        {"title": i.title, "dated": i.dated and i.dated.isoformat(), "path": i.path, "source": i.source, "zone": i.zone,
         "city": i.city, "section": i.section, "missing": i.missing}
        for i in items
    ]  # fmt: skip
    if as_json:
        show.as_json(told)
    else:
        for one in told:
            print(
                f"{one['dated'] or '没有日期'}  {one['title'] or '没有标题'}  {one['zone'] or one['city']}  {one['path']}"
            )
    return 1 if any(one["missing"] for one in told) else 0


def take(items: list[Any], given: argparse.Namespace) -> int:
    from lianqiao.portal.bringing import take as bring
    from lianqiao.portal.models import Zone

    zone = Zone.objects.filter(title=given.zone, locale__language_code=given.language).first() if given.zone else None
    if given.zone and zone is None:
        raise DataWrong(f"门户里没有开发区“{given.zone}”。")
    taken = bring(items, given.language, zone)
    if given.json:
        show.as_json({"live": taken.live, "drafts": taken.drafts, "known": taken.known, "refused": taken.refused})
        return 1 if taken.refused else 0
    for name, why in taken.refused:
        print(f"没有读入　{name}　{why}")
    for name in taken.drafts:
        print(f"存为草稿　{name}　数字与账本不符，请在编辑台里核对")
    print(
        f"发布 {len(taken.live)} 篇，草稿 {len(taken.drafts)} 篇，已有 {len(taken.known)} 篇，没有读入 {len(taken.refused)} 篇。"
    )
    return 1 if taken.refused else 0
