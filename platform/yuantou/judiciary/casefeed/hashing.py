"""The courts' offline tool: a table with numbers in, a table with keyed hashes out.

It opens no database. Whoever is given the index key can test numbers: it is held by the platform's
operator, and by a court only against a receipt (docs/operations.md).
"""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import click

from yuantou.crypto.fields import blind_index
from yuantou.crypto.keyring import new_key, read_keyring
from yuantou.crypto.secrets import load_secrets
from yuantou.database.sheets import Row, SheetError, read_sheet
from yuantou.disputes.identity import id_of
from yuantou.judiciary.casefeed.reading import BETWEEN

ROOT = Path(__file__).resolve().parents[4]
HASHED = {"当事人证件号": "当事人密文", "案号": "案号密文"}
KEY = "YUANTOU_INDEX_KEY"
LARGEST_ROWS, LARGEST_UNPACKED = 200_000, 200 * 1024 * 1024


class FaultyNumber(ValueError):
    """A number that is none; the message says in which line, never which number."""


def index_key() -> bytes:
    """The key from the environment, else that of this installation."""
    told = os.environ.get(KEY)
    if told:
        return read_keyring(f"1:{new_key()}", told).index_key
    return load_secrets(ROOT / "var" / "secrets.toml").keyring.index_key


def hashed(rows: Sequence[Row], key: bytes) -> list[list[str]]:
    """The table with hashes in place of numbers; FaultyNumber where a number is none."""
    head = rows[0].cells
    made = [[HASHED.get(title, title) for title in head]]
    for row in rows[1:]:
        cells = [*row.cells, *("" for _ in range(len(head) - len(row.cells)))]
        made.append(
            [_cell(title, cell, row.line, key) for title, cell in zip(head, cells, strict=False)]
        )
    return made


def _cell(title: str, cell: str, line: int, key: bytes) -> str:
    if title == "案号":
        return blind_index(key, cell).hex() if cell else ""
    if title != "当事人证件号":
        return cell
    numbers = [id_of(each) for each in BETWEEN.split(cell) if each]
    if any(each is None for each in numbers):
        raise FaultyNumber(f"第 {line} 行有证件号不对，请核对（单位不用填）")
    return ";".join(blind_index(key, each).hex() for each in numbers if each)


@click.command("hash")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def hash_command(source: Path, target: Path) -> None:
    """把 SOURCE（XLSX、CSV）里的证件号、案号换成密文，写到 TARGET（CSV）。"""
    try:
        rows = read_sheet(
            source.read_bytes(),
            source.name,
            largest_rows=LARGEST_ROWS,
            largest_unpacked=LARGEST_UNPACKED,
        )
        made = hashed(rows, index_key()) if rows else []
    except (SheetError, FaultyNumber) as fault:
        raise click.ClickException(str(fault)) from fault
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(made)
    click.echo(f"{len(made) - 1 if made else 0} 行，已写到 {target}")


if __name__ == "__main__":
    hash_command()
