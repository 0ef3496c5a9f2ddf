/** @file What goes on inside a Pod: its log, and commands run in it. */

import { LabError } from "../errors.js";
import { podsOf } from "../kinds.js";
import { find, targets } from "./select.js";

/** How many milliseconds of the cluster's time a command may take. */
const PATIENCE = 5000;

/** @param {import("../cluster.js").Lab} lab @param {string[]} args */
function podOf(lab, args, example) {
  if (args.length === 0) throw new LabError(`error: expected 'POD'. For example: kubectl ${example}`);
  const [{ kind, name }] = targets(args[0].includes("/") ? [args[0]] : ["pod", args[0]]);
  const object = find(lab, kind, name);
  if (kind.kind === "Pod") return object;
  if (!["Deployment", "ReplicaSet"].includes(kind.kind))
    throw new LabError(`error: a ${kind.kind} runs nothing; Pods do`);
  const [pod] = podsOf(lab.state, object);
  if (!pod) throw new LabError(`error: ${kind.one} "${name}" has no Pods`);
  return pod;
}

function containerOf(pod, flags, args = []) {
  const names = pod.spec.containers.map((it) => it.name);
  const wanted = flags.container ?? args[0] ?? names[0];
  if (!names.includes(wanted))
    throw new LabError(
      `error: container ${wanted} is not valid for pod ${pod.metadata.name}. It has: ${names.join(", ")}`,
    );
  return wanted;
}

/** @param {import("./change.js").Setting} setting @param {import("./line.js").Line} line */
export function logs({ lab, did }, { args, flags }) {
  const isNamed = args[0]?.includes("/") || args[0] !== "pod";
  const words = isNamed ? args : args.slice(1);
  const pod = podOf(lab, words, "logs POD");
  const container = containerOf(pod, flags, words.slice(1));
  const { name } = pod.metadata;
  did("Pod", name);
  const lines = lab.logs(pod, container, Boolean(flags.previous));
  if (lines)
    return flags.tail === undefined ? lines.join("\n") : lines.slice(-Number(flags.tail) || lines.length).join("\n");
  if (flags.previous)
    throw new LabError(
      `Error from server (BadRequest): previous terminated container "${container}" in pod "${name}" not found`,
    );
  const waiting = pod.status?.containerStatuses?.find((it) => it.name === container)?.state?.waiting?.reason;
  const why =
    waiting === "ErrImagePull" || waiting === "ImagePullBackOff"
      ? "trying and failing to pull image"
      : (waiting ?? "PodScheduled is not true yet");
  throw new LabError(
    `Error from server (BadRequest): container "${container}" in pod "${name}" is waiting to start: ${why}`,
  );
}

/** @param {import("./change.js").Setting} setting @param {import("./line.js").Line} line */
export async function exec({ lab, did }, { args, flags, rest }) {
  const pod = podOf(lab, args, "exec POD -- hostname");
  const argv = rest.length ? rest : args.slice(1);
  if (argv.length === 0)
    throw new LabError(
      "error: you must specify at least one command for the container. For example: kubectl exec POD -- hostname",
    );
  if (argv.length === 1 && /^(ba)?sh$/.test(argv[0])) {
    throw new LabError(
      "error: a shell that waits for your typing is not here. Write the command itself: kubectl exec " +
        "POD -- wget -qO- http://tiles",
    );
  }
  const container = containerOf(pod, flags);
  if (!pod.spec.nodeName) throw new LabError(`error: pod ${pod.metadata.name} does not have a host assigned`);
  if (pod.status?.phase !== "Running")
    throw new LabError(
      `error: cannot exec into a container in a completed pod; current phase is ${pod.status?.phase ?? "Pending"}`,
    );
  did("Pod", pod.metadata.name);
  const done = await ran(lab, pod.metadata.name, argv, container);
  const output = (done.stdout + done.stderr).replace(/\n$/, "");
  if (done.exitCode === 0) return output;
  throw new LabError(`${output}${output ? "\n" : ""}command terminated with exit code ${done.exitCode}`);
}

async function ran(lab, name, argv, container) {
  const failing = (error) => ({ error });
  const run = lab.exec(name, argv, container).catch(failing);
  // A command such as "sleep 2" wants time to go by.
  const done = (await lab.atOnce(run, undefined)) ?? (await lab.within(run, PATIENCE));
  if (!done) throw new LabError("error: the command takes longer than this line waits");
  if (!done.error) return done;
  if (!/executable file not found/.test(done.error.message)) throw done.error;
  throw new LabError(
    `error: exec: "${argv[0]}": executable file not found in $PATH. ` +
      "These images have: wget, curl, hostname, env, cat, ls, ps, date, echo, sleep",
  );
}
