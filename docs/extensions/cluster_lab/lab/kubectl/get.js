/** @file `kubectl get`: tables as kubectl prints them, and objects as YAML or JSON. */

import { stringify } from "yaml";

import { LabError } from "../errors.js";
import { kindNamed } from "../kinds.js";
import { aggregated } from "./events.js";
import { endpointsOf, ENDPOINTS, find, selects, targets } from "./select.js";
import { readyOf, restartsOf, statusOf } from "../status.js";
import { duration, labelsOf, table } from "./table.js";

const VERSION = "v1.36.0";
/** What "all" means. */
const ALL = ["pod", "service", "deployment", "replicaset"];

/** @param {import("../cluster.js").Lab} lab @param {import("./line.js").Line} line */
export function get(lab, { args, flags }) {
  if (flags.watch) throw new LabError("-w does not work in this line: the picture of the cluster shows each change.");
  if (args.length === 0)
    throw new LabError("error: You must specify the type of resource to get. For example: kubectl get pods");
  const isAll = args[0] === "all";
  /** @type {Array<{kind: any, name?: string}>} */
  const wanted = isAll ? ALL.map((it) => ({ kind: kindNamed(it) })) : targets(args);
  const groups = new Map();
  for (const { kind, name } of wanted) {
    const found = name ? [find(lab, kind, name)] : listed(lab, kind, flags.selector);
    groups.set(kind, [...(groups.get(kind) ?? []), ...found]);
  }
  const isMixed =
    groups.size > 1 || isAll || (new Set(args.map((it) => it.split("/")[0])).size > 1 && args[0].includes("/"));
  return shown(lab, groups, flags, isMixed);
}

