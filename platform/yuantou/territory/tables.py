"""CSV tables of a territory folder: reading notes faults instead of stopping at the first."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from flask_babel import gettext as _

from yuantou.territory.faults import Fault

LONGEST_NAME = 200
LONGEST_CODE = 32
_YES, _NO = {"yes", "true", "1", "是"}, {"no", "false", "0", "否"}


class Line:
    """One data line; its readers note a fault and return None or '' for what cannot be read."""

    def __init__(self, file: str, number: int, cells: dict[str, str], faults: list[Fault]) -> None:
        self.file, self.number, self.cells, self.faults = file, number, cells, faults

    def fault(self, kind: str, message: str) -> None:
        """Note a fault of this line."""
        code = self.cells.get("code", "")[:LONGEST_CODE]
        self.faults.append(Fault(self.file, self.number, code, kind, message))

    def text(self, column: str, *, required: bool = True, longest: int = LONGEST_NAME) -> str:
        """The cell's text, stripped; control and bidirectional characters are a fault."""
        value = self.cells.get(column, "").strip()
        if not value and required:
            self.fault("value", _("“%(column)s”为空", column=column))
        if len(value) > longest:
            self.fault("value", _("“%(column)s”超过 %(n)s 个字", column=column, n=longest))
        if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"} for sign in value):
            self.fault("value", _("“%(column)s”含有不可见或控制字符", column=column))
        return value

    def code(self, column: str = "code", *, required: bool = True) -> str:
        """A code: letters, digits, '-' and '_' only, since area paths are made of codes."""
        value = self.text(column, required=required, longest=LONGEST_CODE)
        if value and not re.fullmatch(r"[\w-]+", value):
            self.fault(
                "value",
                _(
                    "“%(column)s”的代码“%(value)s”只能用字母、数字、-、_",
                    column=column,
                    value=value,
                ),
            )
        return value

    def day(self, column: str) -> date | None:
        """A date written as 2025-12-31, None when empty."""
        value = self.text(column, required=False)
        if not value:
            return None
        try:
            return read_day(value)
        except ValueError:
            self.fault(
                "date",
                _(
                    "“%(column)s”的日期“%(value)s”读不懂，应写成 2025-12-31 的样子",
                    column=column,
                    value=value[:40],
                ),
            )
            return None

    def count(self, column: str, *, required: bool = False) -> int | None:
        """A whole number, 0 or more; None when empty or unreadable."""
        value = self.text(column, required=required)
        if not value:
            return None
        if re.fullmatch(r"[0-9]{1,15}(\.0+)?", value):
            return int(value.partition(".")[0])
        if re.fullmatch(r"-[0-9.]+", value):
            message = _("“%(column)s”是负数：%(value)s", column=column, value=value[:40])
        else:
            message = _("“%(column)s”不是整数：%(value)s", column=column, value=value[:40])
        self.fault("value", message)
        return None

    def decimal(self, column: str) -> float | None:
        """A decimal number, None when empty or unreadable."""
        value = self.text(column)
        if re.fullmatch(r"-?[0-9]{1,4}(\.[0-9]+)?", value):
            return float(value)
        if value:
            self.fault(
                "value", _("“%(column)s”不是数字：%(value)s", column=column, value=value[:40])
            )
        return None

    def yes(self, column: str) -> bool:
        """yes or no; an empty cell is no."""
        value = self.text(column, required=False).lower()
        if value and value not in _YES | _NO:
            self.fault(
                "value", _("“%(column)s”应为 yes 或 no:%(value)s", column=column, value=value[:40])
            )
        return value in _YES


def read_day(value: object) -> date:
    """A date from TOML or from text like 2025-12-31; raises ValueError for anything else."""
    if type(value) is date:
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return date.fromisoformat(value)
    raise ValueError(f"not a date: {value!r}")


def decode(content: bytes, file: str, faults: list[Fault], notes: list[Fault]) -> str | None:
    """Text of a file in UTF-8 or GB18030; None, with a fault, when it is neither."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _decode_gb18030(content, error, file, faults, notes) or ""
    if "\0" in text:
        faults.append(
            Fault(
                file,
                0,
                "",
                "encoding",
                _("含有空字符，不是文本文件（或存成了 UTF-16）；请另存为 UTF-8 的 CSV"),
            )
        )
        return None
    return text or None


def _decode_gb18030(
    content: bytes, error: UnicodeDecodeError, file: str, faults: list[Fault], notes: list[Fault]
) -> str | None:
    line = content.count(b"\n", 0, error.start) + 1
    damaged = content.decode("utf-8", "replace")
    wide = sum(ord(sign) > 127 for sign in damaged)
    mostly_utf8 = content.startswith(b"\xef\xbb\xbf") or damaged.count("�") * 5 < wide
    try:
        if mostly_utf8:
            raise error
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        faults.append(
            Fault(
                file,
                line,
                "",
                "encoding",
                _("编码有误：既不是完整的 UTF-8,也不是 GB18030;请另存为 UTF-8 再试"),
            )
        )
        return None
    notes.append(Fault(file, 0, "", "encoding", _("按 GB18030 编码读取（建议另存为 UTF-8）")))
    return text


def read_lines(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    faults: list[Fault],
    notes: list[Fault],
) -> Iterator[Line]:
    """The data lines of a CSV file whose header names its columns; faults are noted."""
    try:
        text = decode(path.read_bytes(), path.name, faults, notes)
    except OSError as error:
        faults.append(
            Fault(
                path.name,
                0,
                "",
                "missing_file",
                _("文件打不开：%(reason)s", reason=error.strerror or str(error)),
            )
        )
        return
    if text is None:
        if not any(fault.file == path.name for fault in faults):
            faults.append(Fault(path.name, 0, "", "column", _("文件是空的")))
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if _header_fits(path.name, header, required, optional, faults):
            yield from _data_lines(path.name, reader, header, faults)
    except csv.Error as error:
        faults.append(
            Fault(
                path.name,
                reader.line_num,
                "",
                "column",
                _("这一行不是合法的 CSV:%(reason)s", reason=str(error)),
            )
        )


def _header_fits(
    file: str,
    header: list[str],
    required: Sequence[str],
    optional: Sequence[str],
    faults: list[Fault],
) -> bool:
    problems = [_("缺少列“%(name)s”", name=name) for name in required if name not in header]
    problems += [
        _("不认识的列“%(name)s”", name=name[:40])
        for name in header
        if name not in {*required, *optional}
    ]
    problems += [
        _("列“%(name)s”出现了两次", name=name) for name in required if header.count(name) > 1
    ]
    faults += [Fault(file, 1, "", "column", problem) for problem in problems]
    return all(name in header for name in required)


def _data_lines(
    file: str, reader: "Iterator[list[str]]", header: list[str], faults: list[Fault]
) -> Iterator[Line]:
    for values in reader:
        number: int = reader.line_num  # type: ignore[attr-defined]
        if not any(value.strip() for value in values):
            continue
        line = Line(file, number, dict(zip(header, values, strict=False)), faults)
        if len(values) != len(header):
            line.fault(
                "column", _("这一行有 %(n)s 格，表头有 %(m)s 格", n=len(values), m=len(header))
            )
        yield line
