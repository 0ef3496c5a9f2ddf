import assert from "node:assert/strict";
import { after, test } from "node:test";

import { bundled, fileOf } from "./bundle.js";

const modules = await bundled();
const { complete, duration, kubectl, selects, table } = modules;

const MANIFEST = fileOf("k8s-heal.start.yaml");
const lab = await modules.start({ objects: modules.read(MANIFEST).objects });
after(() => lab.close());

/** Types a line that must do. */
async function type(line, text = MANIFEST) {
  const { output, isError } = await kubectl(lab, line, text);
  assert.ok(!isError, `${line}: ${output}`);
  return output;
}

/** Types a line that must not do. */
async function refused(line, text = MANIFEST) {
  const { output, isError } = await kubectl(lab, line, text);
  assert.ok(isError, `${line}: ${output}`);
  assert.doesNotMatch(output, /did not work here|undefined|\bat .*:\d+:\d+/, line);
  return output;
}

const podNames = () => lab.state.pods.map((it) => it.metadata.name);

test("are tables like kubectl's?", async () => {
  assert.match(
    await type("kubectl get pods"),
    /^NAME +READY +STATUS +RESTARTS +AGE\ntiles-\w+-\w{5} +1\/1 +Running +0 +\d+s\n/,
  );
  assert.match(
    await type("k get po -o wide"),
    /AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n.*10\.\d+\.\d+\.\d+ +node-\d/,
  );
  assert.match(await type("get deployments"), /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\ntiles +3\/3 +3 +3 +\d+s$/);
  assert.match(await type("get rs"), /^NAME +DESIRED +CURRENT +READY +AGE\ntiles-\w+ +3 +3 +3/);
  assert.match(
    await type("get svc"),
    /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\ntiles +ClusterIP +10\.96\.0\.\d+ +<none> +80\/TCP/,
  );
  assert.match(
    await type("get endpoints tiles"),
    /EndpointSlice\nNAME +ENDPOINTS +AGE\ntiles +(10\.\d+\.\d+\.\d+:8080,?){3}/,
  );
  assert.match(await type("get endpointslices"), /^NAME +ADDRESSTYPE +PORTS +ENDPOINTS +AGE\ntiles-\S+ +IPv4 +8080 +/);
  assert.match(await type("get nodes"), /^NAME +STATUS +ROLES +AGE +VERSION\nnode-1 +Ready +<none> +\d+s +v1\.\d+/);
  assert.match(await type("get events"), /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
  assert.match(
    await type("get all"),
    /pod\/tiles-[\s\S]*\n\nNAME[\s\S]*service\/tiles[\s\S]*deployment\.apps\/tiles[\s\S]*replicaset\.apps\/tiles/,
  );
  assert.match(await type("get pods --show-labels"), /LABELS\n.*app=tiles,pod-template-hash=\w+/);
  assert.equal((await type("get pods -o name")).split("\n").length, 3);
});

test("are objects chosen by name, label and kind?", async () => {
  const [name] = podNames();
  assert.equal((await type(`get pod ${name}`)).split("\n").length, 2);
  assert.equal((await type(`get pod/${name}`)).split("\n").length, 2);
  assert.equal((await type("get pods -l app=tiles")).split("\n").length, 4);
  assert.equal(await type("get pods -l app!=tiles"), "No resources found in default namespace.");
  assert.match(await type("get pods,svc"), /pod\/[\s\S]*service\//);
  assert.ok(selects("app in (a, b),!c,d", { app: "b", d: "" }));
  assert.ok(!selects(`app not${"in"} (a, b)`, { app: "b" }));
  assert.throws(() => selects("=", {}), /selector/);
});

test("is YAML what the API has?", async () => {
  const [name] = podNames();
  const yaml = await type(`get pod ${name} -o yaml`);
  assert.match(yaml, /^apiVersion: v1\nkind: Pod\nmetadata:\n[\s\S]*restartPolicy: Always[\s\S]*status:\n/);
  assert.equal(JSON.parse(await type("get pods -o json")).items.length, 3);
});

test("does describe tell what an object is, and what happened to it?", async () => {
  const [name] = podNames();
  const pod = await type(`describe pod ${name}`);
  assert.match(
    pod,
    /^Name: +tiles-[\s\S]*Node: +node-\d\/[\s\S]*Controlled By: +ReplicaSet\/tiles-[\s\S]*State: +Running/,
  );
  assert.match(pod, /Readiness: +http-get http:\/\/:8080\/ready delay=0s timeout=1s period=1s #success=1 #failure=3/);
  assert.match(
    pod,
    /Events:\n +Type +Reason +Age +From +Message\n[\s\S]*Scheduled[\s\S]*default-scheduler[\s\S]*Started/,
  );
  assert.match(
    await type("describe deployment tiles"),
    /3 desired \| 3 updated \| 3 total \| 3 available \| 0 unavailable[\s\S]*NewReplicaSet: +tiles-\w+ \(3\/3 /,
  );
  assert.match(
    await type("describe service tiles"),
    /Selector: +app=tiles[\s\S]*Endpoints: +(10\.\d+\.\d+\.\d+:8080,?){3}/,
  );
  assert.match(await type("describe node node-1"), /Unschedulable: +false[\s\S]*Ready +True +KubeletReady/);
  assert.equal((await type("describe pod tiles")).match(/^Name:/gm).length, 3);
});

test("are a Pod's words and a Service's answers seen from inside?", async () => {
  const [name] = podNames();
  assert.match(await type(`logs ${name}`), /tiles 1\.0: starting on port 8080\n.*ready/);
  assert.equal((await type("logs deployment/tiles --tail=1")).split("\n").length, 1);
  assert.match(await type(`exec ${name} -- wget -qO- http://tiles`), /^tiles 1\.0 from tiles-/);
  assert.match(await type(`exec -it ${name} -- sh -c "hostname && echo done"`), new RegExp(`^${name}\ndone$`));
  assert.match(await refused(`exec ${name} -- wget -qO- http://nowhere`), /bad address 'nowhere'[\s\S]*exit code 1/);
  assert.match(await refused(`exec ${name} -- wget -qO- http://localhost:9000`), /refused/i);
  assert.match(await refused(`exec ${name} -- python`), /executable file not found.*wget/);
  assert.match(await refused(`logs ${name} -p`), /previous terminated container "tiles"/);
});

test("does each command say what it did, and is it noted for the checks?", async () => {
  assert.equal(await type("apply -f manifest.yaml"), "deployment.apps/tiles unchanged\nservice/tiles unchanged");
  assert.equal(await type("scale deployment tiles --replicas=2"), "deployment.apps/tiles scaled");
  assert.equal(await type("apply -f manifest.yaml"), "deployment.apps/tiles configured\nservice/tiles unchanged");
  assert.equal(await type("set image deployment/tiles tiles=tiles:2.0"), "deployment.apps/tiles image updated");
  assert.match(await type("rollout status deployment/tiles"), /^Waiting for deployment spec update to be observed/);
  await lab.advance(2000);
  assert.match(
    await type("rollout status deployment/tiles"),
    /^Waiting for deployment "tiles" rollout to finish: 1 out of 3 new replicas have been updated/,
  );
  await lab.advance(25_000);
  assert.equal(await type("rollout status deployment/tiles"), 'deployment "tiles" successfully rolled out');
  assert.equal(
    await type("rollout history deployment/tiles"),
    "deployment.apps/tiles\nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>",
  );
  assert.match(await type("rollout history deployment/tiles --revision=1"), /Image:\ttiles:1\.0/);
  assert.equal(await type("rollout undo deployment/tiles"), "deployment.apps/tiles rolled back");
  assert.equal(await type("run one --image=tiles:1.0 --env=TILES_BUCKET=b"), "pod/one created");
  assert.equal(await type("expose pod one --port=80 --target-port=8080"), "service/one exposed");
  assert.equal(await type("label pod one tier=web"), "pod/one labeled");
  assert.equal(await type("label pod one tier-"), "pod/one unlabeled");
  assert.equal(
    await type("delete pod/one service/one"),
    'pod "one" deleted from default namespace\nservice "one" deleted from default namespace',
  );
  assert.equal(await type("create deployment web --image=tiles:1.0 --replicas=2"), "deployment.apps/web created");
  assert.equal(await type("delete deployment web"), 'deployment.apps "web" deleted from default namespace');
  assert.equal(await type("cordon node-1"), "node/node-1 cordoned");
  assert.match(await type("get nodes"), /node-1 +Ready,SchedulingDisabled/);
  assert.equal(await type("uncordon node/node-1"), "node/node-1 uncordoned");
  assert.match(await type("drain node-3"), /^node\/node-3 cordoned\n[\s\S]*node\/node-3 drained$/);
  assert.equal(await type("uncordon node-3"), "node/node-3 uncordoned");
  const undone = lab.did.find((it) => it.verb === "rollout undo");
  assert.equal(`${undone.kind}/${undone.name}`, "Deployment/tiles");
  assert.equal(undone.command, "rollout undo deployment/tiles");
});

test("does apply put back what a command changed, though the manifest is the same as before?", async () => {
  await type("apply -f manifest.yaml");
  await type("scale deployment tiles --replicas=5");
  assert.match(await type("apply -f manifest.yaml"), /deployment.apps\/tiles configured/);
  assert.equal(lab.state.deployments[0].spec.replicas, 3);
});

/** @type {Array<[string, RegExp]>} lines that go wrong, and a word that helps */
const WRONG = [
  ["gte pods", /unknown command "gte" for "kubectl"\n\nDid you mean this\?\n\tget/],
  ["kubectl descrribe pod x", /Did you mean this\?\n\tdescribe/],
  ["get podz", /doesn't have a resource type "podz"\nDid you mean "pods"\?/],
  ["get", /must specify the type of resource/],
  ["get pod nope", /Error from server \(NotFound\): pods "nope" not found/],
  ["get deployment tile", /deployments.apps "tile" not found\nDid you mean "tiles"\?/],
  ["get pods -w", /picture/],
  ["get pods -o jsonpath={.items}", /-o wide, yaml, json and name/],
  ["get pods --show-label", /unknown flag: --show-label\nDid you mean --show-labels\?/],
  ["get pods -x", /unknown shorthand flag: 'x'/],
  ["get pods -n kube-system", /one namespace/],
  ["get jobs", /no Jobs/],
  ["get pvc", /no volumes/],
  ["top pods", /kubectl top is not in this lab: this cluster measures neither/],
  ["edit deployment tiles", /editor/],
  ["apply", /must specify one of -f/],
  ["apply manifest.yaml", /Do you mean: -f manifest.yaml\?/],
  ["delete pod", /no name was specified/],
  ["delete pods nope", /pods "nope" not found/],
  ["delete", /must provide one or more resources/],
  ["delete node node-1", /kubectl drain/],
  ["delete endpoints tiles", /made by a controller/],
  ["scale deployment tiles", /"replicas" not set/],
  ["scale deployment tiles --replicas=two", /whole number/],
  ["scale deployment tiles --replicas=1000", /20 replicas at most/],
  ["scale deployment --replicas=2", /a kind and a name are needed/],
  ["scale service tiles --replicas=2", /cannot be scaled/],
  ["set image deployment/tiles web=tiles:2.0", /unable to find container named "web". It has: tiles/],
  ["set image deployment/tiles", /at least one image update/],
  ["set env deployment/tiles A=B", /knows "image" only/],
  ["rollout", /status, history, undo or restart/],
  ["rollout undo deployment/tiles --to-revision=99", /unable to find specified revision 99/],
  ["rollout status service/tiles", /Deployments are/],
  ["logs", /expected 'POD'/],
  ["logs nope", /pods "nope" not found/],
  ["logs deployment/tiles -c web", /container web is not valid.*It has: tiles/],
  ["exec", /expected 'POD'/],
  ["exec deployment/tiles", /at least one command/],
  ["exec -it deployment/tiles -- sh", /Write the command itself/],
  ["run", /NAME is required/],
  ["run x", /"image" not set/],
  ["run Big_Name --image=tiles:1.0", /name/i],
  ["expose deployment tiles", /already exists/],
  ["expose deployment tiles --name=x --type=LoadBalancer", /ClusterIP and NodePort/],
  ["label pod", /a kind and a name are needed/],
  ["label service tiles app", /at least one label|a kind|not found/],
  ["label node node-1 kubernetes.io/os=other", /already has a value/],
  ["cordon", /kubectl cordon node-2/],
  ["cordon node-9", /nodes "node-9" not found\nDid you mean "node-1"\?/],
  ["drain", /kubectl drain node-2/],
  ["create deployment web", /"image" not set/],
  ["create deployment", /NAME is required/],
  ["create service web", /makes a Deployment/],
  ["create -f manifest.yaml", /already exists/],
];

test("is each wrong line answered with words that help?", async () => {
  for (const [line, words] of WRONG) assert.match(await refused(line), words, line);
});

test("are faults of the manifest told instead of anything being applied?", async () => {
  const before = JSON.stringify(lab.snapshot());
  assert.match(await refused("apply -f manifest.yaml", MANIFEST.replace("replicas", "replica")), /^line 6: 'replica'/);
  assert.match(await refused("apply -f manifest.yaml", ""), /no manifest/);
  assert.equal(JSON.stringify(lab.snapshot()), before);
});

test("does a Pod refuse what no Pod lets be changed?", async () => {
  const pod = fileOf("k8s-complete.edit.yaml");
  await type("apply -f manifest.yaml", pod);
  await lab.advance(3000);
  const changed = pod.replace("spec:\n", "spec:\n  restartPolicy: OnFailure\n");
  assert.match(
    await refused("apply -f manifest.yaml", changed),
    /Forbidden: pod updates may not change[\s\S]*Delete the Pod/,
  );
  assert.match(
    await refused("drain node-1 node-2 node-3"),
    /declare no controller \(use --force to override\): default\/mosaic/,
  );
  for (const node of [1, 2, 3]) await type(`uncordon node-${node}`);
  assert.match(await type("delete -f manifest.yaml", pod), /pod "mosaic" deleted/);
});

test("is a word completed to what could stand there?", () => {
  assert.deepEqual(complete(lab, "kubectl get po"), ["pods"]);
  assert.deepEqual(complete(lab, "roll"), ["rollout"]);
  assert.deepEqual(complete(lab, "rollout u"), ["undo"]);
  assert.deepEqual(complete(lab, "rollout undo deployment/"), ["deployment/tiles"]);
  assert.deepEqual(complete(lab, "get service "), ["tiles"]);
  assert.deepEqual(complete(lab, "drain node-"), ["node-1", "node-2", "node-3"]);
  assert.deepEqual(complete(lab, "apply "), ["-f"]);
  assert.ok(complete(lab, "logs tiles").every((it) => podNames().includes(it)));
});

test("does help name each command and each image?", async () => {
  const help = await type("kubectl help");
  for (const word of ["get", "rollout", "drain", "tiles:2.1", "mosaic:1.0"]) assert.ok(help.includes(word), word);
  assert.match(await type("kubectl scale --help"), /scale deployment NAME --replicas=3/);
});

test("are ages and tables written as kubectl writes them?", () => {
  const ages = [5_000, 119_000, 120_000, 200_000, 3_600_000, 12_000_000, 90_000_000, 200_000_000];
  assert.deepEqual(ages.map(duration), ["5s", "119s", "2m", "3m20s", "60m", "3h20m", "25h", "2d"]);
  assert.equal(table(["A", "LONG"], [["word", 1]]), "A      LONG\nword   1");
});
