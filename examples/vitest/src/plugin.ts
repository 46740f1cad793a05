/** Doubles each number. */
export function double(x: f64[]): f64[] {
  trace("doubling", 1, <f64>x.length);
  return x.map<f64>((value) => value * 2.0);
}
