"""What other programs put on the clipboard, and the cells that a reader sees there.

The html is written as those programs write it: Excel folds long lines and writes blanks as nbsp,
Google Sheets adds its own attributes, LibreOffice its fonts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PasteCase:
    """A block on the clipboard, and what must stand in the cells afterwards."""

    name: str
    plain: str
    cells: list[list[str]]
    html: str = ""


EXCEL = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"\r\n'
    'xmlns="http://www.w3.org/TR/REC-html40">\r\n<head>\r\n'
    "<meta name=ProgId content=Excel.Sheet>\r\n"
    "<style>\r\n<!--table\r\n\t{{mso-displayed-decimal-separator:'\\,';}}\r\n"
    "br\r\n\t{{mso-data-placement:same-cell;}}\r\n-->\r\n</style>\r\n</head>\r\n"
    '<body link="#0563C1">\r\n<table border=0 cellpadding=0 cellspacing=0 width=256'
    " style='border-collapse:\r\n collapse;width:192pt'>\r\n<!--StartFragment-->\r\n"
    " <col width=64 span=2 style='width:48pt'>\r\n{rows}"
    "<!--EndFragment-->\r\n</table>\r\n</body>\r\n</html>"
)
EXCEL_ROW = " <tr height=20 style='height:15.0pt'>\r\n{cells} </tr>\r\n"
EXCEL_CELL = "  <td height=20 class=xl65 width=64 style='height:15.0pt;width:48pt'>{}</td>\r\n"
GOOGLE = (
    "<meta charset='utf-8'><google-sheets-html-origin><style type=\"text/css\"><!--td {{border:"
    ' 1px solid #cccccc;}}br {{mso-data-placement:same-cell;}}--></style><table xmlns="http://www.w3.'
    'org/1999/xhtml" cellspacing="0" cellpadding="0" dir="ltr" border="1" style="table-layout:'
    'fixed;font-size:10pt;font-family:Arial;width:0px;border-collapse:collapse;border:none"'
    ' data-sheets-root="1"><colgroup><col width="100"/><col width="100"/></colgroup><tbody>{rows}'
    "</tbody></table>"
)
GOOGLE_ROW = '<tr style="height:21px;">{cells}</tr>'
GOOGLE_CELL = (
    '<td style="overflow:hidden;padding:2px 3px 2px 3px;vertical-align:bottom;" '
    'data-sheets-value="{{&quot;1&quot;:2,&quot;2&quot;:&quot;x&quot;}}">{}</td>'
)
LIBRE = (
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN">\n\n<html>\n<head>\n\t\n\t'
    '<meta http-equiv="content-type" content="text/html; charset=utf-8"/>\n\t<title></title>\n\t'
    '<meta name="generator" content="LibreOffice 24.2.7.2 (Linux)"/>\n\t<style type="text/css">'
    "\n\t\tbody,div,"
    'table,thead,tbody,tfoot,tr,th,td,p {{ font-family:"Liberation Sans"; font-size:x-small }}\n\t'
    '</style>\n\t\n</head>\n\n<body>\n\n<table cellspacing="0" border="0">\n\t<colgroup span="2" '
    'width="85"></colgroup>\n\t{rows}</table>\n\n</body>\n\n</html>\n'
)
LIBRE_ROW = "<tr>\n{cells}\t</tr>\n\t"
LIBRE_CELL = '\t\t<td height="17" align="left" valign=bottom><font face="Arial">{}</font></td>\n'


def _html(frame: str, row: str, cell: str, contents: list[list[str]]) -> str:
    rows = [row.format(cells="".join(cell.format(one) for one in line)) for line in contents]
    return frame.format(rows="".join(rows))


def excel(*contents: list[str]) -> str:
    """Html as Excel writes it."""
    return _html(EXCEL, EXCEL_ROW, EXCEL_CELL, list(contents))


def google(*contents: list[str]) -> str:
    """Html as Google Sheets writes it."""
    return _html(GOOGLE, GOOGLE_ROW, GOOGLE_CELL, list(contents))


def libre(*contents: list[str]) -> str:
    """Html as LibreOffice writes it."""
    return _html(LIBRE, LIBRE_ROW, LIBRE_CELL, list(contents))


NBSP = "\u00a0"
FAMILY = "👨‍👩‍👧‍👦"

CASES = [
    PasteCase(
        "plain text with Excel's line ends", "x1\ty1\r\nx2\ty2\r\n", [["x1", "y1"], ["x2", "y2"]]
    ),
    PasteCase("plain text of an old Mac", "x1\ty1\rx2\ty2\r", [["x1", "y1"], ["x2", "y2"]]),
    PasteCase("no line end at all", "x1\ty1", [["x1", "y1"]]),
    PasteCase("quotes in the middle stay", 'Скидка на "Nike"\tok', [['Скидка на "Nike"', "ok"]]),
    PasteCase(
        "doubled quotes become one", '"Скидка на ""Nike"""\tok', [['Скидка на "Nike"', "ok"]]
    ),
    PasteCase("inches", '5" экран\tok', [['5" экран', "ok"]]),
    PasteCase("a quoted word keeps its quotes", '"Скидка" уже\t"тут"', [['"Скидка" уже', '"тут"']]),
    PasteCase("a quote that never ends", '"Скидка\tok', [['"Скидка', "ok"]]),
    PasteCase("a cell of two lines", '"раз\nдва"\tok\r\n', [["раз\nдва", "ok"]]),
    PasteCase("a cell of two lines with CRLF", '"раз\r\nдва"\tok\r\n', [["раз\nдва", "ok"]]),
    PasteCase("a tab inside quotes", '"раз\tдва"\tok', [["раз\tдва", "ok"]]),
    PasteCase("empty cells keep their place", "\tok\nраз\t", [["", "ok"], ["раз", ""]]),
    PasteCase("rows of unequal length", "раз\nдва\tok", [["раз", ""], ["два", "ok"]]),
    PasteCase("no-break spaces", f"1{NBSP}000{NBSP}₸\tok", [[f"1{NBSP}000{NBSP}₸", "ok"]]),
    PasteCase("emoji of many code points", f"{FAMILY} 🇰🇿 👍🏽\t❤️", [[f"{FAMILY} 🇰🇿 👍🏽", "❤️"]]),
    PasteCase(
        "what looks like a formula",
        "=1+1\t+7 701\n-5%\t@home",
        [["=1+1", "+7 701"], ["-5%", "@home"]],
    ),
    PasteCase(
        "numbers and dates stay texts", "007\t1e5\n15.08\t0.10", [["007", "1e5"], ["15.08", "0.10"]]
    ),
    PasteCase(
        "a backslash and a percent sign", "it's \\ ok\t100 % \\n", [["it's \\ ok", "100 % \\n"]]
    ),
    PasteCase("Kazakh letters", "Әң ғой\tҚұс үні", [["Әң ғой", "Құс үні"]]),
    PasteCase(
        "a text with markup is a text",
        "<b>ok</b> &amp;\t<img src=x>",
        [["<b>ok</b> &amp;", "<img src=x>"]],
    ),
    PasteCase("Excel", "Скидка\tok\r\n", [["Скидка", "ok"]], excel(["Скидка", "ok"])),
    PasteCase(
        "Excel: quotes, which its plain text cannot tell",
        '"Nike"\tok\r\n',
        [['"Nike"', "ok"]],
        excel(["&quot;Nike&quot;", "ok"]),
    ),
    PasteCase(
        "Excel: two lines in a cell",
        '"раз\nдва"\tok\r\n',
        [["раз\nдва", "ok"]],
        excel(["раз<br>\r\n    два", "ok"]),
    ),
    PasteCase(
        "Excel folds long lines of its html",
        "Рюкзаки и форма до 31 августа\tok\r\n",
        [["Рюкзаки и форма до 31 августа", "ok"]],
        excel(["Рюкзаки и форма\r\n  до 31 августа", "ok"]),
    ),
    PasteCase(
        "Excel writes two blanks as nbsp; the plain text knows better",
        "раз  два\tok\r\n",
        [["раз  два", "ok"]],
        excel([f"раз<span style='mso-spacerun:yes'>{NBSP} </span>два", "ok"]),
    ),
    PasteCase(
        "Excel: a number of thousands keeps its no-break space",
        f"1{NBSP}000\tok\r\n",
        [[f"1{NBSP}000", "ok"]],
        excel([f"1{NBSP}000", "ok"]),
    ),
    PasteCase(
        "Excel: merged cells",
        "раз\t\tok\r\n",
        [["раз", "", "ok"]],
        excel(["раз", "ok"]).replace("<td height=20", "<td colspan=2 height=20", 1),
    ),
    PasteCase(
        "Excel: empty cells",
        "\t\r\nраз\tok\r\n",
        [["", ""], ["раз", "ok"]],
        excel(["", ""], ["раз", "ok"]),
    ),
    PasteCase(
        "Google Sheets",
        'A "q" 🎒\t"B\ntwo"',
        [['A "q" 🎒', "B\ntwo"]],
        google(["A &quot;q&quot; 🎒", "B<br/>two"]),
    ),
    PasteCase(
        "Google Sheets: one cell, without a table",
        '"раз\nдва"',
        [["раз\nдва"]],
        '<meta charset="utf-8"><google-sheets-html-origin>'
        '<span data-sheets-root="1">раз<br/>два</span>',
    ),
    PasteCase(
        "LibreOffice",
        '"раз\nдва"\tСкидка на "Nike"\n',
        [["раз\nдва", 'Скидка на "Nike"']],
        libre(["раз<br>два", "Скидка на &quot;Nike&quot;"]),
    ),
    PasteCase(
        "LibreOffice: cells over two rows",
        "раз\tok\n\ttoo\n",
        [["раз", "ok"], ["", "too"]],
        libre(["раз", "ok"], ["too"]).replace("<td height", '<td rowspan="2" height', 1),
    ),
    PasteCase(
        "a table of Word, with paragraphs",
        "раз\nдва\tok",
        [["раз\nдва", "ok"]],
        "<table><tr><td><p>раз</p><p>два</p></td><td><p>ok</p></td></tr></table>",
    ),
    PasteCase(
        "a page without a table gives its plain text",
        "Скидка",
        [["Скидка"]],
        "<p>Скидка <b>сегодня</b></p>",
    ),
    PasteCase(
        "scripts in the html are nothing",
        "раз\tok",
        [["раз", "ok"]],
        "<table><tr><td>раз<script>alert(1)</script></td>"
        "<td><img src=x onerror=alert(1)>ok</td></tr></table>",
    ),
]

# One column into which half of the world's mischief is typed.
MISCHIEF = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    "</script><script>alert(1)</script>",
    "{{ constructor.constructor('alert(1)')() }}",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    '<a href="javascript:alert(1)">x</a>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<style>@import 'x'</style>",
    "\u202eevil\u2066",
]
