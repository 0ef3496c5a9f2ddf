"""What the Sphinx runs hand to the rest of the build: parts of ``course.json``, and records."""
