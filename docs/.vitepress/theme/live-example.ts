/** The button under an example, which runs it with Cloche on this page, and what it gave. */

import { examples } from "virtual:live-examples";
import { defineComponent, h, ref } from "vue";
import { valueText } from "./value-text.ts";

/** What an example has shown: a value of an expression, an error, or a line on the console. */
interface Line {
  readonly source?: string;
  readonly text: string;
  readonly isError?: boolean;
}

const LABELS = { idle: "Run", running: "Running", done: "Run again" } as const;

export const LiveExample = defineComponent({
  props: { name: { type: String, required: true } },
  setup({ name }) {
    const lines = ref<Line[]>([]);
    const state = ref<keyof typeof LABELS>("idle");

    let isShowing = false;
    const show = (line: Line) => isShowing && lines.value.push(line);
    const live = {
      /** Begins the block that the reader runs; those above it run without being shown. */
      showFromHere() {
        isShowing = true;
      },
      /** Evaluates an expression, and shows its value or what it throws. */
      async evaluate(expression: () => unknown, source: string): Promise<void> {
        try {
          const value = await expression();
          if (!source.startsWith("console.")) show({ source, text: valueText(value) });
        } catch (error) {
          show({ source, text: valueText(error), isError: true });
        }
      },
    };
    const log = (...values: unknown[]) => {
      const texts = values.map((value) => (typeof value === "string" ? value : valueText(value)));
      show({ text: texts.join(" ") });
    };

    async function run(): Promise<void> {
      state.value = "running";
      lines.value = [];
      isShowing = false;
      const { endAll } = await import("./live-library.ts");
      try {
        const example = await examples[name]?.();
        await example?.run(live, { ...console, log });
      } catch (error) {
        isShowing = true;
        show({ text: valueText(error), isError: true });
      }
      endAll();
      state.value = "done";
    }

    return () =>
      h("div", { class: "live-example" }, [
        h("button", { type: "button", disabled: state.value === "running", onClick: run }, [
          LABELS[state.value],
        ]),
        h("div", { class: "live-output", role: "status", "aria-label": "Output of the example" }, [
          state.value === "done" && lines.value.length === 0
            ? h("p", { class: "live-quiet" }, "It ran. Nothing to show.")
            : lines.value.map(({ source, text, isError = false }) =>
                h("p", { class: { "live-error": isError } }, [
                  source === undefined ? undefined : h("code", { class: "live-source" }, source),
                  h("code", text),
                ]),
              ),
        ]),
      ]);
  },
});
