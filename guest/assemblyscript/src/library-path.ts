/** Where the compiler finds the sources of `assembly/`. */
export const LIBRARY = "~lib/@cloche/assemblyscript";
