// Builds the package into dist/, with its declarations.
import { buildPackage } from "../build-package.mjs";

buildPackage(import.meta.dirname);
