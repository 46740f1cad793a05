/** The demo page: the plugin `double`, failing calls, and the code. */

import guestCode from "../guest/rust/examples/double/src/lib.rs?raw";
import { CallTiming } from "./call-timing.ts";
import { showCode, wireCopyButtons } from "./code-view.ts";
import { showEnvironment } from "./environment.ts";
import { startFailureLab } from "./failure-lab.ts";
import { showIsolation } from "./isolation.ts";
import { startLiveSection } from "./live-section.ts";
import { pageElement } from "./page-element.ts";
// oxlint-disable-next-line import/default -- Vite gives the text of a file, whatever it exports.
import pageCode from "./ten-lines.ts?raw";

showCode(pageElement("code-guest", HTMLElement), guestCode.trim());
showCode(pageElement("code-page", HTMLElement), pageCode.trim());
wireCopyButtons();

showIsolation();
const clockStepMs = showEnvironment();
await startLiveSection(new CallTiming(clockStepMs), clockStepMs);
await startFailureLab(clockStepMs);
