import assert from "node:assert/strict";
import { test } from "node:test";

import { bundled, fileOf } from "./bundle.js";

const { choose, kubectl, patchBetween, read, start, threeWay } = await bundled();

const objectsOf = (task) => read(fileOf(`${task}.start.yaml`)).objects;
const ready = (lab) =>
  lab.state.pods.filter((it) => it.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True"));

/** Runs something on a cluster, and closes it whatever happens. */
async function on(objects, action) {
  const lab = await start({ objects });
  try {
    await action(lab);
  } finally {
    await lab.close();
  }
}

test("does a cluster start with what it was given, and stand still until it is told to run?", () =>
  on(objectsOf("k8s-heal"), async (lab) => {
    assert.deepEqual(
      lab.state.nodes.map((it) => it.metadata.name),
      ["node-1", "node-2", "node-3"],
    );
    assert.equal(ready(lab).length, 3);
    assert.equal(new Set(lab.state.pods.map((it) => it.spec.nodeName)).size, 3);
    const { now } = lab;
    await new Promise((resolve) => setTimeout(resolve, 120));
    assert.equal(lab.now, now);
    lab.speed = 4;
    await new Promise((resolve) => lab.onChange(() => lab.now > now && resolve(undefined)) && setTimeout(resolve, 300));
    assert.ok(lab.now > now);
  }));

test("are changes told once for all of a moment, and no more after it is asked to end?", () =>
  on([], async (lab) => {
    let calls = 0;
    const end = lab.onChange(() => calls++);
    await kubectl(lab, "run a --image=tiles:1.0");
    await lab.advance(3000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(calls >= 1);
    end();
    const before = calls;
    await kubectl(lab, "delete pod a");
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(calls, before);
  }));

test("does a step end with the next thing that can be seen, one actor after the other?", () =>
  on([], async (lab) => {
    const [deployment] = objectsOf("k8s-heal");
    await lab.apply([deployment]);
    const seen = [];
    while (await lab.step()) {
      assert.ok(seen.length < 100);
      seen.push(
        [
          lab.state.replicaSets.length,
          lab.state.pods.length,
          lab.state.pods.filter((it) => it.spec.nodeName).length,
        ].join(" "),
      );
    }
    const order = ["1 0 0", "1 1 0", "1 3 3"].map((it) => seen.indexOf(it));
    assert.ok(
      order.every((it) => it >= 0),
      seen.join(" | "),
    );
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.equal(ready(lab).length, 3);
  }));

test("does the API server take commands while time stands still, and do controllers act only when it goes on?", () =>
  on(objectsOf("k8s-heal"), async (lab) => {
    const before = lab.now;
    await kubectl(lab, "scale deployment tiles --replicas=5");
    assert.equal(lab.state.deployments[0].spec.replicas, 5);
    assert.equal(lab.state.pods.length, 3);
    assert.equal(lab.now, before);
    await lab.advance(10_000);
    assert.equal(ready(lab).length, 5);
  }));

test("does the Deployment's controller see what was changed while it was busy with what was there before?", () =>
  on(objectsOf("k8s-heal"), async (lab) => {
    await kubectl(lab, "scale deployment tiles --replicas=2");
    await lab.advance(60);
    await kubectl(lab, "scale deployment tiles --replicas=4");
    await lab.advance(60);
    await kubectl(lab, "set image deployment/tiles tiles=tiles:2.0");
    await lab.advance(40_000);
    assert.deepEqual(
      ready(lab).map((it) => it.spec.containers[0].image),
      Array(4).fill("tiles:2.0"),
    );
  }));

test("does a node fetch images after a Pod was deleted whose image it was fetching?", () =>
  on([], async (lab) => {
    for (const node of [1, 3]) await kubectl(lab, `cordon node-${node}`);
    await kubectl(lab, "run a --image=tiles:1.0");
    await lab.advance(400);
    await kubectl(lab, "delete pod a");
    await lab.advance(3000);
    await kubectl(lab, "run b --image=tiles:2.0");
    await lab.advance(5000);
    assert.match((await kubectl(lab, "get pods")).output, /b +1\/1 +Running/);
  }));

test("is an event told with its time, its actor and what it is about?", () =>
  on(objectsOf("k8s-heal"), async (lab) => {
    const { events } = lab.state;
    const created = events.find((it) => it.reason === "SuccessfulCreate");
    assert.equal(created.actor, "replicaset-controller");
    assert.match(created.about, /^ReplicaSet\/tiles-/);
    assert.ok(created.time > 0 && created.time < lab.now);
    assert.deepEqual(
      events.map((it) => it.time),
      events.map((it) => it.time).sort((a, b) => a - b),
    );
  }));

test("does a cluster that is given a snapshot stand where the first one stood?", () =>
  on(objectsOf("k8s-drain"), async (lab) => {
    await kubectl(lab, "drain node-2");
    await kubectl(lab, "run alone --image=tiles:2.0");
    await kubectl(lab, "set image deployment/tiles tiles=tiles:2.0");
    await lab.advance(30_000);
    const snapshot = JSON.parse(JSON.stringify(lab.snapshot()));
    assert.deepEqual(snapshot.map((it) => it.kind).sort(), ["Deployment", "Node", "Pod", "Service"]);
    assert.ok(snapshot.every((it) => !it.status && !it.metadata.uid));
    await on(snapshot, async (again) => {
      assert.deepEqual(again.snapshot(), snapshot);
      assert.equal(ready(again).length, 5);
      assert.ok(again.state.pods.every((it) => it.spec.nodeName !== "node-2"));
      assert.match((await kubectl(again, "get nodes")).output, /node-2 +Ready,SchedulingDisabled/);
    });
  }));

test("does a client count answers by version, and failures with their reason?", () =>
  on(objectsOf("k8s-heal"), async (lab) => {
    lab.load.start("tiles");
    await lab.advance(4000);
    assert.ok(lab.load.stats.sent >= 18);
    assert.equal(lab.load.stats.failed, 0);
    assert.deepEqual(lab.load.stats.byVersion, { "1.0": lab.load.stats.ok });
    await kubectl(lab, "scale deployment tiles --replicas=0");
    await lab.advance(8000);
    assert.ok(lab.load.stats.failed > 0);
    assert.match(lab.load.stats.recent.at(-1).reason, /refused/);
    assert.equal(lab.load.stats.recent.length, 30);
    lab.load.stop();
    const { sent } = lab.load.stats;
    await lab.advance(2000);
    assert.equal(lab.load.stats.sent, sent);
    lab.load.reset();
    assert.equal(lab.load.stats.sent, 0);
  }));

test("do Pods behave as their images and policies say?", () =>
  on([], async (lab) => {
    const status = async () => (await kubectl(lab, "get pods")).output;
    await kubectl(lab, "run missing --image=tiles:9.9");
    await kubectl(lab, "run untagged --image=tiles");
    await kubectl(lab, "run crashes --image=tiles:2.2");
    await kubectl(lab, "run fine --image=tiles:2.2 --env=TILES_BUCKET=images");
    await kubectl(lab, "run once --image=mosaic:1.0 --restart=Never");
    await kubectl(lab, "run until --image=mosaic:1.0 --restart=OnFailure");
    await kubectl(lab, "run shell --image=busybox:1.36 --restart=Never -- sh -c 'echo hello; exit 3'");
    await lab.advance(25_000);
    const seen = await status();
    assert.match(seen, /missing +0\/1 +(ErrImagePull|ImagePullBackOff) +0/);
    assert.match(seen, /untagged +0\/1 +(ErrImagePull|ImagePullBackOff) +0/);
    assert.match(seen, /crashes +0\/1 +(Error|CrashLoopBackOff) +[12]/);
    assert.match(seen, /fine +1\/1 +Running +0/);
    assert.match(seen, /once +0\/1 +Error +0/);
    assert.match(seen, /until +0\/1 +Completed +1/);
    assert.match(seen, /shell +0\/1 +Error +0/);
    assert.equal((await kubectl(lab, "logs shell")).output, "hello");
    assert.match((await kubectl(lab, "logs until")).output, /attempt 2/);
    assert.match((await kubectl(lab, "logs until -p")).output, /attempt 1/);
    assert.match((await kubectl(lab, "describe pod missing")).output, /the registry of this cluster has: tiles:1\.0/);
    assert.match((await kubectl(lab, "logs missing")).output, /trying and failing to pull image/);
  }));

test("is a Pod that no node may take left waiting, with the reason, and placed once one may?", () =>
  on([], async (lab) => {
    for (const node of [1, 2, 3]) await kubectl(lab, `cordon node-${node}`);
    await kubectl(lab, "run a --image=tiles:1.0");
    await lab.advance(3000);
    assert.match((await kubectl(lab, "get pods")).output, /a +0\/1 +Pending/);
    assert.match(
      (await kubectl(lab, "describe pod a")).output,
      /FailedScheduling.*0\/3 nodes are available: 3 node\(s\) were unschedulable/,
    );
    await kubectl(lab, "uncordon node-2");
    await lab.advance(5000);
    assert.equal(lab.state.pods[0].spec.nodeName, "node-2");
  }));

test("is a Pod that never got a node gone at once when it, or its Deployment, is deleted?", () =>
  on([], async (lab) => {
    for (const node of [1, 2, 3]) await kubectl(lab, `cordon node-${node}`);
    await kubectl(lab, "run a --image=tiles:1.0");
    await lab.apply(objectsOf("k8s-heal"));
    await lab.advance(3000);
    assert.equal(lab.state.pods.length, 4);
    await kubectl(lab, "delete pod a");
    assert.equal(lab.state.pods.length, 3);
    await kubectl(lab, "delete deployment tiles");
    await lab.advance(3000);
    assert.deepEqual(lab.state.pods, []);
  }));

test("does the scheduler take the open node with the fewest Pods that a selector allows?", () => {
  const node = (name, more = {}) => ({ metadata: { name, labels: { "kubernetes.io/hostname": name } }, spec: more });
  const on = (nodeName) => ({ metadata: { namespace: "default" }, spec: { nodeName }, status: { phase: "Running" } });
  const nodes = [node("a"), node("b"), node("c", { unschedulable: true })];
  assert.equal(choose({ spec: {} }, nodes, [on("a")]).name, "b");
  assert.equal(choose({ spec: { nodeSelector: { "kubernetes.io/hostname": "a" } } }, nodes, [on("a")]).name, "a");
  assert.match(
    choose({ spec: { nodeSelector: { disk: "fast" } } }, nodes, []).why,
    /1 node\(s\) were unschedulable, 2 node\(s\) didn't match/,
  );
});

test("does a merge keep what others set, take away what was left out, and know containers by their names?", () => {
  const container = (name, image, more = {}) => ({ name, image, ...more });
  const live = { spec: { replicas: 5, paused: true, containers: [container("a", "x:1", { policy: "Always" })] } };
  const last = { spec: { replicas: 3, paused: true, containers: [container("a", "x:1")] } };
  const wanted = { spec: { replicas: 3, containers: [container("a", "x:2"), container("b", "y:1")] } };
  const merged = threeWay(live, last, wanted);
  assert.deepEqual(merged.spec, {
    replicas: 3,
    containers: [container("a", "x:2", { policy: "Always" }), container("b", "y:1")],
  });
  assert.deepEqual(patchBetween(live, merged).spec.paused, null);
  assert.equal(patchBetween(live, structuredClone(live)), undefined);
});
