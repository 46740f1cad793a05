/** Where the user states the types of functions that the plugin does not describe. */

import { useId, useState } from "preact/hooks";
import { errorText } from "../../error-text.ts";
import { withSchema } from "../inspect/with-schema.ts";
import { workspace } from "../workspace/workspace.ts";
import { described } from "./form-state.ts";

export function StateTypes() {
  const id = useId();
  const [text, setText] = useState<string>();
  const [problem, setProblem] = useState("");
  const plugin = workspace.plugin.value;
  const known = new Set(described.value.map(({ name }) => name));
  const missing = plugin?.functions.filter((name) => !known.has(name)) ?? [];
  if (plugin === undefined || missing.length === 0) return null;
  const shown = text ?? missing.map((name) => `fn ${name}() -> ();`).join("\n");
  return (
    <form
      class="state-types"
      onSubmit={async (event) => {
        event.preventDefault();
        const program = workspace.program.peek();
        const bytes = workspace.moduleBytes.peek();
        if (program === undefined || bytes === undefined) return;
        try {
          await workspace.open(
            { ...program, source: withSchema(bytes, shown) },
            { keepFiles: true },
          );
          setProblem("");
        } catch (error) {
          setProblem(errorText(error));
        }
      }}
    >
      <h3>
        {known.size === 0 ? "This plugin does not describe itself" : "Functions without types"}
      </h3>
      <p class="field-note">
        State the types of the functions that you want to call, as in its source:{" "}
        <code>fn double(x: vec&lt;f64&gt;) -&gt; vec&lt;f64&gt;;</code>
      </p>
      <label class="visually-hidden" for={id}>
        Types of its functions
      </label>
      <textarea
        id={id}
        class="text-area"
        rows={Math.min(10, Math.max(3, shown.split("\n").length))}
        spellcheck={false}
        value={shown}
        aria-invalid={problem === "" ? undefined : true}
        aria-describedby={problem === "" ? undefined : `${id}-problem`}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {problem !== "" && (
        <p class="field-problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      <button type="submit" class="button">
        Use these types
      </button>
    </form>
  );
}
