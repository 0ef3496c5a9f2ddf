"""The folders of a project, named in one place: sources, what is built of them, what comes out.

Every part of the package asks here where something lies. The defaults of :class:`Places` are the
conventions of a course.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: The site is a folder in that of the build, and the decks are a folder in the site. Packages hold
#: what lies in the site.
SITE = "html"
DECKS = "slides"
#: Folders in the output of a Sphinx run: the pictures that its pages show, and the files that they
#: offer for download.
MEDIA = ("_images", "_downloads")
_HANDBOOK = "handbook"
_DOCTREES = "doctrees"
#: Where packages go, unless somebody names another folder.
DIST = "dist"


@dataclass(frozen=True)
class Places:
    """The folders of one project.

    ``project``, ``notebook_cache`` and ``dist`` are whole paths; a build makes them absolute.
    ``slides``, ``instructor`` and ``notebooks`` are relative to ``project``; text pages may lie
    anywhere in it.
    """

    project: Path
    notebook_cache: Path
    dist: Path
    slides: str = "docs/slides"
    instructor: str = "docs/instructor"
    notebooks: str = "notebooks"

    @classmethod
    def of(
        cls, project: Path, *, notebook_cache: Path | None = None, dist: Path | None = None
    ) -> Places:
        """The places of the project in a folder: by convention, except for those that are given."""
        cache = notebook_cache or _build_of(project) / "notebooks"
        return cls(project, cache, dist or project / DIST)

    @property
    def settings(self) -> Path:
        """The file ``conf.py``, which Sphinx reads; a folder that has one is a project."""
        return self.project / "conf.py"

    @property
    def slides_folder(self) -> Path:
        """The sources of the decks."""
        return self.project / self.slides

    @property
    def instructor_folder(self) -> Path:
        """The sources of the handbook."""
        return self.project / self.instructor

    @property
    def notebooks_folder(self) -> Path:
        """The notebooks, as their authors wrote them."""
        return self.project / self.notebooks

    @property
    def build(self) -> Path:
        """The folder of everything that a build makes before it writes packages.

        Nothing in it was written by an author.
        """
        return _build_of(self.project)

    @property
    def site(self) -> Path:
        """The rendered text pages, and below them the decks."""
        return self.build / SITE

    @property
    def decks(self) -> Path:
        """The rendered decks."""
        return self.site / DECKS

    @property
    def handbook(self) -> Path:
        """The rendered notes for instructors, which no package holds."""
        return self.build / _HANDBOOK

    @property
    def course_json(self) -> Path:
        """The hand-over from Sphinx to the packager."""
        return self.build / "course.json"

    @property
    def doctrees(self) -> Path:
        """What Sphinx keeps between builds; each of its runs has a folder of its own here."""
        return self.build / _DOCTREES

    def doctrees_of(self, output: Path) -> Path:
        """The folder of what the Sphinx run that writes ``output`` keeps between builds."""
        return self.doctrees / output.name

    def part(self, builder: str) -> Path:
        """The file in which the Sphinx run of a builder hands on what others need of it."""
        return part_beside(self.doctrees_of(self.site), builder)

    @property
    def records(self) -> Path:
        """The folder of the records: in each a Sphinx run says what it read and wrote."""
        return record_beside(self.doctrees_of(self.site)).parent

    @property
    def rendered(self) -> tuple[Path, ...]:
        """All folders that Sphinx writes to; where they are missing, every page is made anew."""
        return (self.doctrees, self.site, self.handbook)


def _build_of(project: Path) -> Path:
    return project / "_build"


def part_beside(doctrees: Path, builder: str) -> Path:
    """The file that :meth:`Places.part` names, for a Sphinx run.

    A run knows no :class:`Places`, only its own folder of doctrees.
    """
    return doctrees.parent / "parts" / f"{builder}.json"


def record_beside(doctrees: Path) -> Path:
    """The record of the Sphinx run with this folder of doctrees."""
    return doctrees.parent / "records" / f"{doctrees.name}.json"
