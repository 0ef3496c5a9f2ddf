/** @file The fields of the objects that this cluster has: their types, what must be there, what is not here. */

/**
 * @typedef {object} Field
 * @property {"string" | "integer" | "boolean" | "port" | "share" | "map" | "object" | "list" | "any"} type
 *   "port": a number or a name; "share": a number or a percentage; "map": names and texts, such as labels
 * @property {Record<string, Field>} [fields] of an object
 * @property {Field} [of] of each thing in a list
 * @property {string[]} [needs] fields that must be there
 * @property {string[]} [oneOf] the only values
 * @property {number} [least]
 * @property {Record<string, string>} [absent] fields that Kubernetes has and this cluster does not, with words on each
 */

/** @type {Field} */
const text = { type: "string" };
/** @type {Field} */
const whole = { type: "integer", least: 0 };
/** @type {Field} */
const map = { type: "map" };
/** @type {Field} */
const any = { type: "any" };
/** @type {Field} */
const yes = { type: "boolean" };
/** @returns {Field} */
const listOf = (of) => ({ type: "list", of });
/** @returns {Field} */
const object = (fields, more = {}) => ({ type: "object", fields, ...more });

const metadata = object(
  { name: text, namespace: text, labels: map, annotations: map, generateName: text },
  { needs: ["name"] },
);

const httpGet = object(
  { path: text, port: { type: "port" }, scheme: { type: "string", oneOf: ["HTTP"] }, host: text, httpHeaders: any },
  { needs: ["port"] },
);
const probe = object(
  {
    httpGet,
    tcpSocket: object({ port: { type: "port" }, host: text }, { needs: ["port"] }),
    exec: object({ command: listOf(text) }, { needs: ["command"] }),
    initialDelaySeconds: whole,
    timeoutSeconds: { ...whole, least: 1 },
    periodSeconds: { ...whole, least: 1 },
    successThreshold: { ...whole, least: 1 },
    failureThreshold: { ...whole, least: 1 },
    terminationGracePeriodSeconds: whole,
  },
  { absent: { grpc: "Probes with gRPC are not in this cluster; httpGet, tcpSocket and exec are." } },
);

const env = object(
  { name: text, value: text },
  {
    needs: ["name"],
    absent: { valueFrom: "This cluster has neither ConfigMaps nor Secrets: write the value itself." },
  },
);

const NO_VOLUMES = "This cluster has no volumes.";
const NO_RESOURCES = "This cluster measures neither processor nor memory, so requests and limits mean nothing here.";

const container = object(
  {
    name: text,
    image: text,
    imagePullPolicy: { type: "string", oneOf: ["Always", "IfNotPresent", "Never"] },
    command: listOf(text),
    args: listOf(text),
    env: listOf(env),
    ports: listOf(
      object(
        { containerPort: { ...whole, least: 1 }, name: text, protocol: { type: "string", oneOf: ["TCP"] } },
        { needs: ["containerPort"], absent: { hostPort: "Ports of the node itself are not in this cluster." } },
      ),
    ),
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
  },
  {
    needs: ["name", "image"],
    absent: {
      resources: NO_RESOURCES,
      volumeMounts: NO_VOLUMES,
      volumeDevices: NO_VOLUMES,
      envFrom: "This cluster has neither ConfigMaps nor Secrets: use env.",
      lifecycle: "This cluster has no hooks at a container's start or end.",
      securityContext: "This cluster has no users and rights inside containers.",
      workingDir: "Containers have no working folder here.",
      stdin: "Nobody can type into a container here.",
      tty: "Nobody can type into a container here.",
      terminationMessagePath: "This cluster does not read messages of a container's end.",
      terminationMessagePolicy: "This cluster does not read messages of a container's end.",
    },
  },
);

const NO_AFFINITY = "This cluster's scheduler knows nodeSelector and closed nodes, nothing more.";

const podSpec = object(
  {
    containers: listOf(container),
    restartPolicy: { type: "string", oneOf: ["Always", "OnFailure", "Never"] },
    terminationGracePeriodSeconds: whole,
    activeDeadlineSeconds: { ...whole, least: 1 },
    nodeSelector: map,
    nodeName: text,
    dnsPolicy: text,
    schedulerName: text,
    enableServiceLinks: yes,
    hostname: text,
  },
  {
    needs: ["containers"],
    absent: {
      volumes: NO_VOLUMES,
      initContainers: "This cluster has no init containers.",
      ephemeralContainers: "This cluster has no ephemeral containers.",
      affinity: NO_AFFINITY,
      tolerations: NO_AFFINITY,
      topologySpreadConstraints: NO_AFFINITY,
      priorityClassName: NO_AFFINITY,
      resources: NO_RESOURCES,
      serviceAccountName: "This cluster has no accounts.",
      imagePullSecrets: "This cluster's registry asks nobody who they are.",
      securityContext: "This cluster has no users and rights inside containers.",
      hostNetwork: "Pods have their own network here, always.",
      readinessGates: "This cluster has no readiness gates.",
    },
  },
);

