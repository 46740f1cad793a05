/** The worker's script. */

import { createClocheEngine } from "./cloche-engine.ts";
import { serve } from "./serve.ts";

serve(createClocheEngine);
