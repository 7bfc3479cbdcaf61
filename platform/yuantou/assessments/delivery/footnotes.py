"""Real footnotes in a Word file, which the library does not write by itself.

A number's source stands in the text between two marks, `⟦…⟧`, right behind the number; it becomes a
footnote. The same source on the same page is written again: a reader need not look elsewhere.
"""

import re
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
MARKED = re.compile(r"⟦([^⟧]*)⟧")
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_LINES = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{sign}/></w:r></w:p></w:footnote>'
    for number, kind, sign in (
        (-1, "separator", "separator"),
        (0, "continuationSeparator", "continuationSeparator"),
    )
)


def noted(text: str, source: str) -> str:
    """`text` with the source of its number behind it."""
    return f"{text}⟦{source}⟧"


class Footnotes:
    """The footnotes of one file, numbered as they come."""

    def __init__(self, made: WordDocument) -> None:
        self.made = made
        self.texts: list[str] = []

    def write(self, paragraph: Any, text: str) -> None:
        """Put `text` into a paragraph, its marked sources into footnotes."""
        for place, piece in enumerate(MARKED.split(text)):
            if place % 2 == 0:
                if piece:
                    paragraph.add_run(piece)
                continue
            self.texts.append(piece)
            paragraph._p.append(
                parse_xml(
                    f"<w:r {nsdecls('w')}>{_RAISED}"
                    f'<w:footnoteReference w:id="{len(self.texts)}"/></w:r>'
                )
            )

    def keep(self) -> None:
        """Add the part that holds the footnotes, if there are any."""
        if not self.texts:
            return
        notes = "".join(
            f'<w:footnote w:id="{number}"><w:p><w:r>{_RAISED}<w:footnoteRef/></w:r><w:r><w:rPr>'
            f'<w:sz w:val="16"/></w:rPr><w:t xml:space="preserve"> {escape(text)}</w:t></w:r>'
            "</w:p></w:footnote>"
            for number, text in enumerate(self.texts, start=1)
        )
        content = f"<w:footnotes {nsdecls('w')}>{_LINES}{notes}</w:footnotes>"
        kept = Part(PackURI("/word/footnotes.xml"), KIND, content.encode(), self.made.part.package)
        self.made.part.relate_to(kept, RELATIONSHIP_TYPE.FOOTNOTES)
