/** @file Takes a command line apart: words, flags with and without values, and what stands behind "--". */

import { LabError } from "../errors.js";
import { nearest } from "../nearest.js";

/** Each flag's name, whether a value belongs to it, and its letter. */
const FLAGS = new Map(
  Object.entries({
    output: ["value", "o"],
    selector: ["value", "l"],
    namespace: ["value", "n"],
    "all-namespaces": ["", "A"],
    "show-labels": [""],
    "sort-by": ["value"],
    watch: ["", "w"],
    filename: ["value", "f"],
    replicas: ["value"],
    image: ["value"],
    port: ["value"],
    "target-port": ["value"],
    name: ["value"],
    type: ["value"],
    labels: ["value"],
    env: ["value"],
    restart: ["value"],
    command: [""],
    previous: ["", "p"],
    container: ["value", "c"],
    tail: ["value"],
    follow: ["", "f"],
    stdin: ["", "i"],
    tty: ["", "t"],
    rm: [""],
    all: [""],
    force: [""],
    now: [""],
    overwrite: [""],
    "grace-period": ["value"],
    "ignore-daemonsets": [""],
    "delete-emptydir-data": [""],
    "to-revision": ["value"],
    revision: ["value"],
    timeout: ["value"],
    "dry-run": ["value"],
    help: ["", "h"],
  }),
);

/**
 * Words of a line as a shell would make them: by spaces, with quotes.
 * @param {string} line
 */
export function wordsOf(line) {
  const words = [];
  for (const match of line.matchAll(/(?:"([^"]*)"|'([^']*)'|[^\s"'])+/g)) words.push(match[0].replace(/["']/g, ""));
  return words;
}

/**
 * @typedef {object} Line
 * @property {string[]} args
 * @property {Record<string, string | true>} flags by their long names
 * @property {string[]} rest what stands behind "--"
 */

/**
 * @param {string[]} words
 * @param {string} command "-f" is a file for most commands, but "follow" for logs
 * @returns {Line}
 */
export function parsed(words, command) {
  const cut = words.indexOf("--");
  const own = cut < 0 ? words : words.slice(0, cut);
  /** @type {Line} */
  const line = { args: [], flags: {}, rest: cut < 0 ? [] : words.slice(cut + 1) };
  for (let i = 0; i < own.length; i++) {
    if (!/^-./.test(own[i]) || /^-\d/.test(own[i])) line.args.push(own[i]);
    else if (own[i].startsWith("--")) i += takeLong(line, own[i], own[i + 1]);
    else i += takeShort(line, own[i], own[i + 1], command);
  }
  return line;
}

/** @returns {number} how many more words were taken */
function takeLong(line, word, next) {
  const [name, value] = word.slice(2).split(/=(.*)/s);
  const flag = FLAGS.get(name);
  if (!flag) {
    const meant = nearest(name, FLAGS.keys());
    throw new LabError(`error: unknown flag: --${name}${meant ? `\nDid you mean --${meant}?` : ""}`);
  }
  return take(line, name, flag[0] === "value", value, next);
}

function takeShort(line, word, next, command) {
  if (word === "-it" || word === "-ti") return 0;
  const letter = word[1];
  const inline = word.length > 2 ? word.slice(2).replace(/^=/, "") : undefined;
  const names = [...FLAGS].filter(([, flag]) => flag[1] === letter).map(([name]) => name);
  const name = letter === "f" ? (command === "logs" ? "follow" : "filename") : names[0];
  if (!name) throw new LabError(`error: unknown shorthand flag: '${letter}' in ${word}`);
  return take(line, name, FLAGS.get(name)?.[0] === "value", inline, next);
}

function take(line, name, hasValue, inline, next) {
  if (!hasValue) {
    if (inline !== "false") line.flags[name] = true;
    return 0;
  }
  const value = inline ?? next;
  if (value === undefined) throw new LabError(`error: flag needs an argument: --${name}`);
  line.flags[name] = value;
  return inline === undefined ? 1 : 0;
}
