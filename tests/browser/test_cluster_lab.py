"""The cluster in the page: each task done by hand, as students do it, and recorded by an LMS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, expect

from .support import Player, eventually, violations

Play = Callable[[Path], Player]

LAB = "docs.kubernetes.cluster-lab"
TROUBLE = "docs.kubernetes.cluster-trouble"


@dataclass
class Bench:
    """A lab on a page, and the hands of its student."""

    root: Locator

    @classmethod
    def of(cls, frame: Frame, name: str) -> Bench:
        """The lab of that name, its cluster started."""
        bench = cls(frame.locator(f"#lab-{name}"))
        bench.root.get_by_role("button", name="Start the cluster").click()
        bench.panel("kubectl")
        return bench

    def panel(self, name: str) -> Locator:
        """One of the three panels, opened."""
        self.root.get_by_role("tab", name=name).click()
        return self.root.get_by_role("tabpanel", name=name)

    def kubectl(self, line: str) -> str:
        """Run a command; what it printed."""
        panel = self.panel("kubectl")
        outputs = panel.get_by_role("log").locator("pre")
        before = outputs.count()
        panel.get_by_label("Command for kubectl").fill(line)
        panel.get_by_label("Command for kubectl").press("Enter")
        expect(outputs).to_have_count(before + 1)
        return outputs.last.inner_text()

    def edit(self, old: str, new: str) -> None:
        """Replace a text in the manifest by typing, and apply it."""
        panel = self.panel("Manifest")
        editor = panel.get_by_role("textbox")
        text = "\n".join(editor.locator(".cm-line").all_inner_texts())
        assert old in text
        editor.fill(text.replace(old, new))
        panel.get_by_role("button", name="Apply").click()

    def wait(self, line: str, words: str) -> None:
        """Ask the cluster until it answers with these words."""
        eventually(self.root.page, lambda: words in self.kubectl(line))

    def check(self) -> str:
        """Have the work checked; what the student is told."""
        self.root.get_by_role("button", name="Check my work").click()
        found = self.root.locator(".scorm-found")
        found.wait_for()
        return found.inner_text()

    @property
    def verdict(self) -> Locator:
        """What the page says of the last check."""
        return self.root.locator(".scorm-verdict")


def names(bench: Bench) -> list[str]:
    """The names of the Pods."""
    return [line.split()[0] for line in bench.kubectl("kubectl get pods").splitlines()[1:]]


def first_pod(bench: Bench) -> str:
    """Apply a manifest."""
    wrong = bench.check()
    bench.edit("", "")
    bench.wait("kubectl get pod first", "1/1")
    return wrong


def three(bench: Bench) -> str:
    """One Pod is not three; then ask for three."""
    bench.edit("", "")
    bench.wait("kubectl get deployment tiles", "1/1")
    wrong = bench.check()
    bench.kubectl("kubectl scale deployment tiles --replicas=3")
    bench.wait("kubectl get deployment tiles", "3/3")
    return wrong


def heal(bench: Bench) -> str:
    """Scaling is not dying; then delete a Pod."""
    bench.kubectl("kubectl scale deployment tiles --replicas=3")
    wrong = bench.check()
    first = names(bench)[0]
    bench.kubectl(f"kubectl delete pod {first}")
    eventually(bench.root.page, lambda: first not in names(bench))
    bench.wait("kubectl get deployment tiles", "3/3")
    return wrong


def endpoints(bench: Bench) -> str:
    """Correct the label."""
    wrong = bench.check()
    bench.edit("app: tile\n", "app: tiles\n")
    bench.wait("kubectl describe service tiles", ":8080,")
    return wrong


def rollout(bench: Bench) -> str:
    """Change the image under load, and wait for the last old Pod to be gone."""
    wrong = bench.check()
    bench.root.get_by_role("button", name="Start load").click()
    bench.kubectl("kubectl set image deployment/tiles tiles=tiles:2.0")
    bench.wait("kubectl rollout status deployment tiles", "successfully rolled out")
    eventually(bench.root.page, lambda: len(names(bench)) == 3)
    bench.root.page.wait_for_timeout(2500)  # the check looks at the requests of two seconds more
    return wrong


def rollback(bench: Bench) -> str:
    """Roll out the broken version, then undo."""
    bench.kubectl("kubectl set image deployment/tiles tiles=tiles:2.1")
    bench.wait("kubectl get pods", "0/1")
    wrong = bench.check()
    bench.kubectl("kubectl rollout undo deployment/tiles")
    eventually(bench.root.page, lambda: len(names(bench)) == 3)
    return wrong


def field(bench: Bench) -> str:
    """Applying it as it is does nothing; then correct both fields."""
    bench.edit("", "")
    wrong = bench.check()
    bench.edit("replica:", "replicas:")
    bench.edit("containerport:", "containerPort:")
    bench.wait("kubectl get deployment tiles", "3/3")
    return wrong


def probe(bench: Bench) -> str:
    """Let the probe ask at the right port."""
    wrong = bench.check()
    bench.edit("8081", "8080")
    bench.wait("kubectl rollout status deployment tiles", "successfully rolled out")
    eventually(bench.root.page, lambda: len(names(bench)) == 2)
    bench.root.page.wait_for_timeout(10_000)  # the task wants ten quiet seconds
    return wrong


def drain(bench: Bench) -> str:
    """Closing a node moves nothing; then drain it."""
    bench.kubectl("kubectl cordon node-2")
    wrong = bench.check()
    bench.kubectl("kubectl drain node-2")
    eventually(bench.root.page, lambda: "node-2" not in bench.kubectl("kubectl get pods -o wide"))
    bench.wait("kubectl get deployment tiles", "4/4")
    return wrong


def complete(bench: Bench) -> str:
    """Say that it may end."""
    wrong = bench.check()
    bench.edit("spec:\n", "spec:\n  restartPolicy: OnFailure\n")
    bench.wait("kubectl get pods", "Completed")
    return wrong


#: Page, lab, task, how to do it, and a word of what somebody is told who has not done it yet.
TASKS = [
    (LAB, "first-pod", first_pod, "There is no Pod yet"),
    (LAB, "three", three, "3"),
    (LAB, "heal", heal, "Scaling changes how many Pods are wanted"),
    (LAB, "endpoints", endpoints, "no endpoints"),
    (LAB, "rollout", rollout, "still asks for tiles:1.0"),
    (LAB, "rollback", rollback, "never get ready"),
    (TROUBLE, "field", field, "refused whole"),
    (TROUBLE, "probe", probe, "nothing listens"),
    (TROUBLE, "drain", drain, "still run"),
    (TROUBLE, "complete", complete, 'no Pod called "mosaic"'),
]


@pytest.mark.parametrize(
    ("item", "name", "do", "words"), TASKS, ids=[name for _, name, _, _ in TASKS]
)
def test_task(
    play: Play,
    course_packages: dict[str, Path],
    item: str,
    name: str,
    do: Callable[[Bench], str],
    words: str,
) -> None:
    """Is a task that is not done told in words, one that is done recorded, and kept on return?"""
    player = play(course_packages["scorm12 multi"])
    bench = Bench.of(player.open(item), name)
    assert words in do(bench)
    found = bench.check()
    expect(bench.verdict, found).to_contain_text("Correct.")
    seen = player.see(item, answers=2)
    assert [answer.question for answer in seen.answers] == [f"k8s-{name}"] * 2
    assert [answer.result == "correct" for answer in seen.answers] == [False, True]
    assert seen.answers[1].response.startswith("100%")

    player.open(LAB if item == TROUBLE else TROUBLE)
    again = Bench(player.open(item).locator(f"#lab-{name}"))
    expect(again.verdict).to_contain_text("Correct.")
    again.root.get_by_role("button", name="Go on where you left").click()
    assert again.kubectl("kubectl get pods").startswith("NAME")


def test_lab_is_for_everybody(play: Play, course_packages: dict[str, Path]) -> None:
    """Has a running lab no fault for a screen reader, in light and dark, and no sideways scroll?"""
    player = play(course_packages["scorm12 multi"])
    frame = player.open(LAB)
    bench = Bench.of(frame, "heal")
    bench.kubectl("kubectl get pods")
    for scheme in ("light", "dark"):
        frame.evaluate(f"document.body.dataset.theme = {scheme!r}")
        for panel in ("kubectl", "Manifest", "What happened"):
            bench.panel(panel)
            assert violations(frame, inside="#lab-heal") == []
    player.page.set_viewport_size({"width": 390, "height": 800})
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript(play: Play, course_packages: dict[str, Path]) -> None:
    """Does a reader without JavaScript read what happens, and see no button that does nothing?"""
    player = play(course_packages["scorm12 multi"])
    context = player.page.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{player.server.url}course/docs/kubernetes/cluster-lab.html")
    lab = page.locator("#lab-heal")
    expect(lab).to_contain_text("What happens.")
    assert not lab.get_by_role("button", name="Start the cluster").is_visible()
    context.close()
