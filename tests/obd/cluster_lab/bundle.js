/** @file The lab's modules as a page gets them: bundled, since the engine cannot be imported by Node itself. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const LAB = join(ROOT, "docs/extensions/cluster_lab/lab");
const MODULES = [
  "cluster",
  "kubectl",
  "manifest",
  "merge",
  "nearest",
  "scheduler",
  "tasks",
  "kubectl/table",
  "kubectl/select",
];

/**
 * Lets the engine's chances (jitter, names of Pods) fall the same way each time.
 * @param {number} seed
 */
function fix(seed) {
  let state = seed;
  Math.random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** All that the modules of the lab export. @returns {Promise<any>} */
export async function bundled() {
  fix(Number(process.env.CLUSTER_LAB_SEED ?? 1));
  const folder = mkdtempSync(join(tmpdir(), "cluster-lab-"));
  const outfile = join(folder, "lab.mjs");
  const contents = MODULES.map((name) => `export * from "./${name}.js";`).join("\n");
  try {
    const stdin = { contents, resolveDir: LAB };
    await build({ stdin, outfile, bundle: true, platform: "browser", format: "esm", logLevel: "error" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder of the manifests that tasks begin with. */
export const MANIFESTS = join(ROOT, "docs/kubernetes/cluster-lab");

/** A file of a task, such as "k8s-three.edit.yaml". @param {string} name */
export function fileOf(name) {
  return readFileSync(join(MANIFESTS, name), "utf8");
}
