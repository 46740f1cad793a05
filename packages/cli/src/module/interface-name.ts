/** The name of a plugin's interface: `word-count` is `WordCount`. */
export function interfaceName(name: string): string {
  const words = name.split(/[^A-Za-z\d]+/).filter((word) => word !== "");
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return joined === "" || /^\d/.test(joined) ? `Plugin${joined}` : joined;
}
