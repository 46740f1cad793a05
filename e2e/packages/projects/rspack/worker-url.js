export const workerUrl = new URL("cloche/worker", import.meta.url);
