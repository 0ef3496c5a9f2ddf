"""The figures of questions: right numbers, hints where they belong, refusals where they must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scorm.course import answer_key
from scorm.course.answer_key import AnswerKey, KeyChoice
from scorm.course.choices import sent
from scorm.course.model import Choice, QuestionKind
from scorm.errors import ReportError
from scorm.report import statistics
from scorm.report.figures import FEWEST, QuestionFigures, Report, report_of
from scorm.report.joined import join
from scorm.report.moodle_export import read
from scorm.report.shown import notes
from tests.report.students import KEY, LABELS, answer, classroom, key, question
from tests.support.moodle_report import Row, table, write
from tests.support.packages import TWO_MODULES


def report(folder: Path, rows: Sequence[Row], *keys: AnswerKey) -> Report:
    """The report of these students, by a file in Moodle's form."""
    attempts = read(write(folder / "export.txt", table(rows)))
    keys = keys or (KEY,)
    return report_of(join(attempts, keys), keys[0])


def of(label: str, told: Report) -> QuestionFigures:
    (found,) = (it for it in told.questions if it.question.label == label)
    return found


def test_statistics() -> None:
    """Are the indices those of Moodle's formulas, reckoned by hand?"""
    marks, others = [1.0, 1.0, 0.0, 0.0], [4.0, 2.0, 3.0, 1.0]
    assert statistics.facility(marks) == 0.5
    # covariance 1/3; variances 1/3 and 5/3; with [0, 0, 1, 1] and [1, 2, 3, 4] it would be 2/3
    assert statistics.discrimination(marks, others) == pytest.approx(5**-0.5)
    assert statistics.efficiency(marks, others) == pytest.approx(0.5)
    assert statistics.discrimination(marks, others[::-1]) == pytest.approx(-(5**-0.5))


def test_statistics_without_spread() -> None:
    """Is there no index where everybody does alike, also by numbers that are not exact?"""
    for marks, others in ([1.0] * 3, [0.1, 0.2, 0.3]), ([0.1, 0.7, 0.3], [1 / 3] * 3), ([], []):
        assert statistics.discrimination(marks, others) is None
        assert statistics.efficiency(marks, others) is None


def test_counts(tmp_path: Path) -> None:
    """Are students counted at their first try and in the end, and choices by whom they drew?"""
    asked, other = question("nap"), question("size")
    rows = [
        *(Row(f"R{n}", {0: [answer("nap", "b"), answer("size", "b")]}) for n in range(12)),
        *(Row(f"A{n}", {0: [answer("nap", "a"), answer("nap", "b")]}) for n in range(5)),
        *(Row(f"C{n}", {0: [answer("nap", "c"), answer("nap", "a")]}) for n in range(3)),
        Row("Idle", attempt=None),
    ]
    told = report(tmp_path, rows, key(asked, other))
    nap = of("nap", told)
    assert (told.students, nap.tried, nap.right_first, nap.right_end) == (20, 20, 12, 17)
    assert nap.facility == pytest.approx(0.6)
    drawn = {choice.letter: (choice.count, choice.share) for choice in nap.choices}
    assert drawn == {"a": (5, 0.25), "b": (12, 0.6), "c": (3, 0.15), "d": (0, 0.0)}
    # Only the twelve have tried another question: too few to compare.
    assert (nap.discrimination, nap.efficiency, nap.hints) == (None, None, ())
    size = of("size", told)
    assert (size.tried, size.right_first, size.facility, size.choices) == (12, 12, None, ())
    assert "Fewer than 20 students tried: size." in list(notes(told))


def test_attempts_are_one_student(tmp_path: Path) -> None:
    """Does a student who attempts the activity again count once, with the first try first?"""
    rows = [
        row
        for n in range(FEWEST)
        for row in (
            Row(f"S{n}", {0: [answer("nap", "a")]}),
            Row(f"S{n}", {0: [answer("nap", "b")]}, attempt=2),
        )
    ]
    nap = of("nap", report(tmp_path, rows, key(question("nap"))))
    assert (nap.tried, nap.right_first, nap.right_end) == (20, 0, 20)


@pytest.mark.parametrize("seed", range(5))
def test_good_questions(tmp_path: Path, seed: int) -> None:
    """Are questions left alone that better students answer better?"""
    told = report(tmp_path, classroom(40, seed=seed))
    assert [it.hints for it in told.questions] == [()] * len(LABELS)
    assert sum(it.discrimination > 0 for it in told.questions) >= 7


