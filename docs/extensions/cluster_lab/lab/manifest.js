/** @file Reads the manifests in the editor, and says all that is wrong with them at once, in words and by line. */

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";

import { matches } from "./kinds.js";
import { nearest } from "./nearest.js";
import { OTHER_KINDS, SCHEMAS } from "./schema.js";

/** @typedef {{line: number, message: string}} Fault */

/**
 * @param {string} text one YAML document or several
 * @returns {{objects: any[], faults: Fault[]}} the objects are there only if there is no fault
 */
export function read(text) {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  /** @type {Fault[]} */
  const faults = [];
  const lineOf = (node) => lines.linePos(node?.range?.[0] ?? node?.key?.range?.[0] ?? 0).line;
  const found = [];
  if (!("empty" in documents)) {
    for (const document of documents) {
      for (const error of document.errors)
        faults.push({ line: lines.linePos(error.pos[0]).line, message: syntax(error, text) });
      if (document.errors.length === 0 && document.contents !== null && !isEmpty(document.contents))
        found.push(document);
    }
  }
  const objects = [];
  for (const document of found) {
    const reader = new Reader((node, message) => faults.push({ line: lineOf(node), message }));
    reader.object(document.contents);
    objects.push(document.toJS());
  }
  if (faults.length === 0) twice(objects, found, faults, lineOf);
  faults.sort((a, b) => a.line - b.line);
  return { objects: faults.length ? [] : objects, faults };
}

function isEmpty(node) {
  return isScalar(node) && node.value === null;
}

/** Two manifests of one name: the second would silently win. */
function twice(objects, documents, faults, lineOf) {
  const seen = new Map();
  objects.forEach((object, i) => {
    const key = `${object.kind} "${object.metadata.name}"`;
    if (seen.has(key))
      faults.push({ line: lineOf(documents[i].contents), message: `${key} stands here for the second time.` });
    seen.set(key, i);
  });
}

/** A fault of YAML in words; the reader's own where there are none of ours. */
function syntax(error, text) {
  const around = text.slice(Math.max(0, error.pos[0] - 1), error.pos[1] + 1);
  if (error.code === "TAB_AS_INDENT" || around.includes("\t"))
    return "YAML is indented with spaces; here stands a tab.";
  if (error.code === "DUPLICATE_KEY") return "This field stands here for the second time; each may stand once.";
  if (error.code === "BAD_INDENT")
    return "The indentation does not fit the lines around: fields of one object begin in one column.";
  if (error.code === "MULTILINE_IMPLICIT_KEY" || error.code === "BLOCK_AS_IMPLICIT_KEY") {
    return (
      "This line does not fit: is a colon behind the name missing, or a space behind the colon, or is " +
      "the indentation another than above?"
    );
  }
  if (error.code === "MISSING_CHAR")
    return `Something is missing here, such as a colon, a quote or a bracket (${error.message}).`;
  if (error.code === "UNEXPECTED_TOKEN")
    return `Something here does not belong (${error.message}). Is the line indented like its neighbours?`;
  return `This is not valid YAML: ${error.message}`;
}

class Reader {
  /** @param {(node: any, message: string) => void} tell */
  constructor(tell) {
    this.tell = tell;
  }

  /** One manifest, from its root on. */
  object(root) {
    if (!isMap(root)) {
      this.tell(root, 'A manifest is made of fields such as "kind: Pod"; here stands something else.');
      return;
    }
    const kind = this.kind(root);
    if (!kind) return;
    this.fields(root, SCHEMAS.get(kind)?.field ?? {}, "", kind);
    if (["Deployment", "ReplicaSet"].includes(kind)) this.selector(root);
    if (kind === "Service") this.ports(root);
    this.containers(root.getIn(kind === "Pod" ? ["spec", "containers"] : ["spec", "template", "spec", "containers"]));
    this.policy(root, kind);
  }

  /** The kind, if this cluster has it. */
  kind(root) {
    const kind = root.get("kind");
    const apiVersion = root.get("apiVersion");
    const at = pairOf(root, "kind") ?? root;
    if (kind === undefined || kind === null) {
      this.tell(root, "The field 'kind' is missing: it says what this is, such as Pod, Deployment or Service.");
      return undefined;
    }
    if (OTHER_KINDS.has(kind)) {
      this.tell(at.key ?? at, String(OTHER_KINDS.get(kind)));
      return undefined;
    }
    const schema = SCHEMAS.get(kind);
    if (!schema) {
      const meant = nearest(String(kind), SCHEMAS.keys());
      this.tell(at.key ?? at, `There is no kind '${kind}'.${meant ? ` Did you mean '${meant}'?` : ""}`);
      return undefined;
    }
    if (apiVersion !== schema.apiVersion) {
      const place = pairOf(root, "apiVersion")?.key ?? root;
      const is =
        apiVersion === undefined
          ? "The field 'apiVersion' is missing"
          : `apiVersion '${apiVersion}' does not go with ${kind}`;
      this.tell(place, `${is}: a ${kind} belongs to '${schema.apiVersion}'.`);
    }
    return kind;
  }

