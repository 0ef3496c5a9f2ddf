/** @file Check: a program that ends is tried again until it succeeds, and then left alone. */

import { statusOf } from "../status.js";
import { done, missing } from "./verdict.js";

const NAME = "mosaic";

/** @param {import("../cluster.js").Lab} lab */
export function batchEnds({ state }) {
  const pod = state.pods.find((it) => it.metadata.name === NAME);
  if (!pod) return missing(0, noPod(state));
  const { restartPolicy } = pod.spec;
  const [status] = pod.status?.containerStatuses ?? [];
  const tries = (status?.restartCount ?? 0) + 1;
  if (!pod.spec.containers[0].image.startsWith("mosaic:"))
    return missing(
      0.25,
      `There is such a Pod, but its image is ${pod.spec.containers[0].image}, not the one that puts images together.`,
    );
  if (["ErrImagePull", "ImagePullBackOff"].includes(statusOf(pod)))
    return missing(
      0.25,
      `The node cannot fetch the image ${pod.spec.containers[0].image}. kubectl help lists what the registry has.`,
    );
  if (restartPolicy === "Always") return missing(0.25, always(tries));
  if (pod.status?.phase === "Failed")
    return missing(
      0.5,
      "The program failed at its first try, and the Pod may not try again: its restartPolicy forbids " +
        "it. kubectl logs says why it failed: another try would have helped.",
    );
  // The kubelet reports the end of the container a moment before that of the Pod.
  const isOver = pod.status?.phase === "Succeeded" || status?.state?.terminated?.exitCode === 0;
  if (!isOver)
    return missing(0.75, `The Pod has not ended yet: try ${tries}, status ${statusOf(pod)}. A few seconds more.`);
  return done(
    `The program failed once, was started again on the same node, and succeeded at try ${tries}. Now ` +
      "the Pod stays, ended, with its log.",
  );
}

function noPod(state) {
  if (state.deployments.length)
    return (
      "There is a Deployment, which keeps programs running for ever. A program that ends wants a Pod of " +
      `its own here, called "${NAME}".`
    );
  return `There is no Pod called "${NAME}". Apply the manifest, and watch what becomes of it.`;
}

function always(tries) {
  return (
    "The Pod's restartPolicy is Always, also where a manifest says nothing: the program is started " +
    `again even after it succeeded (${tries} ${tries > 1 ? "starts" : "start"} so far). Which policy ` +
    `means "until it succeeds"? A Pod that exists keeps its policy: delete it, then apply.`
  );
}
