/** @file What the kubectl line remembers and completes, without the page. */

/** The commands that were given, and where the student is among them. */
export class History {
  #lines = /** @type {string[]} */ ([]);
  #at = 0;
  #draft = "";

  /** @param {string} line */
  add(line) {
    if (line !== this.#lines.at(-1)) this.#lines.push(line);
    this.#at = this.#lines.length;
  }

  /** @param {number} by -1 for an older one, 1 for a newer one @param {string} current what stands in the line @returns {string|null} */
  move(by, current) {
    const next = this.#at + by;
    if (next < 0 || next > this.#lines.length) return null;
    if (this.#at === this.#lines.length) this.#draft = current;
    this.#at = next;
    return this.#lines[next] ?? this.#draft;
  }
}

/**
 * The line with its last word replaced by what all candidates begin with.
 *
 * @param {string} line
 * @param {string[]} candidates words that can stand in place of the last one
 * @returns {string} the line itself where nothing can be added
 */
export function completed(line, candidates) {
  if (candidates.length === 0) return line;
  const common = candidates.reduce((one, other) => {
    let length = 0;
    while (length < one.length && one[length] === other[length]) length += 1;
    return one.slice(0, length);
  });
  const word = lastWord(line);
  if (candidates.length === 1) return replaced(line, candidates[0]);
  return common.length > word.length ? line.slice(0, line.length - word.length) + common : line;
}

/** The line with this word in place of its last one, ready for the next. @param {string} line @param {string} word */
export function replaced(line, word) {
  const end = /[=/]$/.test(word) ? "" : " ";
  return line.slice(0, line.length - lastWord(line).length) + word + end;
}

function lastWord(line) {
  return line.split(" ").at(-1) ?? "";
}

/**
 * Commands that make sense now, for those who do not like to type.
 *
 * @param {import("./model.js").Model} model
 * @returns {string[]}
 */
export function typical(model) {
  const pod = model.pods.find((it) => it.state === "failing" || it.state === "unready") ?? model.pods[0];
  const deployment = model.deployments[0];
  const service = model.services[0];
  return [
    "kubectl get pods -o wide",
    model.deployments.length > 0 ? "kubectl get deployments,replicasets" : "kubectl get nodes",
    "kubectl apply -f manifest.yaml",
    pod ? `kubectl describe pod ${pod.name}` : "",
    pod ? `kubectl logs ${pod.name}` : "",
    deployment ? `kubectl rollout status deployment/${deployment.name}` : "",
    service ? `kubectl get endpointslices` : "",
    "kubectl get events",
  ].filter(Boolean);
}
