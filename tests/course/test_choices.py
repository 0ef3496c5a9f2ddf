"""Is a choice known by what it says, whatever becomes of its place, its quotes and its question?"""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scorm.course.choices import (
    DESCRIPTION,
    alike,
    identity_of,
    key_of,
    known_by,
    name_of,
    revision_of,
    sent,
)
from scorm.course.model import Choice, Question, QuestionKind

CLOUD = Choice("a", "Cloud computing", "Cloud computing", False)
DATA = Choice("b", "Data distribution", "Data distribution", True)
NAP = Choice("c", "a nap", "a nap", False)


def question(*choices: Choice, kind: QuestionKind = QuestionKind.SINGLE) -> Question:
    return Question("main-subject", kind, 1, "What is\n\nthe subject?", "", choices)


def lettered(*choices: Choice) -> tuple[Choice, ...]:
    """The choices as a source in this order gives them."""
    return tuple(replace(one, identifier="abcdefgh"[n]) for n, one in enumerate(choices))


def test_names_follow_the_choice_and_letters_the_place() -> None:
    """Does a report of 2004 read the same after a reorder, and one of 1.2 get another id?"""
    before, after = (
        sent(question(*lettered(*choices))) for choices in ([CLOUD, DATA, NAP], [NAP, DATA, CLOUD])
    )
    names = {one.text: one.name for one in before.choices}
    assert names == {one.text: one.name for one in after.choices}
    assert names["Data distribution"] == "Data_distribution"
    assert [one.letter for one in after.choices] == ["a", "b", "c"]
    assert before.scorm2004 == after.scorm2004 == before.cmi5 == "main-subject"
    assert re.fullmatch(r"main-subject\.[0-9a-z]{4}", before.scorm12)
    assert before.scorm12 != after.scorm12
    assert before.description == "What is the subject?"


def test_letters_that_mean_the_same_have_one_revision() -> None:
    """Is an answer to the same list of choices reported under the same id, mended key or not?"""
    known = revision_of(question(CLOUD, DATA))
    assert known == revision_of(
        question(replace(CLOUD, correct=True), replace(DATA, correct=False))
    )
    assert known != revision_of(question(CLOUD, DATA, NAP))
    for kind in (QuestionKind.TRUE_FALSE, QuestionKind.TEXT, QuestionKind.NUMERIC):
        assert revision_of(question(CLOUD, DATA, kind=kind)) == ""


def test_white_space_and_quotes_do_not_count() -> None:
    """Is a choice the same in curly quotes and on two lines, and another in other letters?"""
    assert identity_of('say  "no" -- \n it\'s...') == identity_of("say “no” – it’s…")  # noqa: RUF001
    assert identity_of("List") != identity_of("list")


def test_an_author_may_say_what_a_choice_was() -> None:
    """Does a mended choice stay the choice that students picked?"""
    mended = replace(NAP, text="A nap after lunch", was="a nap")
    assert known_by(mended) == known_by(NAP)
    assert sent(question(mended)).choices[0].text == "A nap after lunch"


def test_what_reads_alike_without_its_signs_has_two_names() -> None:
    """Can nobody take x < 3 for x > 3 in a report, nor a long text for its beginning?"""
    texts = ["x < 3", "x > 3", "x 3", "x_3", "数据", "数", "", "w " * 60 + "a", "w " * 60 + "b"]
    names = [name_of("q", identity_of(text)) for text in texts]
    assert len(set(names)) == len(texts)


def test_keys_differ_between_questions() -> None:
    """Is the same choice of another question another choice?"""
    assert key_of("one", "yes") != key_of("other", "yes")
    assert alike(["a", "b", "a", "a"]) == [2, 3]


@given(st.lists(st.text(max_size=80), unique_by=identity_of, min_size=1, max_size=8))
def test_every_name_is_one_that_every_player_takes(texts: list[str]) -> None:
    """Is each name of 1 to 250 safe characters (RTE 4.1.1.6), and different in its question?"""
    choices = (Choice("a", text, "", False) for text in texts)
    told = sent(question(*lettered(*choices)))
    names = [one.name for one in told.choices]
    assert all(re.fullmatch(r"[A-Za-z0-9_.]{1,250}", name) for name in names)
    assert len(set(names)) == len(texts)


@given(st.text())
def test_a_description_is_one_line(text: str) -> None:
    """Is what the question asks one line that every player takes?"""
    said = sent(replace(question(CLOUD), stem_text=text)).description
    assert len(said) <= DESCRIPTION
    assert not said.startswith("{")
    assert said == " ".join(said.split())
