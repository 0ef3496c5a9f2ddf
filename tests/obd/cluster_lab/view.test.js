/** @file What the lab says and shows of a cluster, from its objects alone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { acts, nameOf, warnings } from "../../../docs/extensions/cluster_lab/lab/view/acts.js";
import { changed } from "../../../docs/extensions/cluster_lab/lab/view/announcer.js";
import { assignSlots, layout } from "../../../docs/extensions/cluster_lab/lab/view/layout.js";
import { completed, History, replaced, typical } from "../../../docs/extensions/cluster_lab/lab/view/line.js";
import { EMPTY, read } from "../../../docs/extensions/cluster_lab/lab/view/model.js";
import { restful } from "../../../docs/extensions/cluster_lab/lab/view/strip.js";
import { shortened } from "../../../docs/extensions/cluster_lab/lab/view/things.js";
import { actual, desired, inFull, isSettled } from "../../../docs/extensions/cluster_lab/lab/view/words.js";

const owned = (kind, name) => [{ kind, name, controller: true }];
const spec = (version) => ({ containers: [{ name: "web", image: `shop/tiles:${version}` }] });

/** A pod as the API gives it; `more` goes into its status. @param {string} name @param {any} [options] */
function pod(name, { node = "node-1", owner = "web-1", version = "1.0", ready = true, ...more } = {}) {
  const status = { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }], ...more };
  return {
    metadata: { name, ownerReferences: owner ? owned("ReplicaSet", owner) : [], deletionTimestamp: more.deleted },
    spec: { nodeName: node || undefined, ...spec(version) },
    status,
  };
}

const waiting = (reason) => ({ phase: "Pending", ready: false, containerStatuses: [{ restartCount: 0, state: { waiting: { reason } } }] });
const ended = (exitCode) => ({ ready: false, containerStatuses: [{ restartCount: 2, state: { terminated: { exitCode } } }] });

/** A cluster of three nodes with a Deployment and a Service, both called web. */
function cluster({ pods = [], wanted = 3, version = "1.0", sets = [["web-1", wanted, "1.0"]], endpoints = [], cordoned = "", events = [] } = {}) {
  const ready = pods.filter((it) => it.status.conditions?.[0]?.status === "True").length;
  return {
    nodes: [1, 2, 3].map((n) => ({ metadata: { name: `node-${n}` }, spec: { unschedulable: cordoned === `node-${n}` } })),
    pods,
    deployments: [{ metadata: { name: "web" }, spec: { replicas: wanted, template: { spec: spec(version) } }, status: { readyReplicas: ready } }],
    replicaSets: sets.map(([name, replicas, of], n) => ({
      metadata: { name, ownerReferences: owned("Deployment", "web"), annotations: { "deployment.kubernetes.io/revision": String(n + 1) } },
      spec: { replicas, template: { spec: spec(of) } },
    })),
    services: [{ metadata: { name: "web" }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } }],
    endpoints: [{
      metadata: { labels: { "kubernetes.io/service-name": "web" } },
      endpoints: endpoints.map((name) => ({ conditions: { ready: true }, targetRef: { name } })),
    }],
    events,
  };
}

const model = (options) => read(cluster(options));
const three = ["a", "b", "c"].map((end, n) => pod(`web-1-${end}`, { node: `node-${n + 1}` }));
const names = three.map((it) => it.metadata.name);
const running = { pods: three, endpoints: names };
const told = (before, after) => acts(before, after).map((act) => `${nameOf(act)} ${act.words}`);

for (const [what, options, state, word] of /** @type {[string, any, string, string][]} */ ([
  ["waits for a node", { node: "", phase: "Pending", ready: false }, "pending", "pending"],
  ["was just given to a node", { phase: "Pending", ready: false, conditions: [] }, "starting", "starting"],
  ["has an image that does not exist", waiting("ErrImagePull"), "failing", "ErrImagePull"],
  ["crashes", waiting("CrashLoopBackOff"), "failing", "CrashLoopBackOff"],
  ["is created", waiting("ContainerCreating"), "starting", "starting"],
  ["runs but does not answer its probe", { ready: false }, "unready", "not ready"],
  ["is ready", {}, "ready", "ready"],
  ["ended with an error", ended(1), "failing", "exit code 1"],
  ["ended well", ended(0), "completed", "exited"],
  ["has done its work", { phase: "Succeeded", ready: false }, "completed", "completed"],
  ["failed for good", { phase: "Failed", ready: false }, "failing", "failed"],
  ["is deleted", { deleted: "2026-11-30T10:00:00Z" }, "terminating", "terminating"],
])) {
  test(`is a pod that ${what} shown as ${word}?`, () => {
    const [it] = model({ pods: [pod("web-1-a", options)] }).pods;
    assert.deepEqual([it.state, it.word], [state, word]);
  });
}

