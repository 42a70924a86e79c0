"""The bench: `python -m benchmarks PART [--postgresql] [--postings N]`. `make bench` runs all and writes docs/performance.md."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import briefings, bulk, claims, desk, matching, national, place, portal, results, workbooks

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
MARK = "<!-- what `make bench` writes begins here -->"


def main() -> None:
    given = parsed()
    if given.part == "page":
        write_page()
        return
    database = "PostgreSQL" if given.postgresql else "SQLite"
    titles = {
        "bulk": "The bulk path",
        "national": "Figures while the journal grows",
        "workbooks": "A large workbook",
        "claims": "The reader of texts",
        "briefings": "A long report",
        "desk": "The desk under load",
        "matching": "Matching people and work",
        "portal": "The public site under load",
    }
    if given.part == "matching":
        of_size = "" if given.seekers == matching.SEEKERS else f"-{given.seekers}"
        matching.run(
            results.Results(f"matching{of_size}", f"{titles['matching']}: {given.seekers:,} seekers"), given.seekers
        )
        write_page()
        return
    kept = results.Results(f"{given.part}-{database.lower()}", f"{titles[given.part]}, {database}")
    with place.instance(given.postgresql) as folder:
        if given.part == "bulk":
            bulk.run(kept)
        elif given.part == "claims":
            for line in claims.lines():
                kept.add(line.what, line.told, line.note)
        elif given.part == "briefings":
            briefings.run(kept, min(given.postings, briefings.POSTINGS))
        elif given.part == "desk":
            desk.run(kept, folder, min(given.postings, desk.POSTINGS))
        elif given.part == "portal":
            portal.run(kept, folder, given.articles)
        elif given.part == "workbooks":
            workbooks.run(kept, given.rows, given.others)
        else:
            national.run(kept, given.postings, given.county)
    write_page()


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "part", choices=["bulk", "national", "workbooks", "claims", "briefings", "desk", "matching", "portal", "page"]
    )
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--postings", type=int, default=10_000_000, help="how far the nation grows")
    parser.add_argument("--county", type=int, default=1_000_000, help="how far one county grows")
    parser.add_argument("--seekers", type=int, default=matching.SEEKERS, help="of the market of work")
    parser.add_argument("--rows", type=int, default=100_000, help="of the workbook")
    parser.add_argument("--articles", type=int, default=portal.ARTICLES, help="of the public site")
    parser.add_argument("--others", type=int, default=10_000, help="of the workbook that django-import-export reads")
    return parser.parse_args()


def write_page() -> None:
    """Puts the kept results behind the words of the page."""
    words = PAGE.read_text(encoding="utf-8").partition(MARK)[0] if PAGE.exists() else "# Performance\n\n"
    PAGE.write_text(f"{words}{MARK}\n\n{results.tables()}", encoding="utf-8")


main()
