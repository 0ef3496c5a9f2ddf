"""Build the course and its packages: ``python build_scorm.py --help`` says how."""

from scorm.build.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
