"""Small files of every type we take, made here, and some that lie."""

import io
import struct
import zipfile
import zlib

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    + b"\xff\xdb\x00\x43"
    + b"\x08" * 64
    + b"\xff\xd9"
)
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WEBP = (
    b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8L" + struct.pack("<I", 9) + b"\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x00"
)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08free" + b"\x00" * 40
MOV = b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  " + b"\x00\x00\x00\x08wide" + b"\x00" * 40
WEBM = b"\x1a\x45\xdf\xa3\x93\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm" + b"\x00" * 40
TXT = "2026-03-01 12:00 小丹: 您好\n2026-03-01 12:01 我: 杯子碎了\n".encode()
GBK = "2026-03-01 12:00:00 张三(123456)\n杯子碎了，请处理\n".encode("gbk")
UTF16 = "2026-03-01 12:00 Ann: the cup is broken\n".encode("utf-16")
HTML = b"<!DOCTYPE html>\n<html><body>chat</body></html>"
JSON = '{"messages": [{"from": "小丹", "text": "您好"}]}'.encode()
CSV = "time,who,text\n12:00,小丹,您好\n".encode()
EML = b"Received: from a\r\nFrom: ann@example.org\r\nTo: shop@example.org\r\nSubject: cup\r\n\r\nIt is broken.\r\n"
MBOX = b"From ann@example.org Mon Mar  2 12:00:00 2026\nFrom: ann@example.org\nSubject: cup\n\nIt is broken.\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\x00" * 60 + b"PE\x00\x00"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png() -> bytes:
    """One white dot."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b"")
    )


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as writing:
        for name, body in members.items():
            writing.writestr(name, body)
    return made.getvalue()


ZIP = archive({"chat/messages.txt": TXT, "chat/photo.jpg": JPEG})

# name → (bytes, extension, an honest MIME type, a kind that takes it)
GOOD = {
    "jpg": (JPEG, "jpg", "image/jpeg", "photo"),
    "jfif": (JPEG, "JPEG", "image/pjpeg", "photo"),
    "png": (png(), "png", "image/png", "photo"),
    "webp": (WEBP, "webp", "image/webp", "photo"),
    "heic": (HEIC, "heic", "image/heic", "photo"),
    "gif": (GIF, "gif", "image/gif", "photo"),
    "pdf": (PDF, "pdf", "application/pdf", "document"),
    "mp4": (MP4, "mp4", "video/mp4", "video"),
    "mov": (MOV, "mov", "video/quicktime", "video"),
    "webm": (WEBM, "webm", "video/webm", "video"),
    "txt": (TXT, "txt", "text/plain", "chat_log"),
    "gbk": (GBK, "txt", "text/plain", "chat_log"),
    "utf16": (UTF16, "txt", "text/plain", "chat_log"),
    "html": (HTML, "html", "text/html", "chat_log"),
    "json": (JSON, "json", "application/json", "chat_log"),
    "csv": (CSV, "csv", "text/csv", "chat_log"),
    "csv of a spreadsheet": (CSV, "csv", "application/vnd.ms-excel", "chat_log"),
    "eml": (EML, "eml", "message/rfc822", "chat_log"),
    "mbox": (MBOX, "mbox", "application/mbox", "chat_log"),
    "zip": (ZIP, "zip", "application/zip", "chat_log"),
    "no extension": (JPEG, "", "application/octet-stream", "photo"),
}
