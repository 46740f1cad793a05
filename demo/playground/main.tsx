/** The playground: a workspace for one program at a time, with a gallery of them. */

import { render } from "preact";
import { pageElement } from "../page-element.ts";
import { Playground } from "./playground.tsx";

render(<Playground />, pageElement("playground", HTMLElement));
