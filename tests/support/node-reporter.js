/**
 * @file A reporter for Node's test runner: one JSON object a line, for node_tests.py. The results
 * of tests come as `{name, depth, outcome, words}`, what a file itself says as `{said}`, and which
 * lines of which script were run as `{path, lines}`, a list of true and false from line 1 on.
 */

import { inspect } from "node:util";

/** A test that is "todo" may fail, and counts as skipped. */
function outcomeOf(type, { skip, todo }) {
  if (skip !== undefined || todo !== undefined) return "skipped";
  return type === "test:pass" ? "passed" : "failed";
}

/** Why it failed, with the place; why it was skipped; "" of one that passed. */
function wordsOf({ skip, todo, details }) {
  const reason = skip ?? todo;
  if (reason !== undefined) return typeof reason === "string" ? reason : "";
  const { error } = details;
  if (!error) return "";
  return typeof error.cause === "string" ? error.cause : inspect(error.cause ?? error);
}

function* linesOf({ type, data }) {
  if (type === "test:pass" || type === "test:fail") {
    const outcome = outcomeOf(type, data);
    yield { name: data.name, depth: data.nesting, outcome, words: wordsOf(data) };
  } else if (type === "test:stderr" || type === "test:stdout") {
    yield { said: data.message };
  } else if (type === "test:coverage") {
    for (const { path, lines } of data.summary.files) {
      yield { path, lines: lines.map(({ count }) => count > 0) };
    }
  }
}

/** @param {AsyncIterable<{type: string, data: any}>} source */
export default async function* report(source) {
  for await (const event of source) {
    for (const line of linesOf(event)) yield `${JSON.stringify(line)}\n`;
  }
}
