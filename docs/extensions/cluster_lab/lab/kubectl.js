/** @file The command line of the lab: the part of kubectl that this cluster can do, with outputs like kubectl's. */

import { LabError } from "./errors.js";
import { IMAGES } from "./images-list.js";
import { KINDS } from "./kinds.js";
import { apply, create, expose, label, remove, run, scale, set } from "./kubectl/change.js";
import { describe } from "./kubectl/describe.js";
import { get } from "./kubectl/get.js";
import { exec, logs } from "./kubectl/inside.js";
import { parsed, wordsOf } from "./kubectl/line.js";
import { cordon, drain } from "./kubectl/nodes.js";
import { rollout } from "./kubectl/rollout.js";
import { nearest } from "./nearest.js";

/** @typedef {{does: string, example: string, run: (setting: any, line: any) => any}} Command */

/** @type {Map<string, Command>} */
const COMMANDS = new Map(
  Object.entries({
    get: { does: "list objects", example: "get pods -o wide", run: ({ lab }, line) => get(lab, line) },
    describe: { does: "show one object, and its events", example: "describe pod NAME", run: describe },
    apply: { does: "make what is, as the editor says it should be", example: "apply -f manifest.yaml", run: apply },
    create: {
      does: "make the objects of the editor, which must not be there yet",
      example: "create -f manifest.yaml",
      run: create,
    },
    delete: { does: "delete objects", example: "delete pod NAME", run: remove },
    scale: { does: "say how many Pods a Deployment keeps", example: "scale deployment NAME --replicas=3", run: scale },
    set: { does: "give a Deployment another image", example: "set image deployment/NAME CONTAINER=IMAGE", run: set },
    rollout: {
      does: "follow a new version, or go back",
      example: "rollout status deployment/NAME",
      run: rollout,
    },
    logs: { does: "what a Pod's program wrote (-p: before it was restarted)", example: "logs POD", run: logs },
    exec: { does: "run a command inside a Pod", example: "exec POD -- wget -qO- http://tiles", run: exec },
    run: { does: "make a Pod", example: "run NAME --image=tiles:1.0", run },
    expose: { does: "make a Service", example: "expose deployment NAME --port=80 --target-port=8080", run: expose },
    label: { does: "change labels", example: "label pod NAME app=tiles", run: label },
    cordon: {
      does: "close a node to new Pods",
      example: "cordon node-2",
      run: (setting, line) => cordon(setting, line),
    },
    uncordon: {
      does: "open it again",
      example: "uncordon node-2",
      run: (setting, line) => cordon(setting, line, false),
    },
    drain: { does: "close a node and evict its Pods", example: "drain node-2", run: drain },
    help: { does: "show these lines", example: "help", run: () => help() },
  }),
);

/** What the real kubectl can do and this line cannot. */
const ABSENT = new Map([
  ["top", "this cluster measures neither processor nor memory of its containers"],
  ["edit", "change the manifest in the editor, then: kubectl apply -f manifest.yaml"],
  ["patch", "change the manifest in the editor, then: kubectl apply -f manifest.yaml"],
  ["replace", "use: kubectl apply -f manifest.yaml"],
  ["port-forward", "the button for load sends requests; from inside: kubectl exec POD -- wget -qO- http://SERVICE"],
  ["proxy", "there is no other machine to reach it from"],
  ["attach", "use: kubectl logs"],
  ["cp", "containers have no files that you can copy"],
  ["debug", "use: kubectl exec"],
  ["explain", "the documentation has it: https://kubernetes.io/docs/reference/kubernetes-api/"],
  ["autoscale", "this cluster measures no load of containers; use: kubectl scale"],
  ["taint", "this cluster has no taints; use: kubectl cordon"],
  ["config", "there is one cluster, this one"],
  ["cluster-info", "there is one cluster, this one, in this page"],
  ["version", "this cluster behaves like Kubernetes 1.36, as far as it goes"],
  ["wait", "look at the picture, or use: kubectl rollout status"],
  ["annotate", "write annotations into the manifest"],
  ["diff", "use: kubectl apply, which says what it changed"],
  ["auth", "this cluster has no users"],
  ["api-resources", `it has: ${KINDS.map((it) => it.many).join(", ")}`],
]);

