/** What the rewriter needs to know about the body of a function. */

/** In place of an opcode: a point between instructions that needs a check, since the last one is far. */
export const WAYPOINT = -1;

/** The instructions that the rewriter changes, and {@link WAYPOINT}s, in order. Each is an index into several lists. */
export class Sites {
  count = 0;
  readonly ops: number[] = [];
  /** Where each starts and ends in the binary, in bytes. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /**
   * For a loop: the maximum number of instructions of one iteration, without inner loops. For a
   * waypoint: the number of instructions from there to the end of its block.
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

/** What the scanner found in the body of one function. Valid until it scans the next one. */
export interface FunctionBody {
  /** Where the body is in the binary: its locals, then the code from `codeStart` to `end`, with the last `end`. */
  readonly start: number;
  readonly codeStart: number;
  readonly end: number;
  /** The number of locals it declares, and of their groups, without parameters. */
  readonly locals: number;
  readonly localGroups: number;
  /** Where its groups of locals start, after their count. */
  readonly localsStart: number;
  /** The number of blocks, loops, ifs and tries, without the body itself. */
  readonly controlFrames: number;
  /** The number of values on the stack at each of those, added up. */
  readonly stackedValues: number;
  /** The number of instructions outside all loops, up to the first waypoint. */
  readonly cost: number;
  readonly hasCalls: boolean;
  /** Whether it throws or catches. */
  readonly hasExceptions: boolean;
  readonly sites: Sites;
}
