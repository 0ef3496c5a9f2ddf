/** @file Commands that change what is wanted: apply, delete, scale, set image, label, run, expose. */

import { LabError } from "../errors.js";
import { read } from "../manifest.js";
import { ENDPOINTS, find, selects, targets } from "./select.js";

/**
 * @typedef {object} Setting
 * @property {import("../cluster.js").Lab} lab
 * @property {string} text the manifest in the editor
 * @property {(kind: string, name: string, verb?: string) => void} did notes what was done, for the checks
 */

const told = (kind, name) => `${kind.one}${kind.group}/${name}`;

/** The objects of the editor; its faults, all of them, where it has some. */
function manifest({ text }, { flags, args }) {
  if (!flags.filename) {
    const meant = args.length ? ` Do you mean: -f ${args[0]}?` : " For example: kubectl apply -f manifest.yaml";
    throw new LabError(`error: must specify one of -f and -k.${meant}`);
  }
  const { objects, faults } = read(text);
  if (faults.length) throw new LabError(faults.map((it) => `line ${it.line}: ${it.message}`).join("\n"));
  if (objects.length === 0) throw new LabError("error: no objects passed to apply: the editor holds no manifest");
  return objects;
}

/** @param {Setting} setting @param {import("./line.js").Line} line */
export async function apply(setting, line) {
  const lines = [];
  for (const object of manifest(setting, line)) {
    const [{ kind, name, what }] = await setting.lab.apply([object]);
    setting.did(kind, name);
    const [{ kind: it }] = targets([kind.toLowerCase()]);
    lines.push(`${told(it, name)} ${what}`);
  }
  return lines.join("\n");
}

/** @param {Setting} setting @param {import("./line.js").Line} line */
export async function create(setting, line) {
  const lines = [];
  for (const object of line.args[0] ? [deploymentOf(line)] : manifest(setting, line)) {
    const [{ kind }] = targets([object.kind.toLowerCase()]);
    const { name } = object.metadata;
    if (setting.lab.state[kind.key].some((it) => it.metadata.name === name)) {
      throw new LabError(
        `Error from server (AlreadyExists): ${kind.many}${kind.group} "${name}" already exists. To change ` +
          "it: kubectl apply",
      );
    }
    await setting.lab.apply([object]);
    setting.did(kind.kind, name);
    lines.push(`${told(kind, name)} created`);
  }
  return lines.join("\n");
}

/** The Deployment of `kubectl create deployment web --image=web:1.0`. */
function deploymentOf({ args, flags }) {
  const [what, name] = args;
  if (!/^deploy(ments?)?$/.test(what)) {
    throw new LabError(
      "error: here, kubectl create makes a Deployment, or what the editor holds: kubectl create -f manifest.yaml " +
        "(kubectl run makes a Pod, kubectl expose a Service)",
    );
  }
  if (!name)
    throw new LabError(
      "error: exactly one NAME is required, got 0. For example: kubectl create deployment web --image=tiles:1.0",
    );
  if (!flags.image) throw new LabError('error: required flag(s) "image" not set. For example: --image=tiles:1.0');
  const image = String(flags.image);
  const labels = { app: name };
  const [container] = image.split("/").slice(-1)[0].split(":");
  const ports = flags.port ? { ports: [{ containerPort: Number(flags.port) }] } : {};
  const template = { metadata: { labels }, spec: { containers: [{ name: container, image, ...ports }] } };
  const spec = { replicas: Number(flags.replicas ?? 1), selector: { matchLabels: labels }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, labels }, spec };
}

/** @param {Setting} setting @param {import("./line.js").Line} line */
export async function remove(setting, line) {
  const lines = [];
  for (const { kind, name } of toRemove(setting, line)) {
    if (kind.kind === "Node") throw new LabError("error: the nodes of this cluster stay. To empty one: kubectl drain");
    const grace = line.flags.now ? 1 : line.flags["grace-period"];
    await setting.lab.delete(kind.kind, name, grace === undefined ? {} : { gracePeriodSeconds: Number(grace) });
    setting.did(kind.kind, name);
    lines.push(`${kind.one}${kind.group} "${name}" deleted from default namespace`);
  }
  return lines.join("\n") || "No resources found";
}