const template = object({ metadata: object({ ...metadata.fields }), spec: podSpec }, { needs: ["metadata", "spec"] });
const selector = object({ matchLabels: map, matchExpressions: any });

const strategy = object({
  type: { type: "string", oneOf: ["RollingUpdate", "Recreate"] },
  rollingUpdate: object({ maxUnavailable: { type: "share" }, maxSurge: { type: "share" } }),
});

const shared = { apiVersion: text, kind: text, metadata };
const NO_STATUS = { status: "The status is what the cluster found; a manifest says what you want. Leave it out." };
const objectOf = (spec) => object({ ...shared, spec }, { needs: ["metadata", "spec"], absent: NO_STATUS });

/** @type {Map<string, {apiVersion: string, field: Field}>} */
export const SCHEMAS = new Map([
  ["Pod", { apiVersion: "v1", field: objectOf(podSpec) }],
  [
    "Deployment",
    {
      apiVersion: "apps/v1",
      field: objectOf(
        object(
          {
            replicas: whole,
            selector,
            template,
            strategy,
            minReadySeconds: whole,
            revisionHistoryLimit: whole,
            progressDeadlineSeconds: whole,
            paused: yes,
          },
          { needs: ["selector", "template"] },
        ),
      ),
    },
  ],
  [
    "ReplicaSet",
    {
      apiVersion: "apps/v1",
      field: objectOf(
        object({ replicas: whole, selector, template, minReadySeconds: whole }, { needs: ["selector", "template"] }),
      ),
    },
  ],
  [
    "Service",
    {
      apiVersion: "v1",
      field: objectOf(
        object(
          {
            selector: map,
            type: { type: "string", oneOf: ["ClusterIP", "NodePort"] },
            sessionAffinity: text,
            publishNotReadyAddresses: yes,
            ports: listOf(
              object(
                {
                  name: text,
                  port: { ...whole, least: 1 },
                  targetPort: { type: "port" },
                  nodePort: { ...whole, least: 1 },
                  protocol: { type: "string", oneOf: ["TCP"] },
                },
                { needs: ["port"] },
              ),
            ),
          },
          {
            needs: ["ports"],
            absent: {
              externalName: "This cluster has Services of type ClusterIP and NodePort.",
              clusterIP: "Leave clusterIP out: the API server gives the Service an address.",
              loadBalancerIP: "This cluster has no load balancer of a cloud.",
              externalTrafficPolicy: "This cluster has no load balancer of a cloud.",
            },
          },
        ),
      ),
    },
  ],
]);

/** Kinds that Kubernetes has and this cluster does not, with the apiVersion of each. */
export const OTHER_KINDS = new Map([
  ["Job", "This cluster has no Jobs. A Pod with restartPolicy: OnFailure runs to its end here."],
  ["CronJob", "This cluster has no CronJobs."],
  ["ConfigMap", "This cluster has no ConfigMaps. Give a container its settings with env."],
  ["Secret", "This cluster has no Secrets."],
  ["DaemonSet", "This cluster has no DaemonSets; it has Deployments."],
  ["StatefulSet", "This cluster has no StatefulSets; it has Deployments."],
  ["Ingress", "This cluster has no Ingress and no Gateway; a Service of type NodePort is as far as it goes."],
  ["Gateway", "This cluster has no Ingress and no Gateway; a Service of type NodePort is as far as it goes."],
  ["HTTPRoute", "This cluster has no Ingress and no Gateway; a Service of type NodePort is as far as it goes."],
  ["PersistentVolumeClaim", "This cluster has no volumes."],
  ["PersistentVolume", "This cluster has no volumes."],
  ["HorizontalPodAutoscaler", "This cluster measures no load of containers, so it has no autoscaler."],
  ["PodDisruptionBudget", "This cluster has no disruption budgets."],
  ["NetworkPolicy", "In this cluster every Pod can reach every Pod."],
  ["Namespace", "This lab works in one namespace, default."],
  ["ServiceAccount", "This cluster has no accounts."],
  ["Endpoints", "Endpoints are made by a controller, from the Service's selector and the Pods' labels."],
  ["Node", "The nodes of this cluster are given."],
]);
