/** Doubles each number. */
export function double(x: number[]): number[] {
  return x.map((value) => value * 2);
}

/** Greets somebody by name. */
export function greet(name: string): string {
  return `Hello, ${name}!`;
}