function toRemove(setting, line) {
  const { lab } = setting;
  const { args, flags } = line;
  if (flags.filename) {
    return manifest(setting, line).map((it) => {
      const [{ kind }] = targets([it.kind.toLowerCase()]);
      return { kind, name: find(lab, kind, it.metadata.name).metadata.name };
    });
  }
  if (args.length === 0)
    throw new LabError(
      "error: You must provide one or more resources by argument or filename. For example: kubectl delete pod NAME",
    );
  const wanted = targets(args);
  if (wanted.some((it) => it.kind === ENDPOINTS))
    throw new LabError(
      "error: Endpoints belong to their Service and are made by a controller: change the Service or the Pods' labels",
    );
  return wanted.flatMap(({ kind, name }) => {
    if (name) return [{ kind, name: find(lab, kind, name).metadata.name }];
    if (!flags.selector && !flags.all) {
      throw new LabError(
        `error: resource(s) were provided, but no name was specified: write the name behind "${kind.one}", or --all`,
      );
    }
    const all = lab.state[kind.key].filter(
      (it) => !flags.selector || selects(String(flags.selector), it.metadata.labels),
    );
    return all.map((it) => ({ kind, name: it.metadata.name }));
  });
}

/** @param {Setting} setting @param {import("./line.js").Line} line */
export async function scale({ lab, did }, { args, flags }) {
  const replicas = Number(flags.replicas);
  if (flags.replicas === undefined)
    throw new LabError(
      'error: required flag(s) "replicas" not set. For example: kubectl scale deployment NAME --replicas=2',
    );
  if (!Number.isInteger(replicas) || replicas < 0)
    throw new LabError(`error: --replicas=${flags.replicas}: a whole number of 0 or more is needed`);
  if (replicas > 20) throw new LabError("error: this small cluster is meant for 20 replicas at most");
  const lines = [];
  for (const { kind, name } of named(args, "scale deployment NAME --replicas=2")) {
    if (!["Deployment", "ReplicaSet"].includes(kind.kind)) {
      throw new LabError(
        `error: a ${kind.kind} cannot be scaled: it is one thing. A Deployment keeps several Pods of one kind.`,
      );
    }
    find(lab, kind, name);
    await lab.scale(kind.kind, name, replicas);
    did(kind.kind, name);
    lines.push(`${told(kind, name)} scaled`);
  }
  return lines.join("\n");
}

/** @returns {Array<{kind: any, name: string}>} */
export function named(args, example) {
  const wanted = targets(args).map(({ kind, name = "" }) => ({ kind, name }));
  if (wanted.length === 0 || wanted.some((it) => !it.name)) {
    throw new LabError(`error: a kind and a name are needed. For example: kubectl ${example}`);
  }
  return wanted;
}

/** `kubectl set image deployment/web web=web:2.0`. @param {Setting} setting @param {import("./line.js").Line} line */
export async function set({ lab, did }, { args }) {
  const [what, ...rest] = args;
  const example = "set image deployment/NAME CONTAINER=IMAGE";
  if (what !== "image")
    throw new LabError(`error: here, kubectl set knows "image" only. For example: kubectl ${example}`);
  const changes = rest.filter((it) => it.includes("="));
  const [{ kind, name }] = named(
    rest.filter((it) => !it.includes("=")),
    example,
  );
  if (changes.length === 0)
    throw new LabError(`error: at least one image update is required. For example: kubectl ${example}`);
  if (!["Deployment", "Pod", "ReplicaSet"].includes(kind.kind))
    throw new LabError(`error: a ${kind.kind} has no containers`);
  const object = structuredClone(find(lab, kind, name));
  const { containers } = kind.kind === "Pod" ? object.spec : object.spec.template.spec;
  for (const change of changes) {
    const [container, image] = change.split(/=(.*)/s);
    const meant = containers.filter((it) => it.name === container || container === "*");
    if (meant.length === 0) {
      throw new LabError(
        `error: unable to find container named "${container}". It has: ${containers.map((it) => it.name).join(", ")}`,
      );
    }
    for (const it of meant) it.image = image;
  }
  const body = kind.kind === "Pod" ? { spec: { containers } } : { spec: { template: { spec: { containers } } } };
  const before = find(lab, kind, name).metadata.resourceVersion;
  const after = await lab.patch(kind.kind, name, body);
  did(kind.kind, name, "set image");
  return after.metadata.resourceVersion === before ? "" : `${told(kind, name)} image updated`;
}

