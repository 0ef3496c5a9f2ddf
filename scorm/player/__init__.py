"""A small LMS on this computer: play a package, and see what it tells the LMS.

For authors (``build_scorm.py preview``) and for the browser tests. The LMS side of SCORM is
the npm package scorm-again; limits that it does not enforce are added in ``static/lms.js``.
"""

from scorm.player.server import PreviewServer, run_preview

__all__ = ["PreviewServer", "run_preview"]
