/** @file `kubectl describe`: one object with what belongs to it, and its events. */

import { LabError } from "../errors.js";
import { podsOf } from "../kinds.js";
import { aggregated } from "./events.js";
import { endpointsOf, ENDPOINTS, find, selects, targets } from "./select.js";
import { duration, labelsOf, pairs, table } from "./table.js";

/** @param {import("./change.js").Setting} setting @param {import("./line.js").Line} line */
export function describe({ lab, did }, { args, flags }) {
  if (args.length === 0)
    throw new LabError(
      "error: You must specify the type of resource to describe. For example: kubectl describe pod NAME",
    );
  const texts = targets(args).flatMap(({ kind, name }) => {
    const all = kind === ENDPOINTS ? endpointsOf(lab.state) : lab.state[kind.key];
    const chosen = flags.selector ? all.filter((it) => selects(String(flags.selector), it.metadata.labels)) : all;
    const objects = name ? named(lab, kind, name) : chosen;
    for (const it of objects) did(kind.kind, it.metadata.name);
    const how = HOW[kind.kind];
    if (!how)
      throw new LabError(
        "error: this lab describes pods, deployments, replicasets, services, endpoints and nodes; for " +
          `${kind.many}: kubectl get ${kind.many} -o yaml`,
      );
    return objects.map((it) => how(lab, it));
  });
  return texts.join("\n\n\n") || "No resources found in default namespace.";
}

/** Like kubectl, which takes the beginning of a name too. */
function named(lab, kind, name) {
  const all = kind === ENDPOINTS ? endpointsOf(lab.state) : lab.state[kind.key];
  const begun = all.filter((it) => it.metadata.name.startsWith(name));
  const same = begun.filter((it) => it.metadata.name === name);
  if (same.length || !begun.length) return [find(lab, kind, name)];
  return begun;
}

const WIDTH = 18;
const date = (at) =>
  at ? new Date(at).toUTCString().replace(/(\w+), (\d+) (\w+) (\d+) (\S+) GMT/, "$1, $2 $3 $4 $5 +0000") : "<none>";
const several = (labels) => labelsOf(labels, `\n${" ".repeat(WIDTH + 2)}`);

function eventsOf(lab, object) {
  const { name, uid } = object.metadata;
  const isOf = ({ involvedObject: it }) => it.kind === object.kind && it.name === name && (!it.uid || it.uid === uid);
  const found = aggregated(lab.objects.all("events").filter(isOf));
  if (found.length === 0) return "Events:  <none>";
  const now = lab.clock.nowMs();
  const age = (it) =>
    it.count > 1
      ? `${duration(now - it.last)} (x${it.count} over ${duration(now - it.first)})`
      : duration(now - it.last);
  const rows = found.map((it) => [it.type, it.reason, age(it), it.from, it.message]);
  const lines = table(
    ["Type", "Reason", "Age", "From", "Message"],
    [["----", "------", "----", "----", "-------"], ...rows],
  );
  return `Events:\n${indented(lines, 2)}`;
}

function indented(text, by) {
  return text
    .split("\n")
    .map((line) => (line ? " ".repeat(by) + line : line))
    .join("\n");
}

function head(object, more) {
  const { name, labels, annotations } = object.metadata;
  const shown = Object.fromEntries(
    Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith("kubectl.kubernetes.io/last")),
  );
  return pairs(
    [["Name", name], ["Namespace", "default"], ["Labels", several(labels)], ["Annotations", several(shown)], ...more],
    "",
    WIDTH,
  );
}

function probe(it) {
  const {
    httpGet,
    tcpSocket,
    exec,
    initialDelaySeconds = 0,
    timeoutSeconds = 1,
    periodSeconds = 10,
    successThreshold = 1,
    failureThreshold = 3,
  } = it;
  const what = httpGet
    ? `http-get http://:${httpGet.port}${httpGet.path ?? "/"}`
    : tcpSocket
      ? `tcp-socket :${tcpSocket.port}`
      : `exec [${exec?.command?.join(" ")}]`;
  return (
    `${what} delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s ` +
    `#success=${successThreshold} #failure=${failureThreshold}`
  );
}

function stateLines(name, state) {
  const [kind] = Object.keys(state ?? {});
  if (!kind) return [];
  const it = state[kind];
  const word = kind[0].toUpperCase() + kind.slice(1);
  if (kind === "running")
    return [
      [name, word],
      ["  Started", date(it.startedAt)],
    ];
  if (kind === "waiting")
    return [[name, word], ["  Reason", it.reason ?? ""], ...(it.message ? [["  Message", it.message]] : [])];
  return [
    [name, word],
    ["  Reason", it.reason ?? ""],
    ["  Exit Code", it.exitCode],
    ["  Started", date(it.startedAt)],
    ["  Finished", date(it.finishedAt)],
  ];
}

