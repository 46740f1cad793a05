/** What encoding and decoding cost, without any thread. */

// The codec has no entry of its own: users meet it through calls, so the bench reaches for it.
import { decode, Encoder } from "../src/codec/message.ts";
import { t } from "../src/codec/t.ts";
import { type Contestant, type Group, race } from "./measure.ts";

export const codec: Group = {
  name: "codec",
  run: async () => [...(await smallValues()), ...(await manyNumbers())],
};

interface Sample {
  id: number;
  name: string;
  score: number;
}

const SAMPLES = 64;
const PASSES = 50;

/** Where results go, so that no engine finds them unused. */
const sink: { kept?: unknown } = {};

async function smallValues() {
  const samples: Sample[] = Array.from({ length: SAMPLES }, (_, index) => ({
    id: index,
    name: `name ${String(index).padStart(5, "0")}`,
    score: index / 7,
  }));
  const ours = t.struct({ id: t.u32, name: t.string, score: t.f64 });
  const encoder = new Encoder();
  useOtherCodecs(encoder);
  const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder() };
  const toJson = (value: Sample) => utf8.encoder.encode(JSON.stringify(value));
  const fromJson = (bytes: Uint8Array) => JSON.parse(utf8.decoder.decode(bytes)) as Sample;

  const each = <T>(name: string, values: readonly T[], operation: (value: T) => unknown) => ({
    name,
    operations: SAMPLES * PASSES,
    run: () => {
      for (let pass = 0; pass < PASSES; pass++) {
        for (const value of values) sink.kept = operation(value);
      }
    },
  });
  const encoded = samples.map((value) => encoder.encode(ours, value));
  const json = samples.map(toJson);
  const common = { unit: "ns", rounds: 60, warmUps: 20 } as const;
  const value = "{u32, string of 10, f64}";
  const JSON_UTF8 = "JSON and UTF-8";
  return [
    await race({
      ...common,
      title: `encode ${value}`,
      baseline: JSON_UTF8,
      headlines: { "codec of t.struct": "encoding a small struct to JSON and UTF-8" },
      contestants: [
        each("codec of t.struct", samples, (sample) => encoder.encode(ours, sample)),
        each(JSON_UTF8, samples, toJson),
      ],
    }),
    await race({
      ...common,
      title: `decode ${value}`,
      baseline: JSON_UTF8,
      headlines: { "codec of t.struct": "decoding a small struct to JSON and UTF-8" },
      contestants: [
        each("codec of t.struct", encoded, (bytes) => decode(ours, bytes)),
        each(JSON_UTF8, json, fromJson),
      ],
    }),
    await race({
      ...common,
      title: `encode and decode ${value}`,
      baseline: "structuredClone",
      contestants: [
        each("codec of t.struct", samples, (sample) => decode(ours, encoder.encode(ours, sample))),
        each(JSON_UTF8, samples, (sample) => fromJson(toJson(sample))),
        each("structuredClone", samples, (sample) => structuredClone(sample)),
      ],
    }),
  ];
}

/** A page has more types than one, and engines slow down shared code once it has seen many. */
function useOtherCodecs(encoder: Encoder): void {
  for (let fields = 1; fields <= 24; fields++) {
    const names = Array.from({ length: fields }, (_, index) => `field${fields}_${index}`);
    const other = t.struct(Object.fromEntries(names.map((name) => [name, t.u32])));
    const value = Object.fromEntries(names.map((name, index) => [name, index]));
    for (let pass = 0; pass < 200; pass++) sink.kept = decode(other, encoder.encode(other, value));
  }
}

const NUMBERS = 1_000_000;

async function manyNumbers() {
  const array = Float64Array.from({ length: NUMBERS }, (_, index) => index / 3);
  const list = [...array];
  const listCodec = t.vec(t.f64);
  const encoder = new Encoder();
  const bytes = encoder.encode(t.f64Array, array);
  const contestant = (name: string, operation: () => unknown): Contestant => ({
    name,
    operations: NUMBERS,
    run: () => {
      sink.kept = operation();
    },
  });
  const COPY = "a copy of the Float64Array";
  const common = { unit: "ns", baseline: COPY, rounds: 30, warmUps: 8 } as const;
  return [
    await race({
      ...common,
      title: "encode 1,000,000 f64, a number",
      headlines: { "t.f64Array": "encoding 1,000,000 f64 as t.f64Array to a copy" },
      contestants: [
        contestant(COPY, () => array.slice()),
        contestant("t.f64Array", () => encoder.encode(t.f64Array, array)),
        contestant("t.vec(t.f64), Float64Array", () => encoder.encode(listCodec, array)),
        contestant("t.vec(t.f64), number[]", () => encoder.encode(listCodec, list)),
      ],
    }),
    await race({
      ...common,
      title: "decode 1,000,000 f64, a number",
      contestants: [
        contestant(COPY, () => array.slice()),
        contestant("t.f64Array, bytes owned", () => decode(t.f64Array, bytes, {}, { owned: true })),
        contestant("t.f64Array, bytes borrowed", () => decode(t.f64Array, bytes)),
        contestant("t.vec(t.f64)", () => decode(listCodec, bytes)),
      ],
    }),
  ];
}
