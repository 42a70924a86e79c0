"""`lianqiao backup`, `restore`, `upgrade`: an instance kept, brought back, and brought forward."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import DataWrong, existing_file, json_option

if TYPE_CHECKING:
    from lianqiao.instance.archive import Manifest


def add(commands: Any) -> None:
    keeping = commands.add_parser("backup", help="除密钥外的一切，存成一个文件；运行中也可以备份")
    keeping.add_argument("file", type=Path, metavar="FILE")
    json_option(keeping)
    keeping.set_defaults(run=run_backup, any_version=True)
    bringing = commands.add_parser("restore", help="由备份恢复，恢复到空的文件夹（和空的数据库）")
    bringing.add_argument("file", type=existing_file, metavar="FILE")
    bringing.add_argument("--keys", type=Path, metavar="FOLDER", help="从这个文件夹取密钥（默认：密钥已在原处）")
    bringing.add_argument("--despite-problems", action="store_true", help="核验有不一致也保留，并列出来")
    json_option(bringing)
    bringing.set_defaults(run=run_restore, needs_instance=False)
    raising = commands.add_parser("upgrade", help="升到这个版本：先备份，在副本上预演，数字不变才做")
    raising.add_argument("--without-rehearsal", action="store_true", help="不预演")
    raising.add_argument(
        "--despite-problems", action="store_true", help="核验有不一致也升级，并列出来；数字变了仍不升级"
    )
    json_option(raising)
    raising.set_defaults(run=run_upgrade, any_version=True)


def run_backup(given: argparse.Namespace) -> int:
    from django.conf import settings

    from lianqiao.config.keys import KeyMissing
    from lianqiao.instance.backup import Exists, back_up
    from lianqiao.instance.tables import Newer

    try:
        made = back_up(given.file)
    except Exists as error:
        raise DataWrong(f"已有文件 {error}：备份不覆盖任何文件。") from error
    except Newer as error:
        raise DataWrong(f"数据库{error}") from error
    except (KeyMissing, OSError) as error:
        raise DataWrong(f"没有备份成：{error}") from error
    if given.json:
        show.as_json(
            {"file": str(made.path), "size": made.size, "keys": str(settings.DIR / "keys"), **told(made.manifest)}
        )
    else:
        print(f"备份在 {made.path}（{made.size:,} 字节）。")
        print_counts(made.manifest)
        print(f"密钥不在备份里，在 {settings.DIR / 'keys'}：请另外保管，没有它恢复不了。")
    for name in made.manifest.missing:
        print(f"佐证材料 {name} 不在或被改动，备份里没有它。运行 lianqiao verify 看是哪一行的。", file=sys.stderr)
    return 1 if made.manifest.missing else 0


def told(manifest: Manifest) -> dict[str, Any]:
    tables = {name: member.rows for name, member in manifest.members.items() if member.rows is not None}
    return {
        "made_at": manifest.made_at,
        "version": manifest.lianqiao,
        "database": manifest.database,
        "head": manifest.head,
        "tables": {Path(name).stem: rows for name, rows in tables.items()},
        "evidence": len(manifest.evidence),
        "missing": list(manifest.missing),
    }


def print_counts(manifest: Manifest) -> None:
    tables = sum(member.rows is not None for member in manifest.members.values())
    print(f"{tables} 张表 {manifest.rows:,} 行，佐证材料 {len(manifest.evidence):,} 件，账本头 {manifest.head}。")


def run_restore(given: argparse.Namespace) -> int:
    from django.conf import settings

    from lianqiao.config.keys import KeyMissing
    from lianqiao.instance.archive import Unfit
    from lianqiao.instance.fresh import Occupied
    from lianqiao.instance.restore import NotWhole, restore

    try:
        restored = restore(given.file, given.keys, despite_problems=given.despite_problems)
    except NotWhole as error:
        raise DataWrong("\n".join([f"{error}，没有保留：", *findings(error.report.problems)])) from error
    except (Unfit, KeyMissing, Occupied, OSError) as error:
        raise DataWrong(str(error)) from error
    if given.json:
        number, problems = restored.transaction.number, len(restored.report.problems)
        head = f"{number}:{restored.transaction.hash}"
        show.as_json(
            {
                "dir": str(settings.DIR),
                "transaction": number,
                "now": head,
                "problems": problems,
                **told(restored.manifest),
            }
        )
        return 1 if problems else 0
    print(f"恢复在 {settings.DIR}，备份于 {restored.manifest.made_at}。")
    print_counts(restored.manifest)
    print(f"恢复本身记为事务 #{restored.transaction.number}，账本头 {restored.report.head}。")
    for name, value in restored.manifest.settings.items():
        print(f"原实例的环境设置：{name}={value}")
    print(verdict(findings(restored.report.problems)))
    return 0 if restored.report.ok else 1


def verdict(problems: list[str]) -> str:
    """Names what verify found on standard error, and returns the verdict."""
    for line in problems:
        print(line, file=sys.stderr)
    return f"有 {len(problems)} 处不一致，按 --despite-problems 保留。" if problems else "校验一致。"


def findings(problems: list[Any]) -> list[str]:
    return [f"{found.table} {found.row}　{found.what}" for found in problems]


def run_upgrade(given: argparse.Namespace) -> int:
    from lianqiao.config.keys import KeyMissing
    from lianqiao.instance.tables import Newer
    from lianqiao.instance.upgrade import CannotRehearse, Failed, upgrade

    def say(line: str) -> None:
        if not given.json:
            print(line, flush=True)

    try:
        done = upgrade(say, rehearse=not given.without_rehearsal, despite_problems=given.despite_problems)
    except Newer as error:
        raise DataWrong(f"数据库{error}") from error
    except (Failed, CannotRehearse, KeyMissing, OSError) as error:
        raise DataWrong(str(error)) from error
    kept = str(done.backup.path) if done.backup else None
    if given.json:
        show.as_json({"done": done.done, "backup": kept, "figures": done.figures, "problems": len(done.findings)})
    elif done.done:
        print(f"升级完成，{done.figures:,} 个数字与升级前相同。" + verdict(list(done.findings)))
    else:
        print("已是这个版本，没有要做的。")
    return 1 if done.findings else 0
