"""Keep the answers of a question out of sight of a reader of the package's files.

A browser that marks answers must be able to read them, so this is no secret: it keeps answers
and feedback from anyone who searches or views the source, and no more. Graded examinations
belong in the LMS's own question bank. ``scorm/runtime/view/seal.js`` undoes it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any


def seal(label: str, answers: dict[str, Any]) -> str:
    """The answers as base64 text that shows nothing of them; equal input gives equal output."""
    text = json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    mixed = bytes(byte ^ key for byte, key in zip(text.encode(), _keystream(label), strict=False))
    return base64.b64encode(mixed).decode()


def unseal(label: str, sealed: str) -> dict[str, Any]:
    """What :func:`seal` was given."""
    mixed = base64.b64decode(sealed)
    plain = bytes(byte ^ key for byte, key in zip(mixed, _keystream(label), strict=False))
    answers: dict[str, Any] = json.loads(plain)
    return answers


def _keystream(label: str) -> Iterator[int]:
    """Bytes of Marsaglia's xorshift32, seeded with the 32-bit FNV-1a hash of the label."""
    state = 0x811C9DC5
    for byte in label.encode():
        state = ((state ^ byte) * 0x01000193) & 0xFFFFFFFF
    state = state or 1
    while True:
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        yield state & 0xFF
