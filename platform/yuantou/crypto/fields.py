"""Sealing of personal fields, their masks, and keyed blind indexes."""

import hashlib
import hmac
import os
import re
import unicodedata

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yuantou.crypto.keyring import KEY, NONCE

INDEX_VERSION = 1


def new_data_key() -> bytes:
    """Return a fresh key for one dispute."""
    return os.urandom(KEY)


class FieldCipher:
    """Seals and opens text under one dispute's data key; `context` ties a value to its field."""

    def __init__(self, data_key: bytes) -> None:
        self._aead = AESGCM(data_key)

    def seal(self, value: str, context: str) -> bytes:
        """Encrypt `value`."""
        return self.seal_bytes(value.encode(), context)

    def open(self, sealed: bytes, context: str) -> str:
        """Decrypt what `seal` made; InvalidTag when key or field differ."""
        return self.open_bytes(sealed, context).decode()

    def seal_bytes(self, value: bytes, context: str) -> bytes:
        """Encrypt a whole file."""
        nonce = os.urandom(NONCE)
        return nonce + self._aead.encrypt(nonce, value, context.encode())

    def open_bytes(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what `seal_bytes` made; InvalidTag when key or place differ."""
        return self._aead.decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())


def blind_index(index_key: bytes, *parts: str) -> bytes:
    """Keyed hash over normalised parts, so that equal values can be found without being read."""
    text = "\x1f".join(normalise(part) for part in parts)
    return hmac.new(index_key, text.encode(), hashlib.sha256).digest()


def normalise(value: str) -> str:
    """Fold width and case, drop spaces and separators."""
    return re.sub(r"[\s·•\-]+", "", unicodedata.normalize("NFKC", value)).upper()


def mask_name(name: str, kind: str) -> str:
    """First character of a name and stars; what is surely an organisation stands in full."""
    return name if kind == "organisation" else name[:1] + "∗∗"


def mask_number(value: str) -> str:
    """Keep the last four characters of a phone or ID number."""
    return "∗∗∗∗" + value[-4:] if len(value) > 6 else "∗∗∗∗"
