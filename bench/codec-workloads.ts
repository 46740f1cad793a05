/** What the codec group encodes and decodes, and with what. */

import { Packr } from "msgpackr";
// The codec has no entry of its own: users meet it through calls, so the bench reaches for it.
import type { Codec } from "../src/codec/codec.ts";
import { Decoder, Encoder } from "../src/codec/message.ts";
import { t } from "../src/codec/t.ts";
import { type Contestant, expectEqual, race, scaled, type Table } from "./measure.ts";

const OURS = "Cloche";
const MSGPACKR = "msgpackr with records";
const JSON_UTF8 = "JSON and UTF-8";

/** Something that turns values into bytes and back. */
interface Format<T> {
  readonly name: string;
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => T;
}

/** Where results go, so that no engine finds them unused. */
const sink: { kept?: unknown } = {};

interface Sample {
  id: number;
  name: string;
  score: number;
}

const sampleCodec: Codec<Sample> = t.struct({ id: t.u32, name: t.string, score: t.f64 });

function samples(length: number): Sample[] {
  return Array.from({ length }, (_, id) => ({
    id,
    name: `name ${String(id % 1e5).padStart(5, "0")}`,
    score: id / 7,
  }));
}

interface Tree {
  label: string;
  size: number;
  children: Tree[];
}

const treeCodec: Codec<Tree> = t.struct({
  label: t.string,
  size: t.u32,
  children: t.vec(t.lazy(() => treeCodec)),
});

/** A tree of `2 ** levels - 1` nodes. */
function tree(levels: number): Tree {
  const children = levels === 1 ? [] : [tree(levels - 1), tree(levels - 1)];
  return { label: `level ${levels}`, size: 2 ** levels - 1, children };
}

const STRUCTS = scaled(100_000);
const SINGLES = 64;
const TREE_LEVELS = 14;
const NUMBERS = scaled(1_000_000);

/** Each races the formats on a workload, after 24 other types or as the first that the engine sees. */
export const WORKLOADS = {
  "many structs": (afterOthers: boolean): Promise<Table[]> => {
    const codec = t.vec(sampleCodec);
    const formats = formatsOf(codec, afterOthers);
    return raceFormats(formats, [samples(STRUCTS)], {
      what: "100,000 structs {u32, string of 10, f64}, a struct",
      parts: STRUCTS,
      passes: 1,
      afterOthers,
    });
  },

  "single structs": (afterOthers: boolean): Promise<Table[]> =>
    raceFormats(formatsOf(sampleCodec, afterOthers), samples(SINGLES), {
      what: "one struct {u32, string of 10, f64}",
      parts: 1,
      passes: 50,
      afterOthers,
    }),

  "a deep tree": (afterOthers: boolean): Promise<Table[]> => {
    const nodes = 2 ** TREE_LEVELS - 1;
    return raceFormats(formatsOf(treeCodec, afterOthers), [tree(TREE_LEVELS)], {
      what: `a tree of ${nodes.toLocaleString("en")} nodes, a node`,
      parts: nodes,
      passes: 1,
      afterOthers,
    });
  },

  numbers: async (afterOthers: boolean): Promise<Table[]> => {
    const encoder = new Encoder();
    const decoder = new Decoder();
    if (afterOthers) useOthers([cloche(encoder, decoder)]);
    return raceNumbers(encoder, decoder, afterOthers);
  },
};

interface Conditions {
  readonly what: string;
  /** The parts of one value, in which its time is given. */
  readonly parts: number;
  /** How often a sample encodes or decodes all values. */
  readonly passes: number;
  readonly afterOthers: boolean;
}

/** Bytes in a codec's format, for whatever codec. */
type FormatOf = <T>(codec: Codec<T>) => Format<T>;

const cloche =
  (encoder: Encoder, decoder: Decoder): FormatOf =>
  (codec) => ({
    name: OURS,
    encode: (value) => encoder.encode(codec, value),
    decode: (bytes) => decoder.decode(codec, bytes),
  });

function msgpackr<T>(packr: Packr): Format<T> {
  return {
    name: MSGPACKR,
    encode: (value) => packr.pack(value),
    decode: (bytes) => packr.unpack(bytes) as T,
  };
}

