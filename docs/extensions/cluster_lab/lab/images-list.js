/** @file What the registry of this cluster has. */

/** Each image with a line on what it does. */
export const IMAGES = new Map([
  ["tiles:1.0", "a server of satellite images; answers on port 8080"],
  ["tiles:2.0", "its next version"],
  ["tiles:2.1", "a version that starts, but is never ready"],
  ["tiles:2.2", "a version that ends at once unless the variable TILES_BUCKET is set"],
  ["mosaic:1.0", "a batch program that ends; fails the first time in each Pod"],
  ["busybox:1.36", "small Unix tools: wget, sleep, echo"],
]);
