/** @file Commands for nodes: closing one to new Pods, opening it, and emptying it. */

import { LabError } from "../errors.js";
import { find, targets } from "./select.js";

/** @param {import("./change.js").Setting} setting @param {import("./line.js").Line} line */
export async function cordon({ lab, did }, { args }, isClosed = true) {
  const lines = [];
  for (const name of nodeNames(lab, args, isClosed ? "cordon" : "uncordon")) {
    const is = Boolean(lab.state.nodes.find((it) => it.metadata.name === name).spec?.unschedulable);
    if (is !== isClosed) await lab.cordon(name, isClosed);
    did("Node", name);
    lines.push(`node/${name} ${is === isClosed ? "already " : ""}${isClosed ? "cordoned" : "uncordoned"}`);
  }
  return lines.join("\n");
}

function nodeNames(lab, args, verb) {
  const names = args.filter((it) => !["node", "nodes", "no"].includes(it)).map((it) => it.replace(/^nodes?\//, ""));
  if (names.length === 0) throw new LabError(`error: USAGE: ${verb} NODE. For example: kubectl ${verb} node-2`);
  const [{ kind }] = targets(["node"]);
  return names.map((name) => find(lab, kind, name).metadata.name);
}

/** @param {import("./change.js").Setting} setting @param {import("./line.js").Line} line */
export async function drain(setting, line) {
  const { lab, did } = setting;
  const lines = [];
  for (const name of nodeNames(lab, line.args, "drain")) {
    lines.push(await cordon({ ...setting, did: () => {} }, { ...line, args: [name] }));
    const pods = lab.state.pods.filter((it) => it.spec.nodeName === name && !it.metadata.deletionTimestamp);
    const alone = pods.filter((it) => !it.metadata.ownerReferences?.length);
    if (alone.length && !line.flags.force) {
      throw new LabError(
        `${lines.join("\n")}\nerror: unable to drain node "${name}" due to error: cannot delete Pods that ` +
          "declare no controller " +
          `(use --force to override): ${alone.map((it) => `default/${it.metadata.name}`).join(", ")}`,
      );
    }
    for (const pod of pods) {
      lines.push(`evicting pod default/${pod.metadata.name}`);
      await lab.delete("Pod", pod.metadata.name);
    }
    did("Node", name, "drain");
    lines.push(`node/${name} drained`);
  }
  return lines.join("\n");
}
