/** Values of every kind that a caller may pass by mistake, each made anew. */

/** What hostile getters, proxies and functions throw: an error of the caller's own. */
export const OWN_ERROR = "the caller's own error";

const fail = (): never => {
  throw new Error(OWN_ERROR);
};

/** Each by a name, for reports. */
export type OddValue = readonly [name: string, make: () => unknown];

export function oddValues(): readonly OddValue[] {
  return [...PRIMITIVES, ...OBJECTS, ...HOSTILE, ...BUFFERS, ...PLATFORM, ...foreignValues()];
}

const PRIMITIVES: readonly OddValue[] = [
  ...[undefined, null, true, false, 0, -1, 0.5, NaN, Infinity, 2 ** 53, 7n, -(2n ** 200n)],
  ...["", "a", "/a", "../a", "a\0b", "\ud800", "a".repeat(1_000_000)],
].map(
  (value) =>
    [
      typeof value === "string" ? `string ${value.slice(0, 9)}` : String(value),
      () => value,
    ] as const,
);

class Odd {
  readonly odd = true;
}

const OBJECTS: readonly OddValue[] = [
  ["symbol", () => Symbol("odd")],
  ["{}", () => ({})],
  ["{ a: {} }", () => ({ a: {} })],
  ["null prototype", () => Object.create(null) as unknown],
  ["[]", () => []],
  ["[1, , 'a']", () => Object.assign(Array(3), { 0: 1, 2: "a" })],
  ["function", () => () => {}],
  ["async function", () => async () => {}],
  ["class", () => Odd],
  ["instance", () => new Odd()],
  ["Date", () => new Date(0)],
  ["RegExp", () => /odd/],
  ["Map", () => new Map([["a", "b"]])],
  ["Set", () => new Set(["a"])],
  ["Error", () => new Error("odd")],
  ["String", () => Object("boxed") as unknown],
  ["promise", () => Promise.resolve("a")],
  ["rejected promise", () => handled(Promise.reject(new Error(OWN_ERROR)))],
  ["thenable", () => thenable((resolve) => resolve("a"))],
  ["cyclic object", () => withItself({})],
  ["cyclic array", () => withItself([])],
  ["module namespace", () => Object.freeze(Object.assign({ [Symbol.toStringTag]: "Module" }))],
];

const HOSTILE: readonly OddValue[] = [
  ["function that throws", () => fail],
  ["function that rejects", () => () => handled(Promise.reject(new Error(OWN_ERROR)))],
  ["thenable that throws", () => thenable(fail)],
  ["getters that throw", throwingGetters],
  ["toString that throws", () => ({ toString: fail, valueOf: fail, [Symbol.toPrimitive]: fail })],
  ["toStringTag that throws", () => Object.defineProperty({}, Symbol.toStringTag, { get: fail })],
  ["iterator that throws", () => ({ [Symbol.iterator]: fail, [Symbol.asyncIterator]: fail })],
  ["tagged as another", () => ({ [Symbol.toStringTag]: "FileSystemDirectoryHandle" })],
  ["tagged as a list", () => ({ [Symbol.toStringTag]: "FileList", length: 2 ** 31 })],
  ["proxy", () => new Proxy({}, {})],
  ["proxy that throws", () => throwingProxy({})],
  ["array proxy that throws", () => throwingProxy([])],
  ["revoked proxy", () => revoked({})],
  ["revoked array proxy", () => revoked([])],
  ["revoked function proxy", () => revoked(() => {})],
];

const BUFFERS: readonly OddValue[] = [
  ["ArrayBuffer", () => new ArrayBuffer(3)],
  ["detached buffer", () => detach(new ArrayBuffer(3))],
  ["resizable buffer", () => new ArrayBuffer(3, { maxByteLength: 9 })],
  ["Uint8Array", () => new Uint8Array([1, 2, 3])],
  ["Uint16Array", () => new Uint16Array([0x0102, 0x0304])],
  ["Float64Array", () => new Float64Array([0.5])],
  ["DataView", () => new DataView(new ArrayBuffer(5), 1, 3)],
  ["view of detached", () => viewOfDetached()],
  ["view out of bounds", () => viewOutOfBounds()],
  ["SharedArrayBuffer", () => new SharedArrayBuffer(3)],
  ["shared view", () => new Uint8Array(new SharedArrayBuffer(3))],
  ["view that lies", () => Object.defineProperty(new Uint8Array(3), "length", { value: NaN })],
];

