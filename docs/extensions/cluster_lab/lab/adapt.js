/**
 * @file Where the engine is less like a real cluster than it could be: nodes that have all images, containers that do
 * not say why they ended, and controllers that write without taking any time.
 */

import { IMAGES } from "./images-list.js";

/** How long a node takes to fetch an image that it does not have. */
const PULLS_IN = 700;
/** What the nodes say that an image measures, in bytes. */
const SIZE = 48_211_337;
/** How long a controller takes to write to the API server: so that one acts after the other, as one can see. */
const WRITES_IN = 120;

/**
 * Makes an engine's cluster more like a real one.
 * @param {any} cluster before it is started
 */
export function adapt({ servers, kubeConfig, clock, imageRegistry }) {
  hasNoLatest(imageRegistry);
  for (const { runtime, containerRuntime } of servers) {
    fetchesImages(runtime, clock);
    fetchesSideBySide(containerRuntime);
    saysHowItEnded(runtime);
  }
  writesSlowly(kubeConfig, clock);
}

/** Takes an image without a version for what it is, the version "latest", which somebody would have to put there. */
function hasNoLatest(registry) {
  const { has } = registry;
  registry.has = (reference) => !/^(tiles|mosaic)(:latest)?$/.test(reference) && has.call(registry, reference);
}

/** Lets a node fetch each image before it has it, which takes a moment; the engine has all of them everywhere. */
function fetchesImages(runtime, clock) {
  const has = new Set();
  const { imageStatus, pullImage } = runtime;
  runtime.imageStatus = (ctx, image, ...rest) => {
    const isMissing = IMAGES.has(image.image) && !has.has(image.image);
    if (isMissing) return Promise.resolve([{ image: undefined }, undefined]);
    return imageStatus.call(runtime, ctx, image, ...rest).then(([response, error]) => {
      if (response.image) response.image.size = SIZE;
      return [response, error];
    });
  };
  runtime.pullImage = async (ctx, image, ...rest) => {
    await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), PULLS_IN));
    const [reference, error] = await pullImage.call(runtime, ctx, image, ...rest);
    if (!error) has.add(image.image);
    else error.message += ` (the registry of this cluster has: ${[...IMAGES.keys()].join(", ")})`;
    return [reference, error];
  };
}

/**
 * Lets a node fetch several images at once. The engine's fetches one after the other, and waits for ever behind one
 * whose Pod was deleted meanwhile.
 */
function fetchesSideBySide(containerRuntime) {
  containerRuntime.imagePuller.puller.tokens = undefined;
}

/** Gives the reason of a container's end, as real runtimes do and the engine does not. */
function saysHowItEnded(runtime) {
  const { containerStatus } = runtime;
  runtime.containerStatus = async (...args) => {
    const [response, error] = await containerStatus.apply(runtime, args);
    if (response?.status?.state === "Exited") {
      response.status.reason ??= response.status.exitCode === 0 ? "Completed" : "Error";
    }
    return [response, error];
  };
}

/** Lets what controllers write take a moment. Events and what they found are written at once. */
function writesSlowly(kubeConfig, clock) {
  const { makeApiClient } = kubeConfig;
  const isSlow = (method) => /^(create|delete|patch|replace)/.test(method) && !/(Event|Status)$/.test(method);
  const slowly = async (client, call, args) => {
    await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), WRITES_IN));
    return call.apply(client, args);
  };
  kubeConfig.makeApiClient = (type) =>
    new Proxy(makeApiClient.call(kubeConfig, type), {
      get(client, method) {
        const call = client[method];
        if (method === "deleteNamespacedPod") return (request) => slowly(client, deletesPod, [request]);
        if (method === "replaceNamespacedDeploymentStatus") return (request) => statusWritten(client, call, request);
        return typeof method === "string" && isSlow(method) ? (...args) => slowly(client, call, args) : call;
      },
    });
}

/**
 * Deletes a Pod; at once where no node has it, as the API server does: the engine would wait for a node.
 * @this {any} the client
 */
export async function deletesPod(request) {
  const { name, namespace } = request;
  const { spec } = await this.readNamespacedPod({ name, namespace });
  const grace = spec.nodeName ? {} : { gracePeriodSeconds: 0 };
  return this.deleteNamespacedPod({ ...request, ...grace });
}

/**
 * Gives a controller that writes a status what is wanted by then: the engine's puts the Deployment that it began with
 * into its own list, and would not see what somebody changed meanwhile.
 */
async function statusWritten(client, call, request) {
  const written = await call.call(client, request);
  request.body.spec = structuredClone(written.spec);
  request.body.metadata.resourceVersion = written.metadata.resourceVersion;
  return written;
}
