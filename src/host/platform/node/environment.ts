import { availableParallelism } from "node:os";
import type { Environment } from "../environment.ts";
import { fetchAddress } from "./fetch-address.ts";

/** Node, or what has its modules. */
export const environment: Environment = {
  isolations: ["worker"],
  canShareMemory: true,
  terminatesAtOnce: true,
  cores: availableParallelism(),
  lastingFiles: {
    isThere: true,
    effect: "mounts can be kept in folders (openFolder of cloche/node)",
  },
  fetch: fetchAddress,
};