test("is a pod pulling its image until its kubelet tells that it is there?", () => {
  const pods = [pod("web-1-a", waiting("ContainerCreating"))];
  const events = [{ about: "Pod/web-1-a", reason: "Scheduled" }, { about: "Pod/web-1-a", reason: "Pulling" }];
  assert.equal(model({ pods, events }).pods[0].state, "pulling");
  events.push({ about: "Pod/web-1-a", reason: "Pulled" });
  assert.equal(model({ pods, events }).pods[0].state, "starting");
});

test("is it told who does what when a Deployment is applied?", () => {
  const after = model({ pods: three.slice(0, 1), endpoints: names.slice(0, 1) });
  const lines = told({ ...EMPTY, nodes: after.nodes }, after);
  const expected = [
    /^API server stores the desired state of Deployment web: 3 pods of version 1.0$/,
    /^API server stores Service web: pods with app=web$/,
    /^Deployment controller creates ReplicaSet web-1: 3 pods of version 1.0$/,
    /^ReplicaSet controller creates pod web-1-a, as 3 are wanted$/,
    /^Scheduler chooses node-1 for pod web-1-a$/,
    /^kubelet of node-1 finds pod web-1-a ready$/,
    /^EndpointSlice controller adds pod web-1-a to Service web$/,
  ];
  assert.equal(lines.length, expected.length, lines.join("\n"));
  expected.forEach((words, index) => assert.match(lines[index], words));
});

test("is a pod that a student deletes told from one that its controller deletes?", () => {
  const leaving = [pod("web-1-a", { deleted: "now" }), ...three.slice(1)];
  const byStudent = told(model(running), model({ ...running, pods: leaving }));
  assert.deepEqual(byStudent, ["API server marks pod web-1-a for deletion"]);
  const fewer = model({ pods: leaving, wanted: 2, endpoints: names });
  assert.deepEqual(told(model(running), fewer), [
    "API server stores the desired state of Deployment web: 2 pods of version 1.0",
    "Deployment controller scales ReplicaSet web-1 from 3 to 2",
    "ReplicaSet controller deletes pod web-1-a, as only 2 are wanted",
  ]);
});

test("are restarts, cordons and lost endpoints told?", () => {
  const after = model({ ...running, cordoned: "node-2", endpoints: names.slice(1), pods: [pod("web-1-a", ended(1)), ...three.slice(1)] });
  assert.deepEqual(told(model(running), after), [
    "API server notes that node-2 is cordoned: it gets no new pods",
    "kubelet of node-1 restarts the container of pod web-1-a (restart 2)",
    "kubelet of node-1 cannot run pod web-1-a: exit code 1",
    "EndpointSlice controller takes pod web-1-a out of Service web",
  ]);
  assert.deepEqual(told(model(running), model(running)), []);
});

test("is a probe that fails again and again told once, with its node?", () => {
  const now = model(running);
  const event = (more) => ({ type: "Warning", actor: "kubelet", about: "Pod/web-1-b", message: "Liveness probe failed: HTTP 404.", ...more });
  const known = new Set();
  const [act, ...more] = warnings([event({ time: 1 }), event({ time: 2 }), event({ type: "Normal", message: "Started" })], known, now);
  assert.equal(`${nameOf(act)} ${act.words}`, "kubelet of node-2 warns of Pod web-1-b: Liveness probe failed: HTTP 404");
  assert.deepEqual(more, []);
  assert.deepEqual(warnings([event({ time: 3 })], known, now), []);
  const [unplaced] = warnings([event({ actor: "default-scheduler", message: "0/3 nodes are available" })], known, now);
  assert.match(nameOf(unplaced), /^Scheduler$/);
});