function listed(lab, kind, selector) {
  const all =
    kind === ENDPOINTS
      ? endpointsOf(lab.state)
      : kind.key === "events"
        ? lab.objects.all("events")
        : lab.state[kind.key];
  const found = selector ? all.filter((it) => selects(String(selector), it.metadata.labels)) : [...all];
  return kind.key === "events" ? found : found.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function shown(lab, groups, flags, isMixed) {
  const [format] = String(flags.output ?? "").split("=");
  const objects = [...groups.values()].flat();
  if (format === "yaml" || format === "json") return printed(objects, format, isMixed);
  if (format === "name") {
    const names = (kind, list) => list.map((it) => `${kind.one}${kind.group}/${it.metadata.name}`);
    return [...groups].flatMap(([kind, list]) => names(kind, list)).join("\n");
  }
  if (!["", "wide"].includes(format)) {
    throw new LabError(`error: this lab knows -o wide, yaml, json and name, not -o ${flags.output}`);
  }
  if (objects.length === 0) return "No resources found in default namespace.";
  const parts = [];
  for (const [kind, list] of groups) if (list.length) parts.push(rows(lab, kind, list, flags, isMixed));
  const warning = "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n";
  return (groups.has(ENDPOINTS) ? warning : "") + parts.join("\n\n");
}

function printed(objects, format, isMixed) {
  const list = { apiVersion: "v1", items: objects, kind: "List", metadata: { resourceVersion: "" } };
  const what = objects.length === 1 && !isMixed ? objects[0] : list;
  return format === "json"
    ? JSON.stringify(what, null, 4)
    : stringify(what, { sortMapEntries: true, lineWidth: 0 }).trimEnd();
}

function rows(lab, kind, list, flags, isMixed) {
  const isWide = flags.output === "wide";
  const now = lab.clock.nowMs();
  if (kind.key === "events") return eventRows(list, now);
  const { headings, wide, row } = COLUMNS[kind.kind];
  const prefix = isMixed ? `${kind.one}${kind.group}/` : "";
  const all = [...headings, ...(isWide ? wide : []), ...(flags["show-labels"] ? ["LABELS"] : [])];
  const lines = list.map((object) => {
    const { cells, more = [] } = row(object, (at) => (at ? duration(now - Date.parse(at)) : "<unknown>"));
    const labels = flags["show-labels"] ? [labelsOf(object.metadata.labels)] : [];
    return [prefix + object.metadata.name, ...cells, ...(isWide ? more : []), ...labels];
  });
  return table(all, lines);
}

function eventRows(list, now) {
  const told = aggregated(list).map((it) => [
    it.count > 1
      ? `${duration(now - it.last)} (x${it.count} over ${duration(now - it.first)})`
      : duration(now - it.last),
    ...[it.type, it.reason, `${it.about.kind.toLowerCase()}/${it.about.name}`, it.message],
  ]);
  return table(["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"], told);
}

const templateCells = (object) => {
  const { containers } = object.spec.template.spec;
  const selector = labelsOf(object.spec.selector.matchLabels);
  return [containers.map((it) => it.name).join(","), containers.map((it) => it.image).join(","), selector];
};

const COLUMNS = {
  Pod: {
    headings: ["NAME", "READY", "STATUS", "RESTARTS", "AGE"],
    wide: ["IP", "NODE", "NOMINATED NODE", "READINESS GATES"],
    row: (pod, age) => {
      const { count, last } = restartsOf(pod);
      const restarts = count && Number.isFinite(last) ? `${count} (${age(new Date(last).toISOString())} ago)` : count;
      return {
        cells: [readyOf(pod), statusOf(pod), restarts, age(pod.metadata.creationTimestamp)],
        more: [pod.status?.podIP ?? "<none>", pod.spec.nodeName ?? "<none>", "<none>", "<none>"],
      };
    },
  },
  Deployment: {
    headings: ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"],
    wide: ["CONTAINERS", "IMAGES", "SELECTOR"],
    row: (it, age) => {
      const { readyReplicas = 0, updatedReplicas = 0, availableReplicas = 0 } = it.status ?? {};
      const ready = `${readyReplicas}/${it.spec.replicas}`;
      return {
        cells: [ready, updatedReplicas, availableReplicas, age(it.metadata.creationTimestamp)],
        more: templateCells(it),
      };
    },
  },
  ReplicaSet: {
    headings: ["NAME", "DESIRED", "CURRENT", "READY", "AGE"],
    wide: ["CONTAINERS", "IMAGES", "SELECTOR"],
    row: (it, age) => {
      const { replicas = 0, readyReplicas = 0 } = it.status ?? {};
      return {
        cells: [it.spec.replicas, replicas, readyReplicas, age(it.metadata.creationTimestamp)],
        more: templateCells(it),
      };
    },
  },
  Service: {
    headings: ["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"],
    wide: ["SELECTOR"],
    row: (it, age) => {
      const port = (p) => `${p.port}${p.nodePort ? `:${p.nodePort}` : ""}/${p.protocol ?? "TCP"}`;
      const ports = (it.spec.ports ?? []).map(port).join(",");
      const cells = [it.spec.type, it.spec.clusterIP, "<none>", ports, age(it.metadata.creationTimestamp)];
      return { cells, more: [labelsOf(it.spec.selector)] };
    },
  },
  Endpoints: {
    headings: ["NAME", "ENDPOINTS", "AGE"],
    wide: [],
    row: (it, age) => {
      const all = it.subsets.flatMap((s) => s.addresses.flatMap((a) => s.ports.map((p) => `${a.ip}:${p.port}`)));
      const more = all.length > 3 ? ` + ${all.length - 3} more...` : "";
      return { cells: [all.length ? all.slice(0, 3).join(",") + more : "<none>", age(it.metadata.creationTimestamp)] };
    },
  },
  EndpointSlice: {
    headings: ["NAME", "ADDRESSTYPE", "PORTS", "ENDPOINTS", "AGE"],
    wide: [],
    row: (it, age) => {
      const addresses = (it.endpoints ?? []).map((e) => e.addresses[0]);
      const more = addresses.length > 3 ? ` + ${addresses.length - 3} more...` : "";
      const ports = (it.ports ?? []).map((p) => p.port).join(",") || "<unset>";
      const shownOnes = addresses.length ? addresses.slice(0, 3).join(",") + more : "<unset>";
      return { cells: [it.addressType, ports, shownOnes, age(it.metadata.creationTimestamp)] };
    },
  },
  Node: {
    headings: ["NAME", "STATUS", "ROLES", "AGE", "VERSION"],
    wide: ["INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME"],
    row: (it, age) => {
      const ready = it.status?.conditions?.find((c) => c.type === "Ready")?.status === "True" ? "Ready" : "NotReady";
      const status = it.spec?.unschedulable ? `${ready},SchedulingDisabled` : ready;
      const ip = it.status?.addresses?.find((a) => a.type === "InternalIP")?.address;
      const more = [ip, "<none>", "<a page in your browser>", "<none>", "simulator://0.0.0"];
      return { cells: [status, "<none>", age(it.metadata.creationTimestamp), VERSION], more };
    },
  },
};
