// A plugin that traps, for the lines in its stack.

// @ts-ignore: a decorator of AssemblyScript
@inline
function row(length: i32): StaticArray<u8> {
  return new StaticArray<u8>(length).fill(7);
}

function fall(depth: i32): i32 {
  let sum = 0;
  for (let length = 1; length <= depth; length += 1) {
    sum += row(length)[length - 1];
    if (length == depth) {
      unreachable();
    }
  }
  return sum;
}

/** Traps in its round of the number `depth`. */
export function trap(depth: i32): i32 {
  return fall(depth) + 1;
}
