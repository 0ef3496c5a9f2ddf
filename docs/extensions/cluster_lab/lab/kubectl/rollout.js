/** @file `kubectl rollout`: how far a new version is, the versions so far, and the way back. */

import { LabError } from "../errors.js";
import { named } from "./change.js";
import { find } from "./select.js";
import { labelsOf } from "./table.js";

const REVISION = "deployment.kubernetes.io/revision";
const CAUSE = "kubernetes.io/change-cause";

/** @param {import("./change.js").Setting} setting @param {import("./line.js").Line} line */
export async function rollout(setting, line) {
  const [action, ...args] = line.args;
  const actions = { status, history, undo, restart };
  if (!actions[action]) {
    throw new LabError(
      `error: kubectl rollout ${action ?? ""}: it can be status, history, undo or restart. For example: ` +
        "kubectl rollout status deployment/NAME",
    );
  }
  const [{ kind, name }] = named(args, `rollout ${action} deployment/NAME`);
  if (kind.kind !== "Deployment")
    throw new LabError(`error: ${kind.many} "${name}" is not a kind that is rolled out; Deployments are`);
  return actions[action](setting, find(setting.lab, kind, name), line.flags);
}

/** @see k8s.io/kubectl/pkg/polymorphichelpers, DeploymentStatusViewer */
function status({ lab, did }, deployment) {
  const { name } = deployment.metadata;
  const { replicas } = deployment.spec;
  const { conditions = [], ...is } = deployment.status ?? {};
  did("Deployment", name, "rollout status");
  // The engine counts no generations: what the controller has seen has a ReplicaSet.
  const isSeen = revisions(lab, deployment).some((it) => same(templateOf(it.replicaSet), deployment.spec.template));
  if (!isSeen) return "Waiting for deployment spec update to be observed...";
  const { replicas: all = 0, updatedReplicas = 0, availableReplicas = 0 } = is;
  const isLate = conditions.some((it) => it.type === "Progressing" && it.reason === "ProgressDeadlineExceeded");
  if (isLate) throw new LabError(`error: deployment "${name}" exceeded its progress deadline`);
  const waits = (words) => `Waiting for deployment "${name}" rollout to finish: ${words}...`;
  if (updatedReplicas < replicas) return waits(`${updatedReplicas} out of ${replicas} new replicas have been updated`);
  if (all > updatedReplicas) return waits(`${all - updatedReplicas} old replicas are pending termination`);
  if (availableReplicas < updatedReplicas)
    return waits(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
  return `deployment "${name}" successfully rolled out`;
}

/** The ReplicaSets of a Deployment, by their revision, the oldest first. */
function revisions(lab, deployment) {
  return lab.state.replicaSets
    .filter((it) => it.metadata.ownerReferences?.some((owner) => owner.uid === deployment.metadata.uid))
    .map((it) => ({ revision: Number(it.metadata.annotations?.[REVISION] ?? 0), replicaSet: it }))
    .sort((a, b) => a.revision - b.revision);
}

function history({ lab, did }, deployment, flags) {
  const { name } = deployment.metadata;
  const all = revisions(lab, deployment);
  did("Deployment", name, "rollout history");
  if (flags.revision !== undefined) {
    const wanted = all.find((it) => it.revision === Number(flags.revision));
    if (!wanted) throw new LabError(`error: unable to find the specified revision`);
    const { metadata, spec } = wanted.replicaSet.spec.template;
    const containers = spec.containers.map((it) => `   ${it.name}:\n    Image:\t${it.image}`).join("\n");
    return (
      `deployment.apps/${name} with revision #${wanted.revision}\nPod Template:\n  ` +
      `Labels:\t${labelsOf(metadata.labels)}\n  Containers:\n${containers}`
    );
  }
  const lines = all.map(
    (it) => `${String(it.revision).padEnd(10)}${it.replicaSet.metadata.annotations?.[CAUSE] ?? "<none>"}`,
  );
  return [`deployment.apps/${name}`, "REVISION  CHANGE-CAUSE", ...lines].join("\n");
}

async function undo({ lab, did }, deployment, flags) {
  const { name } = deployment.metadata;
  const all = revisions(lab, deployment);
  const to = Number(flags["to-revision"] ?? 0);
  const wanted = to ? all.find((it) => it.revision === to) : all.at(-2);
  if (!wanted) {
    throw new LabError(
      to
        ? `error: unable to find specified revision ${to} in history`
        : `error: no rollout history found for deployment "${name}"`,
    );
  }
  const template = templateOf(wanted.replicaSet);
  if (same(template, deployment.spec.template)) {
    return `deployment.apps/${name} skipped rollback (current template already matches revision ${wanted.revision})`;
  }
  // A merge patch alone would leave what the other template has and this one has not.
  await lab.replaceTemplate(name, template);
  did("Deployment", name, "rollout undo");
  return `deployment.apps/${name} rolled back`;
}

/** The template of a Deployment from which a ReplicaSet was made. */
function templateOf(replicaSet) {
  const template = structuredClone(replicaSet.spec.template);
  delete template.metadata.labels?.["pod-template-hash"];
  return template;
}

function same(one, other) {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, it]) => it !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, it]) => [key, sorted(it)]));
}

async function restart({ lab, did }, deployment) {
  const { name } = deployment.metadata;
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date(lab.clock.nowMs()).toISOString() };
  await lab.patch("Deployment", name, { spec: { template: { metadata: { annotations } } } });
  did("Deployment", name, "rollout restart");
  return `deployment.apps/${name} restarted`;
}
