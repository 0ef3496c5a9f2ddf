/** @file What the API server fills in where a manifest says nothing; only what this cluster knows. */

/**
 * Fills in the defaults of an object, in place.
 * @param {any} object
 * @see https://kubernetes.io/docs/reference/kubernetes-api/ — "Defaults to …" at each field
 */
export function addDefaults(object) {
  if (object.kind === "Pod") podDefaults(object.spec);
  if (["Deployment", "ReplicaSet"].includes(object.kind) && object.spec.template?.spec) {
    podDefaults(object.spec.template.spec);
  }
  if (object.kind === "Service") {
    object.spec.type ??= "ClusterIP";
    object.spec.sessionAffinity ??= "None";
    for (const port of object.spec.ports ?? []) {
      port.protocol ??= "TCP";
      port.targetPort ??= port.port;
    }
  }
  return object;
}

function podDefaults(spec) {
  spec.restartPolicy ??= "Always";
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ??= "ClusterFirst";
  spec.schedulerName ??= "default-scheduler";
  for (const container of spec.containers ?? []) {
    const isLatest = !/:[^/]+$/.test(container.image ?? "") || container.image.endsWith(":latest");
    container.imagePullPolicy ??= isLatest ? "Always" : "IfNotPresent";
    for (const port of container.ports ?? []) port.protocol ??= "TCP";
    for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) {
      if (container[name]) probeDefaults(container[name]);
    }
  }
}

function probeDefaults(probe) {
  probe.timeoutSeconds ??= 1;
  probe.periodSeconds ??= 10;
  probe.successThreshold ??= 1;
  probe.failureThreshold ??= 3;
  if (probe.httpGet) probe.httpGet.path ??= "/";
  if (probe.httpGet) probe.httpGet.scheme ??= "HTTP";
}
