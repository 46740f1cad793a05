/** What the module of the open program is. */

export function InspectPanel() {
  return <p class="quiet-text">Nothing is inspected yet.</p>;
}
