/** What the rewriter needs to know about the body of a function. */

/** Stands for no instruction: a place that the path to, from the last check, is long. */
export const WAYPOINT = -1;

/** Instructions of interest and {@link WAYPOINT}s, in their order, each a number in several lists. */
export class Sites {
  count = 0;
  readonly ops: number[] = [];
  /** Where each starts and ends in the binary. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /**
   * For a loop: how many instructions one turn takes at most, inner loops not counted. For a waypoint:
   * how many there are from there to the end of its block.
   */
  readonly costs: number[] = [];

  add(op: number, start: number, end: number): number {
    const site = this.count++;
    this.ops[site] = op;
    this.starts[site] = start;
    this.ends[site] = end;
    this.costs[site] = 0;
    return site;
  }
}

/** What is found in the body of one function: good until the next is scanned. */
export interface FunctionBody {
  /** The body in the binary: its locals, and the code from `codeStart` to `end`, the last `end` included. */
  readonly start: number;
  readonly codeStart: number;
  readonly end: number;
  /** How many locals it declares, and in how many groups; parameters are not among them. */
  readonly locals: number;
  readonly localGroups: number;
  /** Where its groups of locals begin, after their number. */
  readonly localsStart: number;
  /** Blocks, loops, conditions and tries, without the body itself. */
  readonly controlFrames: number;
  /** How many values lay on the stack at each of those, all together. */
  readonly stackedValues: number;
  /** How many instructions lie outside all loops, up to the first waypoint. */
  readonly cost: number;
  readonly hasCalls: boolean;
  /** Whether it throws or catches. */
  readonly hasExceptions: boolean;
  readonly sites: Sites;
}
