r"""Formulas: which LaTeX becomes MathML, in pages, in text cells and in outputs of notebooks."""

from __future__ import annotations

import pytest
from docutils.utils.math import MathError

from scorm.sphinxext.pages.math import drawn, mathml

#: What SymPy 1.14 gives for an integral, a matrix, a case distinction, a limit and a set.
SYMPY = [
    r"$\displaystyle \int\limits_{0}^{\infty} e^{- x^{2}}\, dx$",
    r"$\displaystyle \left[\begin{matrix}1 & 2\\3 & 4\end{matrix}\right]$",
    r"$\displaystyle \begin{cases} 1 & \text{for}\: x > 0 \\0 & \text{otherwise} \end{cases}$",
    r"$\displaystyle \lim_{x \to 0^+}\left(\frac{\sin{\left(x \right)}}{x}\right)$",
    r"$\displaystyle \left\{1, 2, \sqrt{3}\right\}$",
    r"$\displaystyle \left[ - \frac{\sqrt{2}}{2}, \  \frac{\sqrt{2}}{2}\right]$",
    r"$\displaystyle \frac{d^{2}}{d x^{2}} f{\left(x \right)}$",
    r"$\displaystyle \operatorname{Ei}{\left(x \right)}$",
    r"$\displaystyle \text{True}$",
    r"$\displaystyle \left\{n^{2}\; \middle|\; n \in \mathbb{Z}\right\}$",
    r"$\displaystyle \sum_{\substack{1 \leq k \leq n\\1 \leq n \leq 3}} x_{k}$",
    r"$\displaystyle x_{1} \vee \neg y^{\prime}$",
]


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{align} a &= b \\ c &= d \end{align}",
        r"\begin{align*} a &= b \nonumber \\ c &= d \label{eq:c} \end{align*}",
        r"\begin{alignat}{2} a &= b &\quad c &= d \\ e &= f && \end{alignat}",
        r"\begin{equation} E = m c^2 \tag{1} \end{equation}",
        r"\begin{equation}\begin{split} a &= b \\ &= c \end{split}\end{equation}",
        r"\begin{gather*} a \\ b \end{gather*}",
        r"\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}",
        r"\begin{multline} a + \\ b \end{multline}",
        r"\left( \begin{array}{cc} a & b \\ c & d \end{array} \right)",
        r"\begin{aligned}[t] a &= b \\ c &= d \end{aligned}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
    ],
)
def test_environments(latex: str) -> None:
    """Is a formula drawn, with none of its LaTeX shown, whichever environment it is in?"""
    found = mathml(latex, as_block=True)
    assert found.startswith("<math ")
    for word in ("\\", "begin", "label", "cc", "nonumber"):
        assert word not in found.partition(">")[2]


@pytest.mark.parametrize("latex", SYMPY)
def test_what_sympy_gives(latex: str) -> None:
    """Is each drawn as a formula of its own?"""
    found = drawn(latex)
    assert found.startswith('<div class="math"><math ')
    assert "$" not in found


@pytest.mark.parametrize(
    ("latex", "blocks", "inline"),
    [
        (r"$$a$$", 1, 0),
        (r"\[a\]", 1, 0),
        (r"\(a\)", 1, 0),
        (r"\frac{a}{b}", 1, 0),
        (r"\begin{align} a &= b \\[2pt] c &= d \end{align}", 1, 0),
        (r"If $a < b$ & \(c\), then $$d$$", 1, 2),
    ],
)
def test_delimiters(latex: str, blocks: int, inline: int) -> None:
    """Are formulas found in text, by each of their delimiters?"""
    found = drawn(latex)
    assert found.count('display="block"') == blocks
    assert found.count("<math") == blocks + inline
    if inline:
        assert "If <math" in found
        assert "</math> &amp; <math" in found


@pytest.mark.parametrize(
    "latex", [r"\frac{1}", r"\nonsense{x}", r"\begin{itemize}\end{itemize}", "^2", "x_", "a}"]
)
def test_what_is_no_latex(latex: str) -> None:
    """Is it an error in words, however docutils stumbles over it?"""
    with pytest.raises(MathError):
        mathml(f"{latex} b" if latex == "a}" else latex, as_block=True)
