/** Lets a number in a text field be dragged sideways with a pointer, and stepped with arrow keys. */

const PIXELS_A_STEP = 6;
const PIXELS_TO_START = 4;
const LARGE_STEP = 10;

/**
 * @param input A click still focuses it; only a pointer that moves sideways drags.
 * @param onStep Gets the number of steps, negative for down, counted from `startText`.
 */
export function makeScrubbable(
  input: HTMLInputElement,
  onStep: (startText: string, steps: number) => void,
): void {
  input.addEventListener("keydown", (event) => {
    const steps = stepsOfKey(event.key, event.shiftKey);
    if (steps === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onStep(input.value, steps);
  });

  input.addEventListener("pointerdown", (down) => {
    // In a field that has the focus a drag selects text.
    if (down.button !== 0 || document.activeElement === input) return;
    const startText = input.value;
    let isDragging = false;
    let lastSteps = 0;
    const ended = new AbortController();
    const { signal } = ended;

    const onMove = (move: PointerEvent) => {
      if (move.pointerId !== down.pointerId) return;
      const moved = move.clientX - down.clientX;
      if (!isDragging && Math.abs(moved) < PIXELS_TO_START) return;
      if (!isDragging) {
        isDragging = true;
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        input.setPointerCapture(down.pointerId);
        input.dataset["dragging"] = "";
      }
      const steps = Math.round(moved / PIXELS_A_STEP) * (move.shiftKey ? LARGE_STEP : 1);
      if (steps === lastSteps) return;
      lastSteps = steps;
      onStep(startText, steps);
    };
    const onEnd = (up: PointerEvent) => {
      if (up.pointerId !== down.pointerId) return;
      ended.abort();
      delete input.dataset["dragging"];
      if (isDragging || up.type === "pointercancel") return;
      input.focus();
      input.select();
    };

    // The press would focus the field before it is known to be a click.
    if (down.pointerType === "mouse") down.preventDefault();
    window.addEventListener("pointermove", onMove, { signal });
    window.addEventListener("pointerup", onEnd, { signal });
    window.addEventListener("pointercancel", onEnd, { signal });
  });
}

function stepsOfKey(key: string, isShifted: boolean): number {
  switch (key) {
    case "ArrowUp":
      return isShifted ? LARGE_STEP : 1;
    case "ArrowDown":
      return isShifted ? -LARGE_STEP : -1;
    case "PageUp":
      return LARGE_STEP;
    case "PageDown":
      return -LARGE_STEP;
    default:
      return 0;
  }
}