test("does a screen reader hear what counts, in few words?", () => {
  const empty = { ...EMPTY, nodes: model().nodes };
  const start = changed(empty, model(running));
  assert.equal(start, "Pods a, b and c are ready. web: 3 of 3 ready, version 1.0. Service web: 3 endpoints.");
  const lost = model({ pods: [pod("web-1-a", waiting("CrashLoopBackOff")), three[1]], endpoints: names.slice(1, 2) });
  assert.equal(
    changed(model(running), lost),
    "Pod c is gone. Pod a is failing: CrashLoopBackOff. web: 1 of 3 ready, version 1.0. Service web: 1 endpoint.",
  );
  const many = model({ pods: Array.from({ length: 8 }, (_, n) => pod(`web-1-${n}`)), wanted: 8 });
  assert.match(changed(empty, many), /^8 pods are ready\. web: 8 of 8/);
  assert.match(changed(model(running), model({ ...running, cordoned: "node-1" })), /^node-1 is cordoned\.$/);
});

test("is nothing announced while images are pulled and containers start?", () => {
  const starting = model({ pods: [pod("web-1-a", waiting("ContainerCreating"))] });
  const pulled = { ...starting, pods: starting.pods.map((it) => ({ ...it, state: /** @type {const} */ ("pulling") })) };
  assert.equal(changed(pulled, starting), "");
  assert.match(changed(model(), starting), /^Pod a is new on node-1\.$/);
});

test("do desired and actual state read as sentences?", () => {
  const now = model({ pods: [...three.slice(1), pod("web-1-d", { ready: false })], endpoints: names.slice(1) });
  assert.equal(desired(now), "web: 3 pods of version 1.0");
  assert.equal(actual(now), "2 ready and 1 not ready");
  assert.equal(isSettled(now), false);
  assert.equal(isSettled(model(running)), true);
  assert.deepEqual([desired(EMPTY), actual(EMPTY)], ["nothing yet", "no pods"]);
  const alone = model({ pods: [pod("hello", { owner: "" })] });
  assert.match(desired(alone), /pod hello/);
  assert.ok(inFull(now).includes("node-2: web-1-b, ready, version 1.0."), inFull(now).join("\n"));
  const load = { service: "web", isOn: true, sent: 9, ok: 7, failed: 2, byVersion: { "1.0": 4, "2.0": 3 }, recent: [] };
  assert.ok(inFull(now, load).includes("The load on Service web runs: 7 answered (4 by version 1.0 and 3 by version 2.0), 2 failed."));
  assert.ok(inFull(now).includes("Service web selects app=web and has 2 endpoints."));
});

test("is it said why nobody acts?", () => {
  assert.match(restful(model(running)), /what is there is what was asked for/);
  assert.match(restful(model({ pods: [pod("web-1-a", waiting("ErrImagePull"))] })), /kubelet of node-1 tries a again/);
  assert.match(restful(model({ pods: [pod("web-1-a", { node: "", phase: "Pending", ready: false })] })), /no node/);
  assert.match(restful(model({ pods: three.slice(1) })), /at this moment/);
  assert.match(restful(model({ pods: three })), /Service web finds no pod/);
});

const drawn = (options, width, more = {}) => {
  const it = model(options);
  const slots = assignSlots(new Map(), it);
  return layout(it, { width, slots, rows: 2, hasLane: false, loaded: "", ...more });
};

/** Every box of the picture that must not lie on another of its kind. */
function overlaps(boxes) {
  const all = [...boxes.entries()];
  return all.flatMap(([name, a], index) =>
    all.slice(index + 1).filter(([, b]) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h).map(([other]) => `${name} on ${other}`),
  );
}

