"""The course itself, which every exporter reads: model, ``course.json``, coverage, sealing."""
