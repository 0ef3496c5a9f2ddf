"""A course with figures that move, and nothing else."""

project = "Moving"
language = "en"
extensions = ["myst_parser", "nbsphinx", "sphinx_revealjs", "scorm.sphinxext"]
nitpicky = True
scorm_course = {
    "identifier": "moving",
    "title": "Moving",
    "description": "A course for tests.",
    "author": "Nobody",
    "date": "2026-11-22",
    "language": "en",
    "version": "1",
    "mastery_score": 50,
}
if tags.has("slides"):  # noqa: F821
    root_doc = "index"
else:
    root_doc = "docs/index"
    include_patterns = ["docs/**.md", "notebooks/**.ipynb"]
    exclude_patterns = ["docs/slides", "docs/figures"]
html_theme = "furo"
html_copy_source = False
html_math_renderer = "mathml"
html_sidebars = {"**": ["scorm/contents.html"]}
myst_enable_extensions = ["dollarmath"]
revealjs_notes_from_comments = True
revealjs_style_theme = "scorm/deck.css"