for (const width of [290, 340, 539, 540, 620, 1100]) {
  test(`has everything its place in a picture ${width} wide?`, () => {
    const many = Array.from({ length: 11 }, (_, n) => pod(`web-1-${n}`, { node: `node-${(n % 3) + 1}` }));
    const sets = [["web-0", 0, "0.9"], ["web-1", 11, "1.0"], ["web-2", 1, "2.0"]];
    const places = drawn({ pods: many, endpoints: many.map((it) => it.metadata.name), sets }, width, { loaded: "web" });
    for (const boxes of [places.deployments, places.replicaSets, places.controllers, places.nodes, places.pods, places.services]) {
      assert.deepEqual(overlaps(boxes), []);
      for (const { x, y, w, h } of boxes.values()) {
        assert.ok(x >= 0 && x + w <= width + 0.01 && y + h <= places.height, JSON.stringify({ x, y, w, h }));
      }
    }
    for (const [name, { x, y, w, h }] of places.pods) {
      const node = places.nodes.get(many.find((it) => it.metadata.name === name).spec.nodeName);
      assert.ok(x >= node.x && x + w <= node.x + node.w && y >= node.y && y + h <= node.y + node.h, name);
    }
    assert.equal(places.lines.length, 11);
  });
}

test("is a pod of its own shown where it is declared?", () => {
  const state = cluster({ pods: [pod("hello", { owner: "" })] });
  const alone = read({ ...state, deployments: [], replicaSets: [] });
  const places = layout(alone, { width: 620, slots: assignSlots(new Map(), alone), rows: 2, hasLane: false, loaded: "" });
  assert.deepEqual([...places.alone.keys()], ["hello"]);
  assert.ok(places.alone.get("hello").y < places.controllers.get("api").y);
  assert.equal(desired(alone), "pod hello of version 1.0");
});

test("do pods keep their places while others come and go, and close up afterwards?", () => {
  const here = (list) => model({ pods: list.map(([name, more]) => pod(name, more)) });
  const first = assignSlots(new Map(), here([["a"], ["b"], ["c"]]));
  const during = assignSlots(first, here([["b"], ["c"], ["d", { phase: "Pending", ready: false, conditions: [] }]]));
  assert.deepEqual([...during].map(([name, { slot }]) => `${name}${slot}`).sort(), ["b1", "c2", "d0"]);
  const after = assignSlots(during, here([["b"], ["c"]]));
  assert.deepEqual([...after].map(([name, { slot }]) => `${name}${slot}`), ["b0", "c1"]);
});

test("does a pod without a node stand at the scheduler first, and in a lane of its own later?", () => {
  const pods = [pod("web-1-a", { node: "", phase: "Pending", ready: false })];
  const first = drawn({ pods }, 620);
  const door = first.controllers.get("scheduler");
  assert.equal(first.lane, null);
  assert.ok(Math.abs(first.pods.get("web-1-a").x + first.pods.get("web-1-a").w / 2 - (door.x + door.w / 2)) < 60);
  const later = drawn({ pods }, 620, { hasLane: true });
  assert.ok(later.pods.get("web-1-a").y > later.lane.y && later.height > first.height);
});

test("does the line of commands remember, complete and propose?", () => {
  const history = new History();
  for (const line of ["kubectl get pods", "kubectl get nodes", "kubectl get nodes"]) history.add(line);
  assert.equal(history.move(-1, "half"), "kubectl get nodes");
  assert.equal(history.move(-1, ""), "kubectl get pods");
  assert.equal(history.move(-1, ""), null);
  history.move(1, "");
  assert.equal(history.move(1, ""), "half");
  assert.equal(completed("kubectl ge", ["get"]), "kubectl get ");
  assert.equal(completed("kubectl get web-", ["web-1-a", "web-1-b"]), "kubectl get web-1-");
  assert.equal(completed("kubectl get web-1-", ["web-1-a", "web-1-b"]), "kubectl get web-1-");
  assert.equal(completed("kubectl nonsense", []), "kubectl nonsense");
  assert.equal(replaced("kubectl scale deployment/web --rep", "--replicas="), "kubectl scale deployment/web --replicas=");
  const proposed = typical(model({ pods: [three[0], pod("web-1-x", waiting("ErrImagePull"))] }));
  assert.ok(proposed.includes("kubectl describe pod web-1-x"), proposed.join("\n"));
  assert.ok(typical(EMPTY).includes("kubectl get nodes"));
});

test("does a name that is cut short keep the end that tells it from others?", () => {
  assert.equal(shortened("web-554ff9b588-x2pe2", 12), "web-55…-x2pe2");
  assert.equal(shortened("web-554ff9b588-x2pe2", 7), "we…x2pe2");
});
