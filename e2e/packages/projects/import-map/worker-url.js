export const workerUrl = "/node_modules/cloche/dist/worker.js";