function container(it, status) {
  const ports = (it.ports ?? []).map((p) => `${p.containerPort}/${p.protocol ?? "TCP"}`).join(", ") || "<none>";
  const probes = ["liveness", "readiness", "startup"]
    .filter((p) => it[`${p}Probe`])
    .map((p) => [p[0].toUpperCase() + p.slice(1), probe(it[`${p}Probe`])]);
  const told = status
    ? [
        ...stateLines("State", status.state),
        ...stateLines("Last State", status.lastState),
        ["Ready", status.ready ? "True" : "False"],
        ["Restart Count", status.restartCount],
      ]
    : [];
  const command = ["command", "args"]
    .filter((k) => it[k])
    .map((k) => [k[0].toUpperCase() + k.slice(1), it[k].join(" ")]);
  const env = (it.env ?? []).map((e) => `${e.name}:  ${e.value ?? ""}`).join(`\n${" ".repeat(6)}`);
  const id = status ? [["Container ID", status.containerID ?? ""]] : [];
  const entries = [
    ...id,
    ["Image", it.image],
    ["Port", ports],
    ...command,
    ...told,
    ...probes,
    ["Environment", env ? `\n      ${env}` : "<none>"],
  ];
  return `  ${it.name}:\n${pairs(entries, "    ", 14)}`;
}

function containersOf(spec, statuses = []) {
  return `Containers:\n${spec.containers
    .map((it) =>
      container(
        it,
        statuses.find((s) => s.name === it.name),
      ),
    )
    .join("\n")}`;
}

function conditions(list, columns = ["Type", "Status"]) {
  const rows = list.map((it) => columns.map((c) => it[c[0].toLowerCase() + c.slice(1)] ?? ""));
  return `Conditions:\n${indented(table(columns, [columns.map((c) => "-".repeat(c.length)), ...rows]), 2)}`;
}

