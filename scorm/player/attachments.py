"""Statements that come and go with attachments, as one body in parts (xAPI 1.0.3, 3, 1.5.2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from email.message import Message
from email.parser import HeaderParser
from typing import Any

from scorm.player.requests import Request, Response

_HASHES = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_BOUNDARY = "scorm-preview-attachment"


def unpacked(request: Request) -> tuple[Any, dict[str, bytes]]:
    """The JSON of a request, and the attachments that came with it by their SHA-2.

    Raises :class:`ValueError` where a part is not what xAPI asks for, or where an attachment has
    neither an address nor a part.
    """
    message = Message()
    message["Content-Type"] = request.headers.get("content-type", "application/json")
    parts: dict[str, bytes] = {}
    if message.get_content_type() == "multipart/mixed":
        boundary = b"\r\n--" + message.get_boundary("").encode()
        first, *others = (b"\r\n" + request.body).split(boundary)[1:-1]
        body = json.loads(_part(first)[1])
        parts = dict(map(_attachment, others))
    else:
        body = json.loads(request.body)
    needed = {one["sha2"] for one in _attachments(body) if "fileUrl" not in one}
    if needed - parts.keys():
        raise ValueError("an attachment has neither a fileUrl nor a part (1.5.1, 1.5.2)")
    return body, parts


def packed(response: Response, attachments: Mapping[str, bytes]) -> Response:
    """An answer with statements, and the attachments that they have, in parts."""
    wanted = {one["sha2"] for one in _attachments(json.loads(response.body))}
    head = f"\r\n--{_BOUNDARY}\r\nContent-Type: "
    body = f"{head}application/json\r\n\r\n".encode() + response.body
    for name, content in attachments.items():
        if name in wanted:
            fields = f"\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {name}"
            body += f"{head}application/octet-stream{fields}\r\n\r\n".encode() + content
    body += f"\r\n--{_BOUNDARY}--\r\n".encode()
    return replace(response, body=body, media_type=f"multipart/mixed; boundary={_BOUNDARY}")


def _part(part: bytes) -> tuple[Message, bytes]:
    """The headers of a part, and what it carries."""
    headers, _, content = part.partition(b"\r\n\r\n")
    return HeaderParser().parsestr(headers.decode().lstrip()), content


def _attachment(part: bytes) -> tuple[str, bytes]:
    headers, content = _part(part)
    name = headers.get("X-Experience-API-Hash", "")
    if hashlib.new(_HASHES.get(len(name), "sha256"), content).hexdigest() != name:
        raise ValueError(f"X-Experience-API-Hash “{name}” is not the SHA-2 of its part (1.5.2)")
    return name, content


def _attachments(body: Any) -> list[dict[str, Any]]:
    """The attachments of a statement, of a list of them, or of what a search has found."""
    found: Sequence[Any] = body if isinstance(body, list) else body.get("statements", [body])
    return [one for statement in found for one in statement.get("attachments", [])]
