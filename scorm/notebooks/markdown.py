r"""Write text cells so that pandoc and nbsphinx show what JupyterLab shows.

In JupyterLab an environment such as ``\begin{align}`` is a formula wherever it stands; pandoc wants
dollars around it. nbsphinx gives a picture in a line of text the name that is its alternative text,
and cannot have the same name in two cells; an HTML element gets a name of its own. Pictures that
are attached to the cell are put into its text.
"""

from __future__ import annotations

import copy
import html
import re
from functools import partial
from urllib.parse import quote, unquote

from nbformat import NotebookNode

#: What may stand in a cell: code, which stays as it is, formulas, environments, pictures.
_PIECE = re.compile(
    r"""
      ^[ ]{0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ ]{0,3}(?P=fence)[`~]*[ ]*$|\Z)
    | (?:\A|(?<=\n\n))(?:(?:[ ]{4}|\t)[^\n]*(?:\n|\Z))+
    | (?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
    | (?<!\\)\$\$.*?\$\$
    | (?<![\\$])\$(?=\S)[^$\n]*?(?<=[^\s\\])\$(?!\d)
    | (?P<environment>(?<!\\)\\begin\{(?P<name>[A-Za-z]+\*?)\}.*?\\end\{(?P=name)\})
    | (?P<picture>(?<!\\)!\[(?P<alt>(?:\\.|[^\[\]\\])*)\]
        \((?:<(?P<bracketed>[^<>\n]*)>|(?P<plain>[^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*))
        (?:\s+(?:"[^"]*"|'[^']*'))?\s*\)(?!\{))
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_BLANK_LINES = re.compile(r"\n\s*\n")
_ATTACHMENT = "attachment:"


def readable(notebook: NotebookNode) -> NotebookNode:
    """A copy of the notebook whose text cells say the same in words that pandoc knows."""
    changed = copy.deepcopy(notebook)
    for cell in changed.cells:
        if cell.cell_type == "markdown":
            cell.source = _PIECE.sub(partial(_written, cell), cell.source)
    return changed


def _written(cell: NotebookNode, piece: re.Match[str]) -> str:
    if piece["environment"]:
        return f"$${_BLANK_LINES.sub(chr(10), piece['environment'])}$$"
    return _picture(piece, cell) if piece["picture"] else piece[0]


def _picture(piece: re.Match[str], cell: NotebookNode) -> str:
    """The picture as an element, or where it is a paragraph of its own, as Markdown."""
    target = piece["plain"] if piece["bracketed"] is None else piece["bracketed"]
    address = _attached(target, cell) or target
    if _is_alone(piece):
        return piece[0].replace(target, address, 1) if address != target else piece[0]
    alt = " ".join(re.sub(r"\\(.)|[*`]", r"\1", piece["alt"]).split())
    source = address if address.startswith("data:") else quote(address, safe="/:?#&=%+,;@~()!'*")
    return f'<img src="{html.escape(source)}" alt="{html.escape(alt)}">'


def _is_alone(piece: re.Match[str]) -> bool:
    before, after = piece.string[: piece.start()], piece.string[piece.end() :]
    return bool(re.search(r"(?:\A|\n[ \t]*\n)[ ]{0,3}\Z", before)) and bool(
        re.match(r"[ \t]*(?:\Z|\n[ \t]*(?:\n|\Z))", after)
    )


def _attached(target: str, cell: NotebookNode) -> str:
    """The address of a picture that is attached to the cell; ``""`` where it is not."""
    if not target.startswith(_ATTACHMENT):
        return ""
    name = target.removeprefix(_ATTACHMENT)
    attachments = cell.get("attachments", {})
    bundle = attachments.get(name) or attachments.get(unquote(name)) or {}
    for kind, data in bundle.items():
        return f"data:{kind};base64,{''.join(data.split())}"
    return ""