@pytest.mark.parametrize("seed", range(5))
def test_wrong_key(tmp_path: Path, seed: int) -> None:
    """Is a key found that calls the right choice wrong, and no other question suspected?"""
    wrong = replace(KEY, questions=(question("q0", right="c"), *KEY.questions[1:]))
    told = report(tmp_path, classroom(40, wrong_key="q0", seed=seed), wrong)
    q0 = of("q0", told)
    assert q0.discrimination < 0
    assert any("Choice b of q0" in hint for hint in q0.hints)
    assert {it.question.label for it in told.questions if it.hints} == {"q0"}


def test_nearly_all_right(tmp_path: Path) -> None:
    """Is one slip of the best student no hint that the key is wrong?"""
    rows = classroom(30)
    best = max(rows, key=lambda row: row.name)
    for row in rows:
        letter = "a" if row is best else "b"
        row.answers[0] = [answer("easy", letter), *row.answers[0]]
    told = report(tmp_path, rows, key(question("easy"), *KEY.questions))
    easy = of("easy", told)
    assert easy.discrimination < 0
    assert easy.hints == ()


@pytest.mark.parametrize("count", [1, FEWEST - 1])
def test_too_few(tmp_path: Path, count: int) -> None:
    """Is a report on fewer than twenty students refused, and does it say why?"""
    with pytest.raises(ReportError, match=rf"^{count} student.*needs 20: with fewer .* chance"):
        report(tmp_path, classroom(count))
    assert len(report(tmp_path, classroom(FEWEST)).questions) == len(LABELS)


def test_another_course(tmp_path: Path) -> None:
    """Is an export of another course told as such?"""
    with pytest.raises(ReportError, match=r"no answer is to a question of 'Course' \(1\).* q0"):
        report(tmp_path, classroom(30), key(question("nap")))


def test_no_answers(tmp_path: Path) -> None:
    """Is an export without a single answer refused, such as Moodle's of a SCORM 2004 package?"""
    with pytest.raises(ReportError, match=r"holds no answer.*SCORM 2004"):
        report(tmp_path, [Row(f"S{n}", {0: [("", "", "", "")]}) for n in range(30)])


def test_some_unknown(tmp_path: Path) -> None:
    """Is what no key knows left out and told, and so is what nobody has answered?"""
    labels = [*LABELS[:3], "gone"]
    told = report(tmp_path, classroom(30, labels=labels))
    assert told.unknown == ("gone",)
    assert told.unanswered == tuple(LABELS[3:])
    assert list(notes(told)) == [
        "Nobody has answered: q3, q4, q5, q6, q7.",
        "In no key, and left out: gone.",
    ]


def test_two_releases(tmp_path: Path) -> None:
    """Are letters read by the key of their release, and choices that stayed counted together?"""
    new = question("nap", revision="2222")
    old = question("nap", revision="1111", right="a")
    old = replace(old, choices=tuple(replace(c, name=n) for c, n in swapped(old.choices)))
    rows = [
        *(Row(f"N{n}", {0: [answer("nap.2222", "b")]}) for n in range(15)),
        *(Row(f"O{n}", {0: [answer("nap.1111", "a", "a")]}) for n in range(10)),
    ]
    alone = of("nap", report(tmp_path, rows, key(new)))
    assert (alone.tried, alone.right_first, alone.unread) == (25, 25, 10)
    both = of("nap", report(tmp_path, rows, key(new, version="2"), key(old)))
    assert {c.text: c.count for c in both.choices if c.count} == {"Choice b of nap": 25}
    assert both.unread == 0
    told = list(notes(report(tmp_path, rows, key(new))))
    assert told[0].startswith("10 first tries are counted as right or wrong only")


def swapped(choices: Sequence[KeyChoice]) -> list[tuple[KeyChoice, str]]:
    """The choices as they stood when the first two had each other's letter."""
    first, second, *rest = choices
    return [(first, second.name), (second, first.name), *((it, it.name) for it in rest)]


def test_spellings_of_several() -> None:
    """Are several choices read as either version of SCORM writes them?"""
    asked = replace(question("nap", revision="2222"), kind=QuestionKind.MULTIPLE)
    for name, response in (("nap.2222", "a,c"), ("nap", "nap_a[,]nap_c")):
        assert [c.letter for c in answer_key.picked(asked, name, response)] == ["a", "c"]