/** `kubectl label pod web app=web tier-`. @param {Setting} setting @param {import("./line.js").Line} line */
export async function label({ lab, did }, { args, flags }) {
  const isChange = (it) => it.includes("=") || (it.endsWith("-") && !it.includes("/"));
  const changes = args.filter(isChange);
  const others = args.filter((it) => !isChange(it));
  const all = () =>
    targets(others).flatMap(({ kind }) => lab.state[kind.key].map((it) => ({ kind, name: String(it.metadata.name) })));
  const wanted = flags.all ? all() : named(others, "label pod NAME app=tiles");
  if (changes.length === 0)
    throw new LabError("error: at least one label update is required. For example: kubectl label pod NAME app=tiles");
  const lines = [];
  for (const { kind, name } of wanted) {
    const object = find(lab, kind, name);
    const labels = {};
    for (const change of changes) {
      const [key, value] =
        change.endsWith("-") && !change.includes("=") ? [change.slice(0, -1), null] : change.split(/=(.*)/s);
      const is = object.metadata.labels?.[key];
      if (value !== null && is !== undefined && is !== value && !flags.overwrite) {
        throw new LabError(`error: '${key}' already has a value (${is}), and --overwrite is false`);
      }
      labels[key] = value;
    }
    await lab.patch(kind.kind, name, { metadata: { labels } });
    did(kind.kind, name);
    lines.push(`${told(kind, name)} ${Object.values(labels).every((it) => it === null) ? "unlabeled" : "labeled"}`);
  }
  return lines.join("\n");
}

/** `kubectl run web --image=web:1.0`. @param {Setting} setting @param {import("./line.js").Line} line */
export async function run({ lab, did }, { args, flags, rest }) {
  const [name] = args;
  if (!name) throw new LabError("error: NAME is required for run. For example: kubectl run first --image=tiles:1.0");
  if (!flags.image) throw new LabError('error: required flag(s) "image" not set. For example: --image=tiles:1.0');
  if (lab.state.pods.some((it) => it.metadata.name === name)) {
    throw new LabError(`Error from server (AlreadyExists): pods "${name}" already exists`);
  }
  const words = [...args.slice(1), ...rest];
  const labels = flags.labels
    ? Object.fromEntries(
        String(flags.labels)
          .split(",")
          .map((it) => it.split("=")),
      )
    : { run: name };
  const container = {
    ...{ name, image: flags.image },
    ...(words.length ? { [flags.command ? "command" : "args"]: words } : {}),
    ...(flags.port ? { ports: [{ containerPort: Number(flags.port) }] } : {}),
    ...(flags.env
      ? { env: [flags.env].map((it) => ({ name: String(it).split("=")[0], value: String(it).split(/=(.*)/s)[1] })) }
      : {}),
  };
  const spec = { containers: [container], restartPolicy: flags.restart ?? "Always" };
  await lab.apply([{ apiVersion: "v1", kind: "Pod", metadata: { name, labels }, spec }]);
  did("Pod", name);
  return `pod/${name} created`;
}

/**
 * `kubectl expose deployment web --port=80 --target-port=8080`.
 * @param {Setting} setting
 * @param {import("./line.js").Line} line
 */
export async function expose({ lab, did }, { args, flags }) {
  const [{ kind, name: of }] = named(args, "expose deployment NAME --port=80 --target-port=8080");
  const object = find(lab, kind, of);
  const template = object.spec.template ?? object;
  const selector =
    object.spec.selector?.matchLabels ?? (kind.kind === "Service" ? object.spec.selector : object.metadata.labels);
  if (!selector) throw new LabError(`error: couldn't retrieve selectors: the ${kind.kind} has no labels`);
  const port = Number(flags.port ?? template.spec.containers?.[0].ports?.[0]?.containerPort);
  if (!port)
    throw new LabError(
      "error: couldn't find port via --port flag or introspection. For example: --port=80 --target-port=8080",
    );
  const name = String(flags.name ?? of);
  if (lab.state.services.some((it) => it.metadata.name === name)) {
    throw new LabError(`Error from server (AlreadyExists): services "${name}" already exists`);
  }
  const type = flags.type ?? "ClusterIP";
  if (!["ClusterIP", "NodePort"].includes(String(type)))
    throw new LabError(`error: this cluster has Services of type ClusterIP and NodePort, not ${type}`);
  const target = String(flags["target-port"] ?? port);
  const ports = [{ port, targetPort: /^\d+$/.test(target) ? Number(target) : target }];
  await lab.apply([{ apiVersion: "v1", kind: "Service", metadata: { name }, spec: { type, selector, ports } }]);
  did("Service", name);
  return `service/${name} exposed`;
}
