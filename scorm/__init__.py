"""Put a Sphinx course into any learning management system.

Data goes one way: Sphinx writes rendered pages and what is known of them,
:mod:`scorm.course.course_json` makes the :class:`~scorm.course.model.Course` of that, and one
module for each format under :mod:`scorm.packages` writes a package from it. Sphinx is imported in
:mod:`scorm.sphinxext` alone. ``ARCHITECTURE.md`` says what each file is for.
"""

__version__ = "0.1.0"
