/** Whether this browser can suspend guests. Page and worker have the same answer. */
export function hasJspi(): boolean {
  return "Suspending" in WebAssembly;
}
