/** The native functions of shim/shim.wat. The build wraps the runtime in a function with this parameter. */
declare const natives: readonly [
  text: (pointer: number, length: number) => string,
  putText: (position: number, text: string) => number,
  numbers: (pointer: number, count: number) => number[],
  putNumbers: (position: number, numbers: readonly number[], count: number) => number,
  reserve: (bytes: number) => number,
  release: (pointer: number) => void,
  callHost: (index: number, pointer: number, length: number) => void,
  runJobs: () => void,
  random: (pointer: number, length: number) => number,
  open: (pointer: number, length: number, flags: number, rights: number) => number,
  read: (fd: number, pointer: number, length: number) => number,
  write: (fd: number, pointer: number, length: number) => number,
  close: (fd: number) => number,
  memory: ArrayBuffer,
  state: number,
];

export const [
  text,
  putText,
  numbers,
  putNumbers,
  reserve,
  release,
  callHost,
  runJobs,
  random,
  open,
  read,
  write,
  close,
] = natives;

const memory = natives[13];
/** Where the shim keeps pointer and length of a result. */
export const state: number = natives[14];

/** The linear memory's address that {@link memory} begins at. */
export const MEMORY_BASE = 8;
/** Linear memory, less its first 8 bytes. */
export const view: DataView = new DataView(memory);
export const bytes: Uint8Array<ArrayBuffer> = new Uint8Array(memory);
