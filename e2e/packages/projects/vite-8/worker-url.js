export { default as workerUrl } from "cloche/worker?url";
