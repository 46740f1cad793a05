// Copied from node_modules/cloche/dist/worker.js.
export const workerUrl = "/worker.js";
