import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

import { bundled, fileOf, MANIFESTS } from "./bundle.js";

const { nearest, read } = await bundled();

const DEPLOYMENT = fileOf("k8s-heal.edit.yaml");
const SERVICE = fileOf("k8s-endpoints.edit.yaml");
const POD = fileOf("k8s-first-pod.edit.yaml");

/** What is wrong with a text, as "line: message". */
const faultsOf = (text) => read(text).faults.map((it) => `${it.line}: ${it.message}`);

test("is every manifest of the tasks read without a fault, but the one that is to be repaired?", () => {
  for (const name of readdirSync(MANIFESTS)) {
    const faults = faultsOf(fileOf(name));
    if (name === "k8s-field.edit.yaml") assert.equal(faults.length, 2);
    else assert.deepEqual(faults, [], name);
  }
});

test("are several documents read, and those with nothing in them left out?", () => {
  const { objects } = read(`# nothing\n---\n${DEPLOYMENT}---\n---\n${SERVICE}`);
  assert.deepEqual(
    objects.map((it) => it.kind),
    ["Deployment", "Service"],
  );
  assert.deepEqual(read("").objects, []);
  assert.deepEqual(read("# only a comment\n").objects, []);
});

/** @type {Array<[string, string, string | RegExp, string, RegExp]>} what is changed in which manifest, and the words */
const BROKEN = [
  [
    "a field's name with a letter too few",
    DEPLOYMENT,
    "replicas:",
    "replica:",
    /^6: 'replica' is not a field of 'spec'. Did you mean 'replicas'\?$/,
  ],
  [
    "a field with small letters",
    DEPLOYMENT,
    "containerPort",
    "containerport",
    /^19: 'containerport' .* Did you mean 'containerPort'\?$/,
  ],
  [
    "a word for a number",
    DEPLOYMENT,
    "replicas: 3",
    "replicas: three",
    /^6: 'spec.replicas' must be a whole number; here stands the text "three"/,
  ],
  ["a number between quotes", DEPLOYMENT, "replicas: 3", "replicas: '3'", /^6: .*Leave the quotes out/],
  ["fewer than none", DEPLOYMENT, "replicas: 3", "replicas: -1", /^6: 'spec.replicas' must be 0 or more/],
  [
    "a selector that fits no Pod",
    DEPLOYMENT,
    "      app: tiles\n  template",
    "      app: tile\n  template",
    /^9: The selector looks for Pods with app: tile, .* app: tiles/,
  ],
  [
    "no selector",
    DEPLOYMENT,
    "  selector:\n    matchLabels:\n      app: tiles\n",
    "",
    /^6: The field 'spec.selector' is missing/,
  ],
  [
    "another apiVersion",
    DEPLOYMENT,
    "apps/v1",
    "v1",
    /^1: apiVersion 'v1' does not go with Deployment: a Deployment belongs to 'apps\/v1'/,
  ],
  ["no apiVersion", DEPLOYMENT, "apiVersion: apps/v1\n", "", /^1: The field 'apiVersion' is missing/],
  [
    "a kind that does not exist",
    DEPLOYMENT,
    "kind: Deployment",
    "kind: Deploymnet",
    /^2: There is no kind 'Deploymnet'. Did you mean 'Deployment'\?/,
  ],
  [
    "a kind that this cluster does not have",
    DEPLOYMENT,
    "kind: Deployment",
    "kind: Job",
    /^2: This cluster has no Jobs/,
  ],
  ["no kind", DEPLOYMENT, "kind: Deployment\n", "", /^1: The field 'kind' is missing/],
  ["no name", DEPLOYMENT, "  name: tiles\n", "  labels: {a: b}\n", /^4: The field 'metadata.name' is missing/],
  ["a name with a capital", DEPLOYMENT, "  name: tiles\n", "  name: Tiles\n", /^4: 'Tiles' cannot be a name/],
  ["no image", DEPLOYMENT, "          image: tiles:1.0\n", "", /containers\[0\].image' is missing/],
  [
    "an object for a list",
    DEPLOYMENT,
    "        - name: tiles\n",
    "          name: tiles\n",
    /'spec.template.spec.containers' must be a list; .* begins with '-'/,
  ],
  ["a tab", DEPLOYMENT, "  replicas: 3", "\treplicas: 3", /^6: .*tab/],
  ["a line indented otherwise", DEPLOYMENT, "  replicas: 3", "   replicas: 3", /^[67]: .*indentation/],
  ["no colon", DEPLOYMENT, "replicas: 3", "replicas 3", /^[67]: .*colon/],
  ["a field twice", DEPLOYMENT, "  replicas: 3", "  replicas: 3\n  replicas: 4", /^7: .*second time/],
  [
    "a field at a wrong place",
    DEPLOYMENT,
    "  replicas: 3",
    "  image: tiles:1.0",
    /^6: 'image' is not a field of 'spec'. It belongs to '.*containers'/,
  ],
  [
    "a field without a value",
    DEPLOYMENT,
    "app: tiles\n    spec:",
    "app: tiles\n    spec:\n      nodeSelector:",
    /'spec.template.spec.nodeSelector' has no value/,
  ],
  [
    "volumes",
    DEPLOYMENT,
    "      containers:",
    "      volumes: []\n      containers:",
    /'volumes': This cluster has no volumes/,
  ],
  [
    "init containers",
    DEPLOYMENT,
    "      containers:",
    "      initContainers: []\n      containers:",
    /no init containers/,
  ],
  [
    "resources",
    DEPLOYMENT,
    "          ports:",
    "          resources: {}\n          ports:",
    /'resources': .*requests and limits mean nothing/,
  ],
  [
    "a restartPolicy of a Deployment",
    DEPLOYMENT,
    "      containers:",
    "      restartPolicy: Never\n      containers:",
    /can only be 'Always'/,
  ],
  [
    "a label that is a number",
    DEPLOYMENT,
    "        app: tiles\n    spec",
    "        app: tiles\n        version: 2\n    spec",
    /'spec.template.metadata.labels.version' must be text; put it between quotes: "2"/,
  ],
  ["another namespace", DEPLOYMENT, "  name: tiles\n", "  name: tiles\n  namespace: web\n", /^5: .*one namespace/],
  [
    "a type that this cluster does not have",
    SERVICE,
    "spec:\n",
    "spec:\n  type: LoadBalancer\n",
    /'spec.type' cannot be 'LoadBalancer' here; it can be 'ClusterIP' or 'NodePort'/,
  ],
  [
    "a list of ports that is none",
    SERVICE,
    "    - port: 80\n      targetPort: 8080",
    "    port: 80",
    /'spec.ports' must be a list/,
  ],
  [
    "two ports without names",
    SERVICE,
    "    - port: 80\n",
    "    - port: 81\n    - port: 80\n",
    /needs a 'name' for each/,
  ],
  ["a policy in small letters", POD, "spec:\n", "spec:\n  restartPolicy: onfailure\n", /Did you mean 'OnFailure'\?/],
  ["a status", POD, "spec:\n", "status: {}\nspec:\n", /'status': The status is what the cluster found/],
  ["a list at the beginning", POD, /^[\s\S]*$/, "- a\n- b\n", /^1: A manifest is made of fields/],
];

for (const [what, text, from, to, words] of BROKEN) {
  test(`is it told, at its line: ${what}?`, () => {
    const broken = text.replace(from, to);
    assert.notEqual(broken, text);
    const faults = faultsOf(broken);
    assert.ok(
      faults.some((it) => words.test(it)),
      faults.join("\n"),
    );
    assert.deepEqual(read(broken).objects, []);
  });
}

test("are all faults told at once, in the order of their lines?", () => {
  const deployment = DEPLOYMENT.replace("replicas", "replica").replace("path", "pathh");
  const text = `${deployment}---\n${SERVICE.replace("selector", "selectors")}`;
  const lines = read(text).faults.map((it) => it.line);
  assert.equal(lines.length, 3);
  assert.deepEqual(
    lines,
    [...lines].sort((a, b) => a - b),
  );
});

test("is a second manifest of the same name told?", () => {
  assert.match(faultsOf(`${SERVICE}---\n${SERVICE}`)[0], /Service "tiles" stands here for the second time/);
});

test("is a word meant that is near, and none that is far?", () => {
  assert.equal(nearest("pdo", ["pod", "node"]), "pod");
  assert.equal(nearest("Replicas", ["replicas"]), "replicas");
  assert.equal(nearest("volcano", ["pod", "node", "service"]), undefined);
});
