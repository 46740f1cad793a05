// What authors of plugins import. This file and assembly/ are AssemblyScript.
export { Box } from "./assembly/box";
export { fileExists, readFile, readTextFile, writeFile, writeTextFile } from "./assembly/files";
export { Borrow, Resource } from "./assembly/resource";
export { Result, Unit } from "./assembly/result";
export { print, printError, readInput, readTextInput } from "./assembly/streams";
export { Char, Duration, I128, Tuple, U128 } from "./assembly/values";
