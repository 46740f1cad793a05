/** Calls the functions of the open plugin. */

export function CallPanel() {
  return <p class="quiet-text">There is no form yet.</p>;
}