def test_true_and_false() -> None:
    """Are true and false read as either version writes them?"""
    choices = (Choice("a", "True", "True", True), Choice("b", "False", "False", False))
    asked = replace(TWO_MODULES.questions[0], kind=QuestionKind.TRUE_FALSE, choices=choices)
    (known,) = answer_key.key_of(replace(TWO_MODULES, questions=(asked,))).questions
    assert known.scorm12 == known.label
    for text, responses in (("True", ["t", "true"]), ("False", ["f", "false"])):
        for response in responses:
            (choice,) = answer_key.picked(known, known.label, response)
            assert choice.text == text
    for response in ("a", "", "true,false,x"):
        assert answer_key.picked(known, known.label, response) is None


def test_names_of_2004() -> None:
    """Are the names read that SCORM 2004 sends, and nothing that belongs to the other version?"""
    asked = question("nap", revision="2222")
    assert [c.letter for c in answer_key.picked(asked, "nap", "nap_c[,]nap_a")] == ["c", "a"]
    assert answer_key.picked(asked, "nap", "c") is None
    assert answer_key.picked(asked, "nap.2222", "nap_c") is None
    assert answer_key.picked(asked, "nap.2222", "") is None


def test_typed(tmp_path: Path) -> None:
    """Is what several students typed told, and never what a single one did?"""
    asked = replace(
        question("capital"),
        kind=QuestionKind.TEXT,
        choices=(
            KeyChoice("", "", "Paris", True),
            KeyChoice("", "", "London", False),
            KeyChoice("", "", "Lutetia", True),
        ),
    )
    typed = [*["Paris"] * 12, *["Lyon"] * 6, "My name is Ann", "Rome"]
    rows = [Row(f"S{n}", {0: [answer("capital", text, "Paris")]}) for n, text in enumerate(typed)]
    capital = of("capital", report(tmp_path, rows, key(asked)))
    assert [(c.text, c.correct, c.count) for c in capital.choices] == [
        ("Paris, Lutetia", True, 12),
        ("Lyon", False, 6),
    ]
    assert capital.unread == 0


def test_typed_answer_to_accept(tmp_path: Path) -> None:
    """Is an answer told that the best students type, and that the key does not accept?"""
    asked = replace(
        question("capital"),
        kind=QuestionKind.TEXT,
        choices=(KeyChoice("", "", "Paris", True),),
    )
    rows = classroom(30)
    for row in rows:
        is_strong = int(row.name.split()[1]) >= 15
        text = "the city of Paris" if is_strong else "Paris"
        row.answers[0] = [answer("capital", text, "Paris"), *row.answers[0]]
    capital = of("capital", report(tmp_path, rows, key(asked, *KEY.questions)))
    assert any("the city of Paris" in hint for hint in capital.hints)


def test_partly_right(tmp_path: Path) -> None:
    """Does a partly right answer count by its share, and not as right?"""
    rows = [Row(f"S{n}", {0: [("nap", "a,c", "b", "0.5")]}) for n in range(FEWEST)]
    nap = of("nap", report(tmp_path, rows, key(question("nap"))))
    assert (nap.facility, nap.right_first, nap.right_end) == (0.5, 0, 0)


def test_key_of_a_course() -> None:
    """Does the key say of each question what it asks, and of each choice whether it is right?"""
    made = answer_key.key_of(TWO_MODULES)
    assert answer_key.load(answer_key.dump(made)) == made
    assert [(page.title, page.questions) for page in made.pages][-1] == ("Lab", ("lab-lines",))
    asked = made.questions[0]
    assert (asked.label, asked.stem) == ("shuffle-cost", "What is costly?")
    assert [(c.letter, c.name, c.text, c.correct) for c in asked.choices] == [
        ("a", "map", "map", False),
        ("b", "a_shuffle", "a shuffle", True),
    ]
    named = sent(TWO_MODULES.questions[0])
    assert (asked.scorm12, asked.scorm2004) == (named.scorm12, named.scorm2004)
    assert asked.scorm12.startswith("shuffle-cost.")
    (by_letter,) = answer_key.picked(asked, named.scorm12, "b")
    assert answer_key.picked(asked, named.scorm2004, "a_shuffle") == (by_letter,)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"pages": 1}', '{"questions": [{}], "pages": []}']
)
def test_no_key(text: str) -> None:
    """Is another file refused as a key?"""
    with pytest.raises(ValueError, match=r"."):
        answer_key.load(text)
