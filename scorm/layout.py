"""The folders of a project, said once: what an author writes, what is built of it, what comes out.

Every part of the package asks here where something lies. The defaults of :class:`Places` are the
conventions of a course.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Below the folder of the build: the site, which is also what packages hold, and in it the decks.
SITE = "html"
DECKS = "slides"
#: Below the output of a Sphinx run: the pictures that its pages show, the files that they offer.
MEDIA = ("_images", "_downloads")
_HANDBOOK = "handbook"
_DOCTREES = "doctrees"


@dataclass(frozen=True)
class Places:
    """The folders of one project: ``project``, ``notebook_cache`` and ``dist`` are absolute.

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
        """The places of the project in a folder, where nobody said otherwise."""
        cache = notebook_cache or _build_of(project) / "notebooks"
        return cls(project, cache, dist or project / "dist")

    @property
    def settings(self) -> Path:
        """Sphinx's own file, which makes a folder a project."""
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
        """Where everything in between lies, and nothing that an author wrote."""
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
        """What Sphinx keeps between runs; each run has a folder of its own here."""
        return self.build / _DOCTREES

    def doctrees_of(self, output: Path) -> Path:
        """What the Sphinx run that writes ``output`` keeps."""
        return self.doctrees / output.name

    def part(self, builder: str) -> Path:
        """What the run of a builder hands on."""
        return part_beside(self.doctrees_of(self.site), builder)

    @property
    def records(self) -> Path:
        """The folder of what each Sphinx run says that it read and wrote."""
        return record_beside(self.doctrees_of(self.site)).parent

    @property
    def rendered(self) -> tuple[Path, ...]:
        """All that Sphinx writes; without it every page is made anew."""
        return (self.doctrees, self.site, self.handbook)


def _build_of(project: Path) -> Path:
    return project / "_build"


def part_beside(doctrees: Path, builder: str) -> Path:
    """The part of a builder, for a Sphinx run that knows only its own folder of doctrees."""
    return doctrees.parent / "parts" / f"{builder}.json"


def record_beside(doctrees: Path) -> Path:
    """The record of the Sphinx run with this folder of doctrees."""
    return doctrees.parent / "records" / f"{doctrees.name}.json"
