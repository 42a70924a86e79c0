"""The package's own data files: tab-separated, a heading line, # for comments."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of the package's file `name`, by heading; cells left out at the end of a line are empty."""
    lines = files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
    table = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    heading = table[0]
    for cells in table[1:]:
        yield dict(zip(heading, cells + [""] * (len(heading) - len(cells)), strict=True))


def pattern(written: str) -> str:
    """A pattern of a data file with the families of words.tsv ({east}) written out."""
    for name, words in _families().items():
        written = written.replace("{" + name + "}", words)
    return written


@cache
def _families() -> dict[str, str]:
    return {row["name"]: row["pattern"] for row in rows("words.tsv")}
