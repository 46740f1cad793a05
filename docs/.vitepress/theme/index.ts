/** The theme of the site: VitePress's own without its fonts, in the colours of the demo. */

import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import "../../../demo/styles/tokens.css";
import "./style.css";
import { LiveExample } from "./live-example.ts";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("LiveExample", LiveExample);
  },
} satisfies Theme;
