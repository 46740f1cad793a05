/** The editor for a plugin that is written on the page. */

export function WritePanel() {
  return <p class="quiet-text">There is no editor yet.</p>;
}
