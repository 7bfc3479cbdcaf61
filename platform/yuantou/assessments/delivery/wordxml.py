"""Pieces of a Word file as XML: tables in one go, charts that Word draws itself, the mark."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import nsdecls

from yuantou.assessments.delivery.leaves import Chart, Table

WIDTH = 9600  # twentieths of a point between the margins
CHART_SIZE = (6_100_000, 2_500_000)  # EMU
CHARTS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
LINES = (  # series, colour, width in EMU, dash: told apart in grey print
    ("每月数", "000000", 22225, "solid"),
    ("均值（自身基线）", "444444", 15875, "lgDash"),
    ("波动下界", "777777", 12700, "sysDot"),
    ("波动上界", "777777", 12700, "sysDot"),
)


def table_xml(table: Table) -> str:
    """A table with its head repeated on every page."""
    widths = [int(WIDTH * share) for share in table.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(row, widths, head=not place) for place, row in
                   enumerate((table.columns, *table.rows)))  # fmt: skip
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(cells: Sequence[str], widths: Sequence[int], *, head: bool) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="E6E6E6"/>' if head else ""
    bold = "<w:b/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>" + "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr><w:p><w:pPr>'
        f'<w:spacing w:after="0"/></w:pPr><w:r><w:rPr>{bold}<w:sz w:val="17"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(str(text))}</w:t></w:r></w:p></w:tc>'
        for text, width in zip(cells, widths, strict=True)
    ) + "</w:tr>"  # fmt: skip


def chart_drawing(link: str, number: int, title: str) -> str:
    """The place in the text where a chart stands."""
    wide, high = CHART_SIZE
    return (
        f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" '
        f'distR="0"><wp:extent cx="{wide}" cy="{high}"/><wp:docPr id="{900 + number}" '
        f"name={quoteattr(f'图 {number}')} descr={quoteattr(title)}/><wp:cNvGraphicFramePr/>"
        f'<a:graphic><a:graphicData uri="{CHARTS}"><c:chart xmlns:c="{CHARTS}" r:id="{link}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def chart_space(chart: Chart) -> str:
    """A line chart with its numbers in it; what is missing is a gap."""
    runs = (chart.values, *(chart.line(name) for name in ("mean", "lower", "upper")))
    series = "".join(
        _series(place, style, chart.labels, values)
        for place, (style, values) in enumerate(zip(LINES, runs, strict=True))
        if place == 0 or any(value is not None for value in values)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{CHARTS}" {nsdecls("a", "r")}><c:roundedCorners val="0"/>'
        f"<c:chart><c:title>{_rich(f'{chart.title}（{chart.unit}）', 1000)}"
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{series}<c:marker val="1"/><c:axId val="111"/><c:axId val="222"/></c:lineChart>'
        f'<c:catAx><c:axId val="111"/>{_SCALE}<c:delete val="0"/><c:axPos val="b"/>'
        f'<c:numFmt formatCode="General" sourceLinked="0"/>{_ticks("low")}'
        f'<c:crossAx val="222"/></c:catAx><c:valAx><c:axId val="222"/>{_SCALE_FROM_ZERO}'
        '<c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="6350">'
        '<a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>'
        f'<c:numFmt formatCode="General" sourceLinked="0"/>{_ticks("nextTo")}'
        '<c:crossAx val="111"/></c:valAx></c:plotArea><c:legend><c:legendPos val="b"/>'
        '<c:overlay val="0"/></c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/>'
        "</c:chart></c:chartSpace>"
    )


_SCALE = '<c:scaling><c:orientation val="minMax"/></c:scaling>'
_SCALE_FROM_ZERO = '<c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'


def _ticks(labels: str) -> str:
    return (
        '<c:majorTickMark val="out"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="{labels}"/><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="800"/>'
        '</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _rich(text: str, size: int) -> str:
    return (
        f'<c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="{size}" b="0"/></a:pPr><a:r>'
        f'<a:rPr lang="zh-CN" sz="{size}" b="0"/><a:t>{escape(text)}</a:t></a:r></a:p></c:rich>'
        "</c:tx>"
    )


def _series(
    place: int,
    style: tuple[str, str, int, str],
    labels: Sequence[str],
    values: Sequence[float | None],
) -> str:
    name, colour, width, dash = style
    marker = (
        '<c:marker><c:symbol val="circle"/><c:size val="4"/></c:marker>'
        if place == 0
        else '<c:marker><c:symbol val="none"/></c:marker>'
    )
    words = "".join(
        f'<c:pt idx="{at}"><c:v>{escape(label)}</c:v></c:pt>' for at, label in enumerate(labels)
    )
    numbers = "".join(
        f'<c:pt idx="{at}"><c:v>{value!r}</c:v></c:pt>'
        for at, value in enumerate(values)
        if value is not None
    )
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:strRef><c:f>{name}</c:f>'
        f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache>'
        f'</c:strRef></c:tx><c:spPr><a:ln w="{width}"><a:solidFill><a:srgbClr val="{colour}"/>'
        f'</a:solidFill><a:prstDash val="{dash}"/></a:ln></c:spPr>{marker}<c:cat><c:strLit>'
        f'<c:ptCount val="{len(labels)}"/>{words}</c:strLit></c:cat><c:val><c:numLit>'
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{numbers}'
        '</c:numLit></c:val><c:smooth val="0"/></c:ser>'
    )


def mark_shape(text: str) -> str:
    """Large grey words across the page, behind the text."""
    return (
        f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office"><v:shapetype id="_x0000_t136" '
        'coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
        '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/>'
        '</v:shapetype><v:shape id="draft" type="#_x0000_t136" style="position:absolute;'
        "margin-left:0;margin-top:0;width:430pt;height:60pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" '
        'fillcolor="#d0d0d0" stroked="f"><v:fill opacity=".5"/><v:textpath '
        f'style="font-family:SimHei;font-size:1pt" string={quoteattr(text)}/></v:shape></w:pict>'
    )
