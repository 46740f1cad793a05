// Builds the plugin for Vite and what it gives to pages, with their declarations, into dist/.
import { buildPackage } from "../build-package.mjs";

buildPackage(import.meta.dirname, { index: "./src/index.ts", loader: "./src/loader/index.ts" });
