"""ID numbers and telephones: encrypted at rest, found by a keyed hash, masked for everyone.

A protected value is kept as a token, `HASH.CIPHER`: 32 hex digits of an HMAC-SHA-256 under the instance's person key,
by which equal values are found, and AES-256-GCM of the value under a key derived from it (where a review asks for SM4,
this is the place).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from lianqiao.config.keys import read_key

NONCE_BYTES = 12
ERASED = "***（已删除）"


@cache
def key(purpose: str) -> bytes:
    """A key of its own for each purpose, derived from the person key."""
    return hmac.new(bytes.fromhex(read_key(settings.DIR, "person_key")), purpose.encode(), hashlib.sha256).digest()


def keyed_hash(kind: str, value: str) -> str:
    return hmac.new(key("find"), f"{kind}|{value}".encode(), hashlib.sha256).hexdigest()[:32]


def protect(value: str, kind: str = "id") -> str:
    """The token of a value."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = nonce + AESGCM(key("encrypt")).encrypt(nonce, value.encode(), kind.encode())
    return f"{keyed_hash(kind, value)}.{base64.urlsafe_b64encode(cipher).decode()}"


def reveal(token: str, kind: str = "id") -> str:
    """The value in the clear. Raises ValueError where the token was damaged or sealed under another key.

    Whoever calls this records it: pages show `masked`.
    """
    raw = base64.urlsafe_b64decode(token.partition(".")[2])
    try:
        return AESGCM(key("encrypt")).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], kind.encode()).decode()
    except InvalidTag as error:
        raise ValueError("密文被改动，或密钥不是加密时的那一把。") from error


def masked(token: str | None, kind: str = "id") -> str:
    """What everyone sees: the first six and the last two characters of an ID number, the last two of a telephone.

    A value so short that this would show more than half of it is hidden whole, one that was erased is called so.
    """
    if not token:
        return ""
    if token == without_value(token):
        return ERASED
    value = reveal(token, kind)
    head = 6 if kind == "id" else 0
    if 2 * (head + 2) > len(value):
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - 2) + value[-2:]


def masked_name(name: str) -> str:
    """A private person's name where others than those who keep the ledger read it: 张**."""
    return f"{name[:1]}**" if name else ""


def found_by(token: str) -> str:
    """The part of a token that equal values share."""
    return token.partition(".")[0]


def without_value(token: str) -> str:
    """The token without its cipher, `HASH.`: what stays when a person's data is erased, so that they are counted on."""
    return f"{found_by(token)}."


def subject(kind: str, *parts: str) -> int:
    """64 bits that stand for whoever or whatever is counted once; never a name. Signed, as databases keep it.

    At three million subjects two fall together with a chance of one in four million.
    """
    return as_subject(keyed_hash(kind, "|".join(parts)))


def as_subject(hexadecimal: str) -> int:
    return int.from_bytes(bytes.fromhex(hexadecimal[:16]), "big", signed=True)


def person(id_token: str | None, name: str, unit: str) -> int:
    """A person's subject: by ID number, or by name and unit where there is none (weak: two people may share it)."""
    return as_subject(found_by(id_token or weak_token(name, unit)))


def weak_token(name: str, unit: str) -> str:
    """What stands for a person without ID number, as without_value has it."""
    return f"{keyed_hash('weak', f'{name}|{unit}')}."
