"""Finding nodes by the names people use."""

from lianqiao.places import directory
from lianqiao.places.models import Node, Place
from lianqiao.places.names import pairing_key, short


class NoSuchNode(LookupError):
    """No pairing of that name, or more than one: the message says which."""


def by_name(text: str) -> Node:
    """The node named by its 编号 or its two places (靖江-永寿); where one is closed and one open, the open one.

    Raises NoSuchNode.
    """
    names = Names()
    return names.find(text)


class Names:
    """All nodes of the tree, read once, to resolve many names (an import's column) without a query each."""

    def __init__(self) -> None:
        self.by_number: dict[str, Node] = {}
        self.by_pair: dict[tuple[str, str], list[Node]] = {}
        self.found: dict[str, Node] = {}
        for node in Node.objects.all():
            self.add(node)

    def add(self, node: Node) -> None:
        self.found.clear()
        self.by_number[node.number.lower()] = node
        self.by_pair.setdefault((short(node.east), short(node.west)), []).append(node)

    def find(self, text: str) -> Node:
        """The node; raises NoSuchNode."""
        if text not in self.found:
            self.found[text] = self.look_for(text)
        return self.found[text]

    def look_for(self, text: str) -> Node:
        node = self.by_number.get(text.strip().lower())
        if node:
            return node
        pair = pairing_key(text)
        found = self.by_pair.get(pair, []) if pair else []
        exact = [n for n in found if f"{n.east}—{n.west}" == text.strip()] or found
        open_ones = [n for n in exact if n.until is None] or exact
        if len(open_ones) == 1:
            return open_ones[0]
        if not open_ones:
            raise NoSuchNode(f"没有结对关系“{text}”。写作“靖江-永寿”，或用其编号。")
        numbers = "、".join(n.number for n in open_ones)
        raise NoSuchNode(f"“{text}”有多个结对关系：{numbers}。请用编号。")


def ensure_place(code: str) -> Place:
    """The place of that code with its ancestors, copied from the directory where they are not held yet."""
    held = Place.objects.filter(code=code).first()
    if held:
        return held
    record = directory.place(code)
    if record is None:
        raise LookupError(f"没有代码为 {code} 的地方。")
    parent = ensure_place(record.parent) if record.parent else None
    return Place.objects.create(code=record.code, name=record.name, level=record.level, parent=parent)


def place_of(name: str, within: Place | None = None) -> Place | None:
    """The one place of that name (below another), or None where there is none or more than one."""
    found = [r for r in directory.find(name, within.code if within else None) if not r.abolished]
    return ensure_place(found[0].code) if len(found) == 1 else None
