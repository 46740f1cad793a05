/*!
 * The worker script with @wasmer/wasi and @wasmer/wasmfs 0.12.0 bundled.
 * Their licences are in THIRD-PARTY.txt beside this file.
 */

import { serve } from "../../worker/serve.ts";
import { createWasmerEngine } from "./wasmer-engine.ts";

serve(createWasmerEngine);
