"""Put a Sphinx course into any learning management system.

Data goes one way: Sphinx writes ``course.json`` and rendered pages, :mod:`scorm.course`
reads them into the :class:`~scorm.course.model.Course`, and one module for each format under
:mod:`scorm.packages` writes a package from it. Sphinx is imported in
:mod:`scorm.sphinxext` alone.
"""

__version__ = "0.1.0"
