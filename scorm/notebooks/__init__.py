"""Execute the course's notebooks once, keep their outputs, and hand them over normalised.

:func:`execute` runs the notebooks on real engines before Sphinx starts. :func:`load_page` gives
nbsphinx what the course shows of a notebook, :func:`student` is what a student downloads, and
:func:`load_executed` what the instructor gets; :func:`files` are the modules that go with it.
:func:`faults` checks what the author commits. This package knows nothing of Sphinx.
"""

from scorm.notebooks.cache import executed_path, load_executed, load_page
from scorm.notebooks.execution import NotebookResult, execute
from scorm.notebooks.imports import files
from scorm.notebooks.progress import Progress
from scorm.notebooks.source import faults, parse, write
from scorm.notebooks.versions import has_solutions, student

__all__ = [
    "NotebookResult",
    "Progress",
    "execute",
    "executed_path",
    "faults",
    "files",
    "has_solutions",
    "load_executed",
    "load_page",
    "parse",
    "student",
    "write",
]
