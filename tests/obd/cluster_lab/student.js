/** @file A student at the lab: types commands, edits the manifest, waits, and asks for the check. */

import assert from "node:assert/strict";

import { fileOf } from "./bundle.js";

/**
 * @typedef {string | ((student: Student) => unknown)} Step a command, or something else that a student does
 */

/** Waits that many seconds of the cluster's time. @returns {Step} */
export const wait = (seconds) => (student) => student.lab.advance(seconds * 1000);

/** Writes something else into the manifest. @returns {Step} */
export const edit = (from, to) => (student) => {
  if (!student.text.includes(from)) throw new Error(`the manifest has no "${from}"`);
  student.text = student.text.replace(from, to);
};

/** Replaces the whole manifest. @returns {Step} */
export const write = (text) => (student) => {
  student.text = text;
};

/** Runs a command on each Pod of those that are there. @returns {Step} */
export const onPods =
  (command, choose = (pods) => pods) =>
  async (student) => {
    for (const pod of choose(student.lab.state.pods)) await student.types(command.replace("POD", pod.metadata.name));
  };

export class Student {
  constructor(modules, lab, text) {
    this.modules = modules;
    this.lab = lab;
    this.text = text;
    this.outputs = [];
  }

  /** Types one line. */
  async types(line) {
    const { output } = await this.modules.kubectl(this.lab, line, this.text);
    this.outputs.push(output);
    return output;
  }

  /** @param {Step[]} steps */
  async does(steps) {
    for (const step of steps) await (typeof step === "string" ? this.types(step) : step(this));
  }
}

/** Opens the lab of a task. @param {any} modules of the bundle @param {string} task @returns {Promise<Student>} */
export async function opened(modules, task) {
  const { objects, faults } = modules.read(fileOf(`${task}.start.yaml`));
  if (faults.length) throw new Error(`${task}: ${faults[0].message}`);
  const lab = await modules.start({ objects });
  // Students start the load where there is something to ask.
  if (lab.state.services.length > 0) lab.load.start("tiles");
  return new Student(modules, lab, fileOf(`${task}.edit.yaml`));
}

/** Goes one way through a task, and asks for the verdict twice: it must be the same. */
async function verdictOf(modules, task, steps) {
  const student = await opened(modules, task);
  try {
    await student.does(steps);
    const { check } = modules.TASKS.get(task);
    const verdict = await check(student.lab);
    assert.deepEqual(await check(student.lab), verdict, "asked twice, it says something else");
    return { ...verdict, outputs: student.outputs.join("\n") };
  } finally {
    await student.lab.close();
  }
}

/** Goes all right ways through a task: each must be taken for right. */
export async function goRightWays(modules, task, ways) {
  for (const [way, steps] of Object.entries(ways)) {
    const { isDone, share, words, outputs } = await verdictOf(modules, task, steps);
    assert.ok(isDone && share === 1, `${way}: ${words}\n${outputs}`);
  }
}

/** Goes all wrong ways: each must be told what is missing, with a certain word. */
export async function goWrongWays(modules, task, ways) {
  assert.ok(Object.keys(ways).length >= 4);
  for (const [way, [steps, expected]] of Object.entries(ways)) {
    const { isDone, share, words } = await verdictOf(modules, task, steps);
    assert.ok(!isDone && share >= 0 && share < 1, `${way}: ${words}`);
    assert.match(words, expected, way);
  }
}
