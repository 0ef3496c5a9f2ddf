/** @file Check: a Service that found no Pods finds them. */

import { isReady, podsOf } from "../kinds.js";
import { count, deploymentOf, done, missing, NAME } from "./verdict.js";

/** @param {import("../cluster.js").Lab} lab */
export async function endpointsFound(lab) {
  const { state } = lab;
  const deployment = deploymentOf(state);
  if (!deployment) return missing(0, `The Deployment "${NAME}" is gone, so there is nothing to find. Start again.`);
  const service = state.services.find((it) => it.metadata.name === NAME);
  if (!service)
    return missing(
      0,
      `There is no Service called "${NAME}" any more. The requests go to that name, so it has to be there.`,
    );
  const ready = podsOf(state, deployment)
    .filter(isReady)
    .map((it) => it.status.podIP);
  if (ready.length === 0)
    return missing(0, "No Pod is ready, so no Service could find one. kubectl get pods shows how they are.");
  const found = addressesOf(state);
  if (found.length === 0) return missing(0.25, noneFound(service));
  const others = found.filter((it) => !ready.includes(it));
  if (others.length)
    return missing(
      0.5,
      `The Service finds ${count(others.length)} that ${others.length > 1 ? "do" : "does"} not belong ` +
        "to the Deployment. Leave the labels of the Pods as they are; look at the Service's " +
        "selector.",
    );
  if (found.length < ready.length)
    return missing(
      0.5,
      `The Service finds ${found.length} of the ${ready.length} Pods that are ready. Which labels do ` +
        "all of them have? kubectl get pods --show-labels",
    );
  const answer = await lab.ask(NAME);
  if (!answer.ok)
    return missing(
      0.75,
      `The Service finds the Pods, but a request gets no answer (${answer.reason}). On which port do ` +
        "the Pods listen, and to which one does the Service send? kubectl logs and kubectl describe " +
        "service tell.",
    );
  return done(`The Service finds all ${found.length} Pods, and one of them answered a request to it.`);
}

function addressesOf(state) {
  return state.endpoints
    .filter((it) => it.metadata.labels?.["kubernetes.io/service-name"] === NAME)
    .flatMap((it) => it.endpoints ?? [])
    .filter((it) => it.conditions?.ready)
    .map((it) => it.addresses[0]);
}

function noneFound(service) {
  if (!Object.keys(service.spec.selector ?? {}).length)
    return "The Service has no selector any more: so it looks for nothing, and finds nothing.";
  return (
    "The Service has no endpoints: it finds no Pod. Compare letter by letter what it looks for " +
    "(kubectl describe service tiles, Selector) with what the Pods have (kubectl get pods " +
    "--show-labels)."
  );
}