function help() {
  const lines = [...COMMANDS.values()].map(({ does, example }) => `  kubectl ${example.padEnd(52)} ${does}`);
  const images = [...IMAGES].map(([name, does]) => `  ${name.padEnd(14)} ${does}`);
  return ["This line understands:", "", ...lines, "", "The registry has these images:", "", ...images].join("\n");
}

/**
 * Runs one line.
 * @param {import("./cluster.js").Lab} lab
 * @param {string} line with or without "kubectl" at its beginning
 * @param {string} [manifestText] the editor's content, which `-f` stands for
 * @returns {Promise<{output: string, isError: boolean}>}
 */
export async function kubectl(lab, line, manifestText = "") {
  try {
    const output = await ran(lab, line.trim(), manifestText);
    return { output, isError: false };
  } catch (error) {
    if (error instanceof LabError) return { output: error.message, isError: true };
    return {
      output: `error: this did not work here: ${error instanceof Error ? error.message : error}`,
      isError: true,
    };
  }
}

async function ran(lab, line, text) {
  const words = wordsOf(line.replace(/^\$\s*/, ""));
  if (["kubectl", "k"].includes(words[0])) words.shift();
  const [verb, ...rest] = words;
  if (!verb || verb === "--help" || verb === "-h") return help();
  const command = COMMANDS.get(verb) ?? unknown(verb);
  const parts = parsed(rest, verb);
  checkNamespace(parts.flags);
  if (parts.flags.help) return `kubectl ${verb}: ${command.does}. For example:\n  kubectl ${command.example}`;
  const did = (kind, name, what = verb) => lab.did.push({ time: lab.now, command: line, verb: what, kind, name });
  return command.run({ lab, text, did }, parts);
}

/** @returns {never} */
function unknown(verb) {
  const why = ABSENT.get(verb);
  if (why) throw new LabError(`kubectl ${verb} is not in this lab: ${why}`);
  const meant = nearest(verb, COMMANDS.keys());
  const hint = meant ? `\n\nDid you mean this?\n\t${meant}` : "\n\nkubectl help lists what this line understands.";
  throw new LabError(`error: unknown command "${verb}" for "kubectl"${hint}`);
}

function checkNamespace(flags) {
  const { namespace } = flags;
  const isOther = namespace !== undefined && namespace !== "default";
  if (isOther) throw new LabError(`This lab shows one namespace, default; "${namespace}" is not shown.`);
}

/**
 * What the word at the end of a line may become.
 * @param {import("./cluster.js").Lab} lab
 * @param {string} line
 * @returns {string[]} whole words
 */
export function complete(lab, line) {
  const words = line.replace(/^\s*(kubectl\s+|k\s+)?/, "").split(/\s+/);
  const word = words.at(-1) ?? "";
  return candidates(lab, words.slice(0, -1), word).filter((it) => it.startsWith(word) && it !== word);
}

const VERBS_OF_NODES = ["cordon", "uncordon", "drain"];
const SECOND = { rollout: ["status", "history", "undo", "restart"], set: ["image"] };

function candidates(lab, before, word) {
  const [verb] = before;
  if (!verb) return [...COMMANDS.keys()];
  if (before.at(-1) === "-f") return ["manifest.yaml"];
  if (["apply", "create"].includes(verb)) return ["-f"];
  if (before.at(-1) === "-o") return ["wide", "yaml", "json", "name"];
  if (VERBS_OF_NODES.includes(verb)) return namesOf(lab, "nodes");
  if (["logs", "exec"].includes(verb)) return before.length === 1 ? namesOf(lab, "pods") : [];
  const skipped = SECOND[verb] ? 2 : 1;
  if (before.length < skipped) return SECOND[verb];
  const args = before.slice(skipped).filter((it) => !it.startsWith("-"));
  const [begun] = word.split("/");
  if (args.length === 0) {
    const kind = KINDS.find((it) => [it.one, it.many, ...it.short].includes(begun));
    if (word.includes("/") && kind) return namesOf(lab, kind.key).map((name) => `${begun}/${name}`);
    return KINDS.map((it) => (verb === "get" ? it.many : it.one));
  }
  const kind = KINDS.find((it) => [it.one, it.many, ...it.short].includes(args[0]));
  return kind ? namesOf(lab, kind.key) : [];
}

function namesOf(lab, key) {
  return key === "events" ? [] : lab.state[key].map((it) => it.metadata.name);
}
