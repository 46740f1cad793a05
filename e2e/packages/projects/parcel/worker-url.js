export { default as workerUrl } from "url:cloche/worker";
