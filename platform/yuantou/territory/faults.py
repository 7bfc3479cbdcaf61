"""What can be wrong with a territory folder, said in Chinese with file, line and code."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: `line` is a file's line, or a feature's number in a boundary file; 0 is none."""

    file: str
    line: int
    code: str
    kind: str
    message: str

    def __str__(self) -> str:
        place = self.file
        if self.line:
            table = self.file.endswith((".csv", ".toml"))
            place += " " + (
                _("第 %(n)s 行", n=self.line) if table else _("第 %(n)s 个要素", n=self.line)
            )
        if self.code:
            place += f" [{self.code}]"
        return f"{place}:{self.message}"
