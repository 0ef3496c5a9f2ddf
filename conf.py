"""Sphinx configuration of the course.

Three runs read it: the text pages and notebooks (builder ``html``, source folder: this one), the
decks (builder ``revealjs``, source folder ``docs/slides``, tag ``slides``) and the instructor's
handbook (builder ``html``, source folder ``docs/instructor``, tag ``handbook``).
"""

import sys
from datetime import date
from pathlib import Path

# Sphinx extensions that only this course needs
sys.path.insert(0, str(Path(__file__).parent / "docs" / "extensions"))

project = "Data Distribution & Big Data Processing"
author = "Guillaume Eynard-Bontemps"
copyright = "Guillaume Eynard-Bontemps and contributors, CC BY-SA 4.0"
version = release = "2026.11"
language = "en"

scorm_course = {
    # An LMS knows the course by this word: never change it, or students lose their work.
    "identifier": "obd-course",
    "title": project,
    "description": (
        "Big Data and its ecosystem, Hadoop, Spark, Kubernetes and Dask: how data and the work "
        "on it are spread over many machines, taught with lessons, slides, notebooks and quizzes."
    ),
    "author": f"{author}, CNES",
    "date": date(2026, 11, 22).isoformat(),
    "language": language,
    "version": version,
    "keywords": ["big data", "distributed computing", "Hadoop", "Spark", "Kubernetes", "Dask"],
    # A quiz is passed with this percentage of its points.
    "mastery_score": 70,
}

extensions = [
    "myst_parser",
    "nbsphinx",
    "sphinx_revealjs",
    "scorm.sphinxext",
    "speedup_figure",
    "cluster_lab",
]
nitpicky = True

if tags.has("slides") or tags.has("handbook"):  # noqa: F821 - Sphinx defines it
    root_doc = "index"
    exclude_patterns = []
else:
    root_doc = "docs/index"
    include_patterns = ["docs/**.md", "notebooks/**.ipynb"]
    # docs/*/figures holds no pages, but parts that lessons and decks include
    exclude_patterns = [
        "docs/*/figures",
        "docs/instructor",
        "docs/slides",
        "_build",
        "dist",
        "node_modules",
        ".*",
        "tests",
    ]

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = project
html_copy_source = False
html_show_sourcelink = False
html_permalinks_icon = "#"
html_favicon = "docs/images/favicon.svg"
html_math_renderer = "mathml"
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html" if tags.has("handbook") else "scorm/contents.html",  # noqa: F821
        "sidebar/scroll-end.html",
    ]
}
html_use_index = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

revealjs_style_theme = "scorm/deck.css"
revealjs_script_plugins = [
    {"src": "revealjs/plugin/notes/notes.js", "name": "RevealNotes"},
]
revealjs_script_conf = {"hash": True, "slideNumber": "c/t", "transition": "none"}
revealjs_notes_from_comments = True