const PLATFORM: readonly OddValue[] = [
  ["Blob", () => new Blob(["a"])],
  ["File", () => new File(["a"], "a.txt")],
  ["nameless File", () => new File(["a"], "")],
  ["[File]", () => [new File(["a"], "a.txt")]],
  ["FileList", () => fileList(window)],
  ["Response", () => new Response("a")],
  ["Request", () => new Request("/odd")],
  ["URL", () => new URL("/odd", location.href)],
  ["ReadableStream", () => new ReadableStream({ start: (controller) => controller.close() })],
  ["locked stream", lockedStream],
  ["AbortSignal", () => new AbortController().signal],
  ["aborted signal", () => AbortSignal.abort(new Error(OWN_ERROR))],
  ["WebAssembly.Module", () => new WebAssembly.Module(EMPTY_MODULE)],
  ["WebAssembly.Memory", () => new WebAssembly.Memory({ initial: 0 })],
  ["MessagePort", () => new MessageChannel().port1],
  ["element", () => document.createElement("p")],
];

const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/** Values of an iframe, whose constructors are not those of the page. */
function foreignValues(): readonly OddValue[] {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const realm = frame.contentWindow as Window & typeof globalThis;
  return [
    ["foreign ArrayBuffer", () => new realm.ArrayBuffer(3)],
    ["foreign Uint8Array", () => new realm.Uint8Array(3)],
    ["foreign object", () => new realm.Object()],
    ["foreign array", () => realm.Array.of("a")],
    ["foreign function", () => realm.Function("return 1")],
    ["foreign Map", () => new realm.Map([["a", "b"]])],
    ["foreign Set", () => new realm.Set(["a"])],
    ["foreign Error", () => new realm.Error("odd")],
    ["foreign Blob", () => new realm.Blob(["a"])],
    ["foreign [File]", () => [new realm.File(["a"], "a.txt")]],
    ["foreign FileList", () => fileList(realm)],
    ["foreign URL", () => new realm.URL("/odd", location.href)],
    ["foreign Response", () => new realm.Response("a")],
    ["foreign AbortSignal", () => new realm.AbortController().signal],
    ["foreign promise", () => realm.Promise.resolve("a")],
    [
      "foreign ReadableStream",
      () => new realm.ReadableStream({ start: (controller) => controller.close() }),
    ],
  ];
}

/** A rejection that nobody has to handle. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function thenable(then: (resolve: (value: unknown) => void) => void): object {
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is
  return Object.defineProperty({}, "then", { value: then });
}

function withItself(value: object): object {
  return Object.assign(value, { 0: value, a: value });
}

/** An object that looks like all kinds of arguments, until it is read. */
function throwingGetters(): object {
  const names = ["name", "files", "args", "env", "limits", "signal", "timeoutMs", "readOnly", "a"];
  const others = [
    "encode",
    "decode",
    "minBytes",
    "params",
    "call",
    "workerSource",
    "length",
    "then",
  ];
  const get = { get: fail, enumerable: true };
  return Object.defineProperties(
    {},
    Object.fromEntries([...names, ...others].map((name) => [name, get])),
  );
}

function throwingProxy(target: object): object {
  const traps = Object.getOwnPropertyNames(Reflect).map((trap) => [trap, fail]);
  return new Proxy(target, Object.fromEntries(traps) as ProxyHandler<object>);
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function detach(buffer: ArrayBuffer): ArrayBuffer {
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function viewOfDetached(): Uint8Array {
  const view = new Uint8Array(3);
  detach(view.buffer);
  return view;
}

function viewOutOfBounds(): Uint8Array {
  const buffer = new ArrayBuffer(8, { maxByteLength: 8 });
  const view = new Uint8Array(buffer, 4, 4);
  buffer.resize(2);
  return view;
}

function fileList(realm: Window & typeof globalThis): FileList {
  const transfer = new realm.DataTransfer();
  transfer.items.add(new realm.File(["a"], "a.txt"));
  return transfer.files;
}

function lockedStream(): ReadableStream {
  const stream = new ReadableStream();
  stream.getReader();
  return stream;
}
