/** Doubles every number. */
export function double(x: number[]): number[] {
  return x.map((each) => each * 2);
}