function pod(lab, it) {
  const { status = {}, spec } = it;
  const owner = it.metadata.ownerReferences?.[0];
  const isEnding = it.metadata.deletionTimestamp;
  const more = [
    ["Node", spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ""}` : "<none>"],
    ["Start Time", date(status.startTime)],
    isEnding
      ? ["Status", `Terminating (lasts ${duration(lab.clock.nowMs() - Date.parse(isEnding))})`]
      : ["Status", status.phase ?? "Pending"],
    ["IP", status.podIP ?? ""],
    ...(owner ? [["Controlled By", `${owner.kind}/${owner.name}`]] : []),
  ];
  const parts = [head(it, more), containersOf(spec, status.containerStatuses)];
  if (status.conditions?.length) parts.push(conditions(status.conditions));
  const rest = [
    ["QoS Class", status.qosClass ?? "BestEffort"],
    ["Restart Policy", spec.restartPolicy],
    ["Node-Selectors", labelsOf(spec.nodeSelector)],
  ];
  return [...parts, pairs(rest, "", WIDTH), eventsOf(lab, it)].join("\n");
}

function deployment(lab, it) {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = it.status ?? {};
  const { strategy, template } = it.spec;
  const rolling = strategy?.rollingUpdate;
  const more = [
    ["CreationTimestamp", date(it.metadata.creationTimestamp)],
    ["Selector", labelsOf(it.spec.selector.matchLabels)],
    [
      "Replicas",
      `${it.spec.replicas} desired | ${updatedReplicas} updated | ${replicas} total | ` +
        `${availableReplicas} available | ${unavailableReplicas} unavailable`,
    ],
    ["StrategyType", strategy?.type ?? "RollingUpdate"],
    ["MinReadySeconds", it.spec.minReadySeconds ?? 0],
    ...(rolling
      ? [["RollingUpdateStrategy", `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`]]
      : []),
  ];
  const own = lab.state.replicaSets.filter((rs) => rs.metadata.ownerReferences?.some((o) => o.uid === it.metadata.uid));
  const told = (rs) => `${rs.metadata.name} (${rs.status?.replicas ?? 0}/${rs.spec.replicas} replicas created)`;
  const hashes = (rs) => JSON.stringify(rs.spec.template.spec.containers.map((c) => c.image));
  const isNew = (rs) => hashes(rs) === JSON.stringify(template.spec.containers.map((c) => c.image));
  const list = (some) => some.map(told).join(", ") || "<none>";
  const sets = [
    ["OldReplicaSets", list(own.filter((rs) => !isNew(rs)))],
    ["NewReplicaSet", list(own.filter(isNew).slice(-1))],
  ];
  const parts = [
    head(it, more),
    `Pod Template:\n  Labels:  ${labelsOf(template.metadata?.labels)}\n${indented(containersOf(template.spec), 1)}`,
  ];
  if (it.status?.conditions?.length) parts.push(conditions(it.status.conditions, ["Type", "Status", "Reason"]));
  return [...parts, pairs(sets, "", WIDTH), eventsOf(lab, it)].join("\n");
}

function replicaSet(lab, it) {
  const pods = podsOf(lab.state, it);
  const count = (phase) => pods.filter((p) => (p.status?.phase ?? "Pending") === phase).length;
  const owner = it.metadata.ownerReferences?.[0];
  const more = [
    ["Selector", labelsOf(it.spec.selector.matchLabels)],
    ...(owner ? [["Controlled By", `${owner.kind}/${owner.name}`]] : []),
    ["Replicas", `${it.status?.replicas ?? 0} current / ${it.spec.replicas} desired`],
    [
      "Pods Status",
      `${count("Running")} Running / ${count("Pending")} Waiting / ${count("Succeeded")} Succeeded / ` +
        `${count("Failed")} Failed`,
    ],
  ];
  return [
    head(it, more),
    `Pod Template:\n  Labels:  ` +
      `${labelsOf(it.spec.template.metadata?.labels)}\n${indented(containersOf(it.spec.template.spec), 1)}`,
    eventsOf(lab, it),
  ].join("\n");
}

function service(lab, it) {
  const endpoints = endpointsOf(lab.state).find((e) => e.metadata.name === it.metadata.name);
  const all = endpoints.subsets.flatMap((s) => s.addresses.flatMap((a) => s.ports.map((p) => `${a.ip}:${p.port}`)));
  const ports = (it.spec.ports ?? []).flatMap((p) => [
    ["Port", `${p.name ?? "<unset>"}  ${p.port}/${p.protocol ?? "TCP"}`],
    ["TargetPort", `${p.targetPort}/${p.protocol ?? "TCP"}`],
    ...(p.nodePort ? [["NodePort", `${p.name ?? "<unset>"}  ${p.nodePort}/${p.protocol ?? "TCP"}`]] : []),
    ["Endpoints", all.join(",")],
  ]);
  const more = [
    ["Selector", labelsOf(it.spec.selector)],
    ["Type", it.spec.type],
    ["IP", it.spec.clusterIP],
    ...ports,
    ["Session Affinity", it.spec.sessionAffinity ?? "None"],
  ];
  return `${head(it, more)}\n${eventsOf(lab, it)}`;
}

function endpoints(lab, it) {
  const list = (key) => it.subsets.flatMap((s) => s[key].map((a) => a.ip)).join(",") || "<none>";
  const ports = it.subsets.flatMap((s) => s.ports.map((p) => `${p.port}/${p.protocol ?? "TCP"}`)).join(",");
  const subsets = `Subsets:\n${pairs(
    [
      ["Addresses", list("addresses")],
      ["NotReadyAddresses", list("notReadyAddresses")],
      ["Ports", ports || "<none>"],
    ],
    "  ",
    WIDTH,
  )}`;
  return `${head(it, [])}\n${subsets}`;
}

function node(lab, it) {
  const { name, labels, creationTimestamp } = it.metadata;
  const isClosed = Boolean(it.spec?.unschedulable);
  const entries = [
    ["Name", name],
    ["Labels", several(labels)],
    ["CreationTimestamp", date(creationTimestamp)],
    ["Taints", isClosed ? "node.kubernetes.io/unschedulable:NoSchedule" : "<none>"],
    ["Unschedulable", isClosed ? "true" : "false"],
    ["InternalIP", it.status?.addresses?.[0]?.address ?? ""],
    ["PodCIDR", it.spec?.podCIDR ?? ""],
  ];
  const pods = lab.state.pods.filter((p) => p.spec.nodeName === name);
  const rows = pods.map((p) => [
    "default",
    p.metadata.name,
    duration(lab.clock.nowMs() - Date.parse(p.metadata.creationTimestamp)),
  ]);
  const list =
    `Pods of namespace default:  (${pods.length} in ` +
    `total)\n${indented(table(["Namespace", "Name", "Age"], rows), 2)}`;
  return [
    pairs(entries, "", WIDTH),
    conditions(it.status?.conditions ?? [], ["Type", "Status", "Reason", "Message"]),
    list,
    eventsOf(lab, it),
  ].join("\n");
}

const HOW = {
  Pod: pod,
  Deployment: deployment,
  ReplicaSet: replicaSet,
  Service: service,
  Endpoints: endpoints,
  Node: node,
};
