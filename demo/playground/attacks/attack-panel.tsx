/** Hostile plugins, and a page that goes on while they run. */

export function AttackPanel() {
  return <p class="quiet-text">There are no attacks yet.</p>;
}