  /** The fields of an object: each known, of its type, and none missing. */
  fields(node, field, path, owner) {
    const known = field.fields ?? {};
    const place = path ? `'${path}'` : `a ${owner}`;
    const meant = new Set();
    for (const pair of node.items) {
      const name = String(pair.key?.value ?? pair.key);
      const inner = path ? `${path}.${name}` : name;
      if (known[name]) this.value(pair.value, known[name], inner, pair.key);
      else if (field.absent?.[name]) this.tell(pair.key, `'${name}': ${field.absent[name]}`);
      else {
        this.tell(pair.key, unknownField(name, place, Object.keys(known), path));
        meant.add(nearest(name, Object.keys(known)));
      }
    }
    for (const name of field.needs ?? []) {
      if (!node.has(name) && !meant.has(name))
        this.tell(node, `The field '${path ? `${path}.` : ""}${name}' is missing in ${place}.`);
    }
  }

  /** One value against its type. */
  value(node, field, path, key) {
    if (isAlias(node) || field.type === "any") return;
    const at = node?.range ? node : key;
    if (node === null || isEmpty(node)) {
      this.tell(key, `'${path}' has no value. Are the lines that belong to it indented?`);
      return;
    }
    const wanted = TYPES[field.type];
    if (!wanted.is(node)) {
      this.tell(
        at,
        `'${path}' must be ${wanted.words}; here stands ${whatIs(node)}.${wanted.hint?.(node, path) ?? ""}`,
      );
      return;
    }
    if (field.type === "object") this.fields(node, field, path, "");
    if (field.type === "list") this.items(node, field.of, path);
    if (field.type === "map") this.labels(node, path);
    if (field.oneOf && !field.oneOf.includes(node.value)) {
      const meant = nearest(node.value, field.oneOf);
      const hint = meant ? ` Did you mean '${meant}'?` : "";
      this.tell(at, `'${path}' cannot be '${node.value}' here; it can be ${listed(field.oneOf)}.${hint}`);
    }
    if (field.least !== undefined && node.value < field.least)
      this.tell(at, `'${path}' must be ${field.least} or more.`);
  }

  items(node, field, path) {
    if (node.items.length === 0) this.tell(node, `'${path}' is an empty list; something must stand in it.`);
    node.items.forEach((item, i) => this.value(item, field, `${path}[${i}]`, node));
  }

  labels(node, path) {
    for (const { key, value } of node.items) {
      const isText = isScalar(value) && typeof value.value === "string";
      const name = String(key?.value ?? key);
      if (!isText)
        this.tell(
          value?.range ? value : key,
          `'${path}.${name}' must be text; put it between quotes: "${value?.value ?? ""}".`,
        );
    }
  }

  /** A Deployment's selector must find the Pods that it makes. */
  selector(root) {
    const labels = root.getIn(["spec", "selector", "matchLabels"]);
    const made = root.getIn(["spec", "template", "metadata", "labels"]);
    const selector = root.getIn(["spec", "selector"]);
    if (!isMap(selector)) return;
    if (!isMap(labels)) {
      if (!selector.has("matchExpressions"))
        this.tell(selector, "'spec.selector' selects nothing: it needs 'matchLabels' with a label or more.");
      return;
    }
    const wanted = labels.toJSON();
    if (matches(wanted, isMap(made) ? made.toJSON() : {})) return;
    const told = Object.entries(wanted).map(([key, value]) => `${key}: ${value}`);
    this.tell(
      labels,
      `The selector looks for Pods with ${told.join(", ")}, but the template gives its Pods ` +
        `${isMap(made) ? made.items.map((it) => `${it.key}: ${it.value}`).join(", ") : "no labels"}: the ` +
        "Deployment would not find its own Pods.",
    );
  }

  ports(root) {
    const ports = root.getIn(["spec", "ports"]);
    if (!isSeq(ports) || ports.items.length < 2) return;
    for (const port of ports.items)
      if (isMap(port) && !port.has("name"))
        this.tell(port, "A Service with several ports needs a 'name' for each of them.");
  }

