/** @file Check: a liveness probe that killed a healthy program asks at the right place. */

import { podsOf } from "../kinds.js";
import { count, deploymentOf, done, missing, NAME, notReadyWords } from "./verdict.js";

const WANTED = 2;
/** So many milliseconds without a restart are enough to believe that there will be none. */
const QUIET = 10_000;

/** @param {import("../cluster.js").Lab} lab */
export async function probeFixed(lab) {
  const { state, history, now } = lab;
  const deployment = deploymentOf(state);
  if (!deployment)
    return missing(
      0,
      `The Deployment "${NAME}" is gone. Restarts end that way too, but so does the service. Start again.`,
    );
  const [container] = deployment.spec.template.spec.containers;
  const probe = container.livenessProbe;
  if (!probe)
    return missing(
      0.25,
      "The liveness probe is gone. There are no restarts any more, but nobody would notice either when " +
        "the program hangs. Let it ask, at the right place.",
    );
  const wrong = await wrongPlace(lab, deployment, probe);
  if (wrong) return missing(0.25, wrong);
  const words = notReadyWords(state, deployment, WANTED);
  if (words) return missing(0.5, words);
  const pods = podsOf(state, deployment).filter((it) => !it.metadata.deletionTimestamp);
  const since = Math.max(...pods.map((it) => lastStart(history.pods.get(it.metadata.uid))));
  if (now - since < QUIET)
    return missing(
      0.75,
      "The probe asks at a place that answers. The last start of a container was " +
        `${Math.floor((now - since) / 1000)} seconds ago: look a little longer whether it stays quiet.`,
    );
  return done(
    `${count(pods.length)} ready, and no restart for ${Math.floor((now - since) / 1000)} seconds: the ` +
      "probe asks where the program answers.",
  );
}

function lastStart(story) {
  return story?.restarted ?? story?.ready ?? story?.created ?? Infinity;
}

/** Whether the probe, asked of a Pod that runs, gets no answer; nothing where it does, or where no Pod runs. */
async function wrongPlace(lab, deployment, probe) {
  const { state } = lab;
  if (!probe.httpGet) {
    if (probe.exec?.command?.[0] === "true")
      return (
        "The probe runs a command that always succeeds: it would never notice that the program hangs. Let " +
        "it ask the program itself."
      );
    return "";
  }
  const { path = "/", port } = probe.httpGet;
  const ports = deployment.spec.template.spec.containers[0].ports ?? [];
  const number = typeof port === "number" ? port : ports.find((it) => it.name === port)?.containerPort;
  if (number === undefined)
    return `The probe asks at the port called "${port}", and the container has none of that name.`;
  const pods = podsOf(state, deployment).filter(
    (it) => JSON.stringify(it.spec.containers[0].livenessProbe) === JSON.stringify(probe),
  );
  const pod = pods.find((it) => it.status?.phase === "Running" && it.status.podIP && !it.metadata.deletionTimestamp);
  if (!pod) return "";
  const status = await lab.statusAt(`http://${pod.status.podIP}:${number}${path}`);
  const place = `port ${number}, path ${path}`;
  // A container that is just being started again answers nowhere; then its manifest tells where it would.
  const isElsewhere = ports.length > 0 && !ports.some((it) => it.containerPort === number);
  if (status === "refused" && (isElsewhere || (await isUp(lab, pod))))
    return (
      `The liveness probe asks at ${place}, where nothing listens. On which port does the program ` +
      "listen? kubectl logs says it at its first line."
    );
  const restarts = Math.max(...pods.map((it) => it.status?.containerStatuses?.[0]?.restartCount ?? 0));
  if (status === "refused" && restarts > 0)
    return (
      `Containers are started again and again (${count(restarts, "restart")} so far). The program does ` +
      "not end by itself: kubectl describe pod says, at its end, who stops it and why."
    );
  if (Number(status) >= 400)
    return (
      `The liveness probe asks at ${place}, and the program answers ${status}. Which paths does it ` +
      "know? The text above names them."
    );
  return "";
}

/** Whether the program itself answers by now; a server needs a moment after its start. */
async function isUp(lab, pod) {
  return (await lab.statusAt(`http://${pod.status.podIP}:8080/alive`)) !== "refused";
}
