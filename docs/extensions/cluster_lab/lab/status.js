/** @file What kubectl says of a Pod in one word, as its printer finds it. */

/** @see k8s.io/kubernetes/pkg/printers/internalversion, printPod */
export function statusOf(pod) {
  if (pod.metadata.deletionTimestamp) return "Terminating";
  const { phase = "Pending", reason, containerStatuses = [] } = pod.status ?? {};
  let told = reason ?? phase;
  let isRunning = false;
  for (const { state = {}, ready } of [...containerStatuses].reverse()) {
    if (state.waiting?.reason) told = state.waiting.reason;
    else if (state.terminated) told = endOf(state.terminated);
    else if (ready && state.running) isRunning = true;
  }
  return told === "Completed" && isRunning ? "Running" : told;
}

function endOf({ reason, signal, exitCode }) {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

/** How many of a Pod's containers are ready, as "1/1". */
export function readyOf(pod) {
  const statuses = pod.status?.containerStatuses ?? [];
  return `${statuses.filter((it) => it.ready).length}/${pod.spec.containers.length}`;
}

/** How often containers of a Pod were started again, and when last. */
export function restartsOf(pod) {
  const statuses = pod.status?.containerStatuses ?? [];
  const ends = statuses.map((it) => Date.parse(it.lastState?.terminated?.finishedAt ?? "")).filter(Number.isFinite);
  return { count: statuses.reduce((sum, it) => sum + it.restartCount, 0), last: Math.max(...ends) };
}
