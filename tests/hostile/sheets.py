"""Broken sheets, made on the spot: each with the sentence that must answer it."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.brief.test_files import as_xlsx

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Change = Callable[[bytes], bytes]


def rewrite(content: bytes, changes: Mapping[str, Change]) -> bytes:
    """The archive with some of its parts changed."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, changes.get(part.filename, bytes)(old.read(part)))
    return buffer.getvalue()


def add_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with more parts."""
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return buffer.getvalue()


PLAIN = as_xlsx([["idea", "link"], ["x", "app://a"]])


def with_cells(cells: bytes) -> bytes:
    """PLAIN with more rows of XML."""
    return rewrite(
        PLAIN, {SHEET: lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>")}
    )


def lie_about_size(content: bytes, part: str, body: bytes) -> bytes:
    """A part that unpacks to far more than the archive says of it."""
    small = rewrite(content, {part: lambda _: body})
    packed = bytearray(small)
    with zipfile.ZipFile(io.BytesIO(small)) as archive:
        info = archive.getinfo(part)
    size = struct.pack("<I", info.file_size)
    return bytes(packed.replace(size, struct.pack("<I", 1_000)))


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "'
    + b"ha" * 50
    + b'">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 20) for level in range(9)
    )
    + b"]>"
)
FAR = b'<row r="1048576"><c%sr=%s><v>1</v></c></row>'
SHARED = b"".join(
    b'<row r="%d">' % row
    + b"".join(b'<c r="%c%d" t="s"><v>2</v></c>' % (65 + column, row) for column in range(26))
    + b"</row>"
    for row in range(3, 2_000)
)

# What cannot be read at all: the file, the code of its sentence.
REFUSED: dict[str, tuple[bytes, str]] = {
    "far cell": (with_cells(FAR % (b" ", b'"XFD1048576"')), "file_rows"),
    "far cell, line break": (with_cells(FAR % (b"\n", b'"XFD1048576"')), "file_rows"),
    "far cell, other quotes": (with_cells(FAR % (b" ", b"'XFD1048576'")), "file_rows"),
    "far cell, small letters": (with_cells(FAR % (b" ", b'"xfd1048576"')), "file_rows"),
    "far cell, by an entity": (with_cells(FAR % (b" ", b'"&#88;FD1048576"')), "file_rows"),
    "far cell, by its row alone": (
        with_cells(b'<row r="1048576"><c><v>1</v></c></row>'),
        "file_rows",
    ),
    "far cell, with a prefix": (
        rewrite(
            PLAIN,
            {
                SHEET: lambda xml: xml.replace(
                    b"<worksheet ",
                    b'<worksheet xmlns:x="' + SPACE + b'" ',
                ).replace(
                    b"</sheetData>",
                    b'<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
                    b"</sheetData>",
                )
            },
        ),
        "file_rows",
    ),
    "far column": (with_cells(b'<row r="3"><c r="XFD3"><v>1</v></c></row>'), "file_bomb"),
    "no cell's name": (with_cells(b'<row r="3"><c r="3A"><v>1</v></c></row>'), "file_broken"),
    "a row that is no number": (with_cells(b'<row r="x"><c><v>1</v></c></row>'), "file_broken"),
    "one long text in many cells": (
        rewrite(
            PLAIN,
            {
                SHEET: lambda xml: xml.replace(b"</sheetData>", SHARED + b"</sheetData>"),
                STRINGS: lambda xml: xml.replace(b">x<", b">" + b"x" * 30_000 + b"<"),
            },
        ),
        "file_bomb",
    ),
    "billion laughs": (
        rewrite(
            PLAIN,
            {STRINGS: lambda xml: xml.replace(b"<sst", LAUGHS + b"<sst").replace(b">x<", b">&j;<")},
        ),
        "file_bomb",
    ),
    "an outside entity": (
        rewrite(
            PLAIN,
            {
                SHEET: lambda xml: xml.replace(
                    b"<worksheet", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet'
                )
            },
        ),
        "file_bomb",
    ),
    "zip bomb": (rewrite(PLAIN, {SHEET: lambda xml: xml + b" " * 40_000_000}), "file_bomb"),
    "zip bomb that lies": (lie_about_size(PLAIN, SHEET, b" " * 300_000_000), "file_broken"),
    "many parts": (add_parts(PLAIN, {f"xl/{n}.xml": b"<a/>" for n in range(600)}), "file_bomb"),
    "a part twice": (add_parts(PLAIN, {SHEET.upper(): b"<a/>"}), "file_broken"),
    "no XML": (rewrite(PLAIN, {SHEET: lambda _: b"\x00\x01 no xml"}), "file_broken"),
    "another kind of zip": (
        add_parts(b"PK\x05\x06" + b"\0" * 18, {"content.xml": b"<a/>", "mimetype": b"x"}),
        "file_kind",
    ),
    "truncated": (PLAIN[: len(PLAIN) // 2], "file_broken"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000, "file_locked"),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n<< /idea >>\n", "file_kind"),
    "a web page": (b"<html><table><tr><td>idea</td></tr></table></html>", "file_kind"),
    "half a UTF-16": ("idea\nСкидки\n".encode("utf-16")[:-1], "file_encoding"),
    "UTF-16 without a mark": ("idea\nx\n".encode("utf-16-le"), "file_kind"),
    "mixed encodings": ("idea\nСкидки\n".encode() + b"\x98\xff\n", "file_encoding"),
    "a zero byte": (b"idea\nx\0y\n", "file_kind"),
    "100,000 rows of CSV": (b"idea\n" + b"x\n" * 100_000, "file_rows"),
    "100,000 rows": (
        with_cells(
            b"".join(
                b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(3, 100_003)
            )
        ),
        "file_rows",
    ),
    "no headers": (b"1,2\n3,4\n", "no_headers"),
    "a header missing": (b"link,text_ru\napp://a,b\n", "missing_columns"),
    "a header twice": ("idea,Идея\nx,y\n".encode(), "same_header_twice"),
    "columns without end": (b"idea" + b"," * 5_000 + b"\nx\n", "file_broken"),
    "headers alone": (b"idea,link\n\n\n", "file_empty"),
}
# What is read: the file, and what the only idea in it says.
READ: dict[str, tuple[bytes, str]] = {
    "a dimension that lies": (
        rewrite(PLAIN, {SHEET: lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')}),
        "x",
    ),
    "formatted rows without an end": (
        with_cells(b'<row r="1048576" s="1"><c r="A1048576" s="1"/></row>'),
        "x",
    ),
    "merged cells": (
        rewrite(
            PLAIN,
            {
                SHEET: lambda xml: xml.replace(
                    b"</sheetData>",
                    b'</sheetData><mergeCells count="1"><mergeCell ref="A2:A9"/></mergeCells>',
                )
            },
        ),
        "x",
    ),
    "a formula": (
        with_cells(
            b'<row r="2"><c r="A2" t="str"><f>HYPERLINK("http://evil.kz")</f><v>seen</v></c></row>'
        ),
        "seen",
    ),
    "macros": (add_parts(PLAIN, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 100}), "x"),
    "pictures": (add_parts(PLAIN, {"xl/media/image1.png": b"\x89PNG" * 100}), "x"),
    "cp1251": ("Идея;Ссылка\nСкидки;app://a\n".encode("cp1251"), "Скидки"),
    "a mark of UTF-8": (b"\xef\xbb\xbfidea\nx\n", "x"),
    "old line ends": (b"idea,link\rx,app://a\r", "x"),
    "an injected formula": (b"idea\n'=cmd|' /C calc'!A0\n", "=cmd|' /C calc'!A0"),
}
