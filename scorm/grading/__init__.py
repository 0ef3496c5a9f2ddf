"""Grade the notebooks that students hand in, with nothing but this machine.

A submission is run in a sandbox (:mod:`scorm.grading.sandbox`). Its checks are those of the
assignment's source, whatever the submission holds, and they run in a process of their own, the
judge: the student's kernel is only asked for what the student's code gives, so it never holds a
check, a hidden test or an expected value.
"""
