"""Versioned master keys from the environment; data keys wrapped under them."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
KEY = 32


class KeyMissing(LookupError):
    """The master key of that version is not in the key ring."""


class KeyMalformed(ValueError):
    """YUANTOU_MASTER_KEYS can not be read."""


@dataclass(frozen=True)
class KeyRing:
    """Master keys by version: the highest wraps, all unwrap; `index_key` makes blind indexes."""

    masters: Mapping[int, bytes]
    index_key: bytes

    @property
    def current(self) -> int:
        """Version that new data keys are wrapped under."""
        return max(self.masters)

    def wrap(self, data_key: bytes) -> tuple[bytes, int]:
        """Return the wrapped data key and the master version."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.masters[self.current]).encrypt(
            nonce, data_key, None
        ), self.current

    def unwrap(self, wrapped: bytes, version: int) -> bytes:
        """Return the data key; KeyMissing when the master of `version` is gone."""
        if version not in self.masters:
            raise KeyMissing(f"缺少第 {version} 版主密钥，无法读取个人信息")
        try:
            return AESGCM(self.masters[version]).decrypt(wrapped[:NONCE], wrapped[NONCE:], None)
        except InvalidTag as error:
            raise KeyMissing(f"第 {version} 版主密钥与数据不符") from error


def read_keyring(masters: str, index_key: str) -> KeyRing:
    """Read "1:base64,2:base64" and the base64 index key; KeyMalformed says which part is wrong."""
    versions: dict[int, bytes] = {}
    for part in filter(None, (piece.strip() for piece in masters.split(","))):
        version, _, value = part.partition(":")
        if not version.isdigit():
            raise KeyMalformed("YUANTOU_MASTER_KEYS 应写作 “版本：密钥”，如 1:…,2:…")
        versions[int(version)] = _decode(value, f"第 {version} 版主密钥")
    if not versions:
        raise KeyMalformed("未配置 YUANTOU_MASTER_KEYS")
    return KeyRing(versions, _decode(index_key, "YUANTOU_INDEX_KEY"))


def new_key() -> str:
    """Return a fresh random key in base64."""
    return base64.b64encode(os.urandom(KEY)).decode()


def _decode(value: str, what: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyMalformed(f"{what}不是有效的 base64") from error
    if len(key) != KEY:
        raise KeyMalformed(f"{what}应为 {KEY} 字节，现为 {len(key)} 字节")
    return key
