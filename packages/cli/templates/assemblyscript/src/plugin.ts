/** Doubles each number. */
export function double(x: f64[]): f64[] {
  return x.map<f64>((value) => value * 2.0);
}

/** Greets somebody by name. */
export function greet(name: string): string {
  return `Hello, ${name}!`;
}
