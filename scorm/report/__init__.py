"""What an LMS's export tells of the questions of a course: who chose what, and how well it asks.

An export (:mod:`.moodle_export`) is joined with the key of the course (:mod:`.joined`); figures are
made of that (:mod:`.figures`, :mod:`.statistics`), and shown (:mod:`.shown`). No name of a student
goes into what is shown.
"""