  /** Names of containers and images as the API server and the node want them. */
  containers(list) {
    if (!isSeq(list)) return;
    const seen = new Set();
    for (const it of list.items) {
      const name = isMap(it) ? it.get("name") : undefined;
      if (typeof name !== "string") continue;
      if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
        this.tell(it, `'${name}' cannot be a container's name: small letters, digits and '-' can stand in it.`);
      if (seen.has(name)) this.tell(it, `Two containers of a Pod are called '${name}'.`);
      seen.add(name);
    }
  }

  policy(root, kind) {
    const name = root.getIn(["metadata", "name"]);
    if (typeof name === "string" && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) {
      this.tell(
        root.getIn(["metadata", "name"], true),
        `'${name}' cannot be a name: small letters, digits, '-' and '.' can stand in it.`,
      );
    }
    const namespace = root.getIn(["metadata", "namespace"]);
    if (namespace !== undefined && namespace !== "default") {
      this.tell(
        root.getIn(["metadata", "namespace"], true),
        "This lab works in one namespace, default. Leave the field out.",
      );
    }
    const policy = root.getIn(["spec", "template", "spec", "restartPolicy"]);
    if (kind !== "Pod" && typeof policy === "string" && policy !== "Always") {
      this.tell(
        root.getIn(["spec", "template", "spec", "restartPolicy"], true),
        `The Pods of a ${kind} are there to stay: their restartPolicy can only be 'Always'. A Pod of its ` +
          "own can run to an end.",
      );
    }
  }
}

function unknownField(name, place, known, path) {
  const meant = nearest(name, known);
  const elsewhere = meant ? undefined : whereIs(name, path);
  const hint = meant
    ? ` Did you mean '${meant}'?`
    : elsewhere
      ? ` It belongs to ${elsewhere}: look at the indentation.`
      : ` Its fields are ${listed(known)}.`;
  return `'${name}' is not a field of ${place}.${hint}`;
}

/** Where a field that stands at the wrong place is known. */
function whereIs(name, path) {
  const found = new Set();
  const look = (field, at) => {
    if (field.fields?.[name] && at !== path) found.add(at.replace(/\[\]/g, ""));
    for (const [key, inner] of Object.entries(field.fields ?? {})) look(inner, at ? `${at}.${key}` : key);
    if (field.of) look(field.of, `${at}[]`);
  };
  for (const { field } of SCHEMAS.values()) look(field, "");
  const [shortest] = [...found].filter(Boolean).sort((a, b) => a.length - b.length);
  return shortest && `'${shortest}'`;
}

function pairOf(map, name) {
  return map.items.find((it) => (it.key?.value ?? it.key) === name);
}

function listed(words) {
  return words
    .map((it) => `'${it}'`)
    .join(", ")
    .replace(/, (?=[^,]*$)/, words.length > 1 ? " or " : "");
}

function whatIs(node) {
  if (isMap(node)) return "an object with fields";
  if (isSeq(node)) return "a list";
  if (typeof node.value === "string") return `the text "${node.value}"`;
  return typeof node.value === "boolean" ? `the truth value ${node.value}` : `the number ${node.value}`;
}

const isNumber = (node) => isScalar(node) && typeof node.value === "number";
const isText = (node) => isScalar(node) && typeof node.value === "string";

/** What each type is, in a test and in words. */
const TYPES = {
  string: {
    is: isText,
    words: "text",
    hint: (node) => (isScalar(node) ? ` Put it between quotes: "${node.source ?? node.value}".` : ""),
  },
  integer: {
    is: (node) => isNumber(node) && Number.isInteger(node.value),
    words: "a whole number",
    hint: (node) => (isText(node) && /^\d+$/.test(node.value) ? " Leave the quotes out." : ""),
  },
  boolean: { is: (node) => isScalar(node) && typeof node.value === "boolean", words: "true or false" },
  port: {
    is: (node) => isText(node) || (isNumber(node) && Number.isInteger(node.value)),
    words: "a port: a number, or a port's name",
  },
  share: {
    is: (node) => (isNumber(node) && Number.isInteger(node.value)) || (isText(node) && /^\d+%$/.test(node.value)),
    words: 'a whole number or a percentage such as "25%"',
  },
  map: { is: isMap, words: 'names with their values, one a line, such as "app: tiles"' },
  object: {
    is: isMap,
    words: "an object with fields of its own",
    hint: (node) => (isSeq(node) ? " Leave the '-' out." : " Its fields stand in the lines below, indented."),
  },
  list: { is: isSeq, words: "a list", hint: () => " Each thing in it begins with '-'." },
};
