"""Execute the course's notebooks once, keep their outputs, and hand them over normalised.

:func:`execute` runs them on real engines before Sphinx starts; :func:`load_executed` gives
nbsphinx a notebook with its outputs; :func:`faults` checks what the author commits. Knows
nothing of Sphinx.
"""

from scorm.notebooks.cache import executed_path, load_executed
from scorm.notebooks.execution import NotebookResult, Progress, execute
from scorm.notebooks.source import faults

__all__ = [
    "NotebookResult",
    "Progress",
    "execute",
    "executed_path",
    "faults",
    "load_executed",
]