function json<T>(): Format<T> {
  const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
  return {
    name: JSON_UTF8,
    encode: (value) => encoder.encode(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(decoder.decode(bytes)) as T,
  };
}

function formatsOf<T>(codec: Codec<T>, afterOthers: boolean): Format<T>[] {
  const ours = cloche(new Encoder(), new Decoder());
  const packr = new Packr({ structures: [] });
  if (afterOthers) useOthers([ours, () => msgpackr(packr)]);
  return [ours(codec), msgpackr(packr), json()];
}

/** A page has more types than one, and engines slow down shared code once it has seen many. */
function useOthers(formats: readonly FormatOf[]): void {
  for (let fields = 1; fields <= 24; fields++) {
    const names = Array.from({ length: fields }, (_, index) => `field${fields}_${index}`);
    const kinds = [t.u32, t.string, t.vec(t.f64), t.option(t.bool)] as Codec<unknown>[];
    const values = [7, "text", [1, 2], null];
    const record = <T>(list: readonly T[]) =>
      Object.fromEntries(names.map((name, index) => [name, list[index % list.length] as T]));
    const codec = t.struct(record(kinds));
    const value = record(values);
    for (const format of formats) {
      const { encode: toBytes, decode: fromBytes } = format(codec);
      for (let pass = 0; pass < scaled(200); pass++) sink.kept = fromBytes(toBytes(value));
    }
  }
}

async function raceFormats<T>(
  formats: readonly Format<T>[],
  values: readonly T[],
  { what, parts, passes, afterOthers }: Conditions,
): Promise<Table[]> {
  const operations = values.length * parts * passes;
  const repeat = <V>(name: string, inputs: readonly V[], operation: (input: V) => unknown) => ({
    name,
    operations,
    run: () => {
      for (let pass = 0; pass < passes; pass++) {
        for (const input of inputs) sink.kept = operation(input);
      }
    },
  });
  const when = afterOthers ? ", after 24 other types" : "";
  const common = { unit: "ns", baseline: MSGPACKR, rounds: 30, warmUps: 10 } as const;
  const encoding = await race({
    ...common,
    title: `encode ${what}${when}`,
    headlines: { [OURS]: `encode ${what}${when}` },
    contestants: formats.map(({ name, encode }) => repeat(name, values, encode)),
  });
  const decoding = await race({
    ...common,
    title: `decode ${what}${when}`,
    headlines: { [OURS]: `decode ${what}${when}` },
    contestants: formats.map(({ name, encode, decode: fromBytes }) => {
      const encoded = values.map((value) => encode(value).slice());
      expectEqual(JSON.stringify(encoded.map(fromBytes)), JSON.stringify(values));
      return repeat(name, encoded, fromBytes);
    }),
  });
  return [encoding, decoding];
}

async function raceNumbers(
  encoder: Encoder,
  decoder: Decoder,
  afterOthers: boolean,
): Promise<Table[]> {
  const array = Float64Array.from({ length: NUMBERS }, (_, index) => index / 3);
  const list = [...array];
  const listCodec = t.vec(t.f64);
  const bytes = encoder.encode(t.f64Array, array);
  const contestant = (name: string, operation: () => unknown): Contestant => ({
    name,
    operations: NUMBERS,
    run: () => {
      sink.kept = operation();
    },
  });
  const COPY = "a copy of the Float64Array";
  const when = afterOthers ? ", after 24 other types" : "";
  const common = { unit: "ns", baseline: COPY, rounds: 30, warmUps: 8 } as const;
  return [
    await race({
      ...common,
      title: `encode 1,000,000 f64, a number${when}`,
      headlines: { "t.f64Array": `encode t.f64Array, to a copy${when}` },
      contestants: [
        contestant(COPY, () => array.slice()),
        contestant("t.f64Array", () => encoder.encode(t.f64Array, array)),
        contestant("t.vec(t.f64), Float64Array", () => encoder.encode(listCodec, array)),
        contestant("t.vec(t.f64), number[]", () => encoder.encode(listCodec, list)),
      ],
    }),
    await race({
      ...common,
      title: `decode 1,000,000 f64, a number${when}`,
      headlines: { "t.f64Array, bytes borrowed": `decode t.f64Array, to a copy${when}` },
      contestants: [
        contestant(COPY, () => array.slice()),
        contestant("t.f64Array, bytes owned", () =>
          decoder.decode(t.f64Array, bytes, { owned: true }),
        ),
        contestant("t.f64Array, bytes borrowed", () => decoder.decode(t.f64Array, bytes)),
        contestant("t.vec(t.f64)", () => decoder.decode(listCodec, bytes)),
      ],
    }),
  ];
}
