/*!
 * The worker's script on @wasmer/wasi and @wasmer/wasmfs 0.12.0, which are in it.
 * Their licences: see THIRD-PARTY.txt beside this file.
 */

import { serve } from "../../worker/serve.ts";
import { createWasmerEngine } from "./wasmer-engine.ts";

serve(createWasmerEngine);
