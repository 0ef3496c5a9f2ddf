/** @file Finds the objects that words and flags of a command mean. */

import { LabError } from "../errors.js";
import { kindNamed, KINDS } from "../kinds.js";
import { nearest } from "../nearest.js";

/** What real clusters have and this one does not, with what is there instead. */
const ABSENT = new Map([
  ["job", "This cluster has no Jobs. A Pod with `restartPolicy: OnFailure` runs to its end here."],
  ["configmap", "This cluster has no ConfigMaps. Give a container its settings with `env`."],
  ["secret", "This cluster has no Secrets."],
  ["ingress", "This cluster has no Ingress and no Gateway; a Service of type NodePort is as far as it goes."],
  ["persistentvolumeclaim", "This cluster has no volumes."],
  ["persistentvolume", "This cluster has no volumes."],
  ["daemonset", "This cluster has no DaemonSets; it has Deployments."],
  ["statefulset", "This cluster has no StatefulSets; it has Deployments."],
  ["cronjob", "This cluster has no CronJobs."],
  [
    "horizontalpodautoscaler",
    "This cluster measures no load of containers, so it has no autoscaler: use kubectl scale.",
  ],
  ["namespace", "This lab shows one namespace, default."],
]);
const SHORT_ABSENT = {
  cm: "configmap",
  ing: "ingress",
  pvc: "persistentvolumeclaim",
  pv: "persistentvolume",
  ds: "daemonset",
  sts: "statefulset",
  cj: "cronjob",
  hpa: "horizontalpodautoscaler",
  ns: "namespace",
};

/** Old Endpoints are shown, made from the slices. */
export const ENDPOINTS = {
  kind: "Endpoints",
  one: "endpoints",
  many: "endpoints",
  short: ["ep"],
  group: "",
  key: "",
  apiVersion: "v1",
};

const NAMES = [...KINDS, ENDPOINTS].flatMap((it) => [it.many, it.one, ...it.short]);

/** @param {string} word @returns {any} */
export function resource(word) {
  const kind = ["ep", "endpoints"].includes(word.toLowerCase()) ? ENDPOINTS : kindNamed(word);
  if (kind) return kind;
  const plain = word.toLowerCase();
  const one = SHORT_ABSENT[plain] ?? plain.replace(/(?<=s)es$|s$/, "");
  if (ABSENT.has(one)) throw new LabError(`error: ${ABSENT.get(one)}`);
  const meant = nearest(
    word,
    NAMES.filter((it) => it.length > 3),
  );
  throw new LabError(
    `error: the server doesn't have a resource type "${word}"${meant ? `\nDid you mean "${meant}"?` : ""}`,
  );
}

/**
 * Kinds and names from words such as `pod web-1`, `deployment/web`, `pods,svc`.
 * @param {string[]} args
 * @returns {Array<{kind: any, name?: string}>}
 */
export function targets(args) {
  if (args.length === 0) return [];
  if (args.some((it) => it.includes("/"))) {
    return args.map((arg) => {
      const [word, name] = arg.split("/");
      if (!name)
        throw new LabError(
          "error: there is no need to specify a resource type as a separate argument when passing arguments " +
            "in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get " +
            "resource resource/<resource_name>')",
        );
      return { kind: resource(word), name };
    });
  }
  const [words, ...names] = args;
  const kinds = words.split(",").map(resource);
  if (names.length === 0) return kinds.map((kind) => ({ kind }));
  return kinds.flatMap((kind) => names.map((name) => ({ kind, name })));
}

/** The object of that name, or the server's words that there is none. */
export function find(lab, kind, name) {
  const all = kind === ENDPOINTS ? endpointsOf(lab.state) : lab.state[kind.key];
  const found = all.find((it) => it.metadata.name === name);
  if (found) return found;
  const meant = nearest(
    name,
    all.map((it) => it.metadata.name),
  );
  throw new LabError(notFound(kind, name) + (meant ? `\nDid you mean "${meant}"?` : ""));
}

export function notFound(kind, name) {
  return `Error from server (NotFound): ${kind.many}${kind.group} "${name}" not found`;
}

/** Objects like the old Endpoints, from the slices of each Service. */
export function endpointsOf(state) {
  return state.services.map((service) => {
    const { name, creationTimestamp, labels } = service.metadata;
    const slices = state.endpoints.filter((it) => it.metadata.labels?.["kubernetes.io/service-name"] === name);
    const subsets = slices.map((slice) => {
      const of = (isReady) =>
        (slice.endpoints ?? [])
          .filter((it) => Boolean(it.conditions?.ready) === isReady && !it.conditions?.terminating)
          .map((it) => ({ ip: it.addresses[0], nodeName: it.nodeName, targetRef: it.targetRef }));
      return { addresses: of(true), notReadyAddresses: of(false), ports: slice.ports ?? [] };
    });
    return {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name, namespace: "default", creationTimestamp, labels },
      subsets,
    };
  });
}

/**
 * Whether an object's labels fit a selector: "app=web,tier!=db", "app", "app in (a, b)", "!app".
 * @param {string} text
 */
export function selects(text, labels = {}) {
  return text.split(/,(?![^(]*\))/).every((part) => {
    const [, key, isNot, values] = /^\s*([^\s=!]+)\s+(not)?\s*in\s*\(([^)]*)\)\s*$/.exec(part) ?? [];
    if (key)
      return (
        values
          .split(",")
          .map((it) => it.trim())
          .includes(labels[key]) !== Boolean(isNot)
      );
    const [, name, operator, value] = /^\s*([^=!\s]+)\s*(=|==|!=)\s*(\S*)\s*$/.exec(part) ?? [];
    if (name) return (labels[name] === value) === (operator !== "!=");
    const [, absent, present] = /^\s*(?:!([^\s=!]+)|([^\s=!]+))\s*$/.exec(part) ?? [];
    if (!absent && !present)
      throw new LabError(`error: unable to parse the selector "${text}"; write for example: app=tiles`);
    return absent ? !(absent in labels) : present in labels;
  });
}
