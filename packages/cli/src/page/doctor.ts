/** The script of a page that is examined: what `doctor()` finds there. */

export { doctor } from "cloche";
