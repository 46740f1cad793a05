/** Makes the messages of calls: in memory that is used again, or that the caller gives up. */

import type { AnyCodec, Codec } from "../../codec/codec.ts";
import { encodeInPlace, giveUp } from "../../codec/given-arrays.ts";
import { Decoder, Encoder } from "../../codec/message.ts";
import type { TypedArray } from "../../codec/typed-array.ts";
import { arrayMemory } from "../../codec/types/typed-arrays.ts";
import type { Limits } from "../../limits.ts";
import { isLarge } from "../../protocol/lanes/call-frames.ts";
import type { GuestCall } from "../../protocol/lanes/call-lane.ts";
import type { HandleTable } from "../grants/handle-table.ts";
import type { CheckedCallOptions } from "./call-options.ts";
import { StagingPool } from "./staging-pool.ts";

/** What messages are made with. */
export interface MessageMeans {
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly staging: StagingPool;
  readonly limits: Limits;
  /** What the plugin holds; `undefined` for a pool, whose plugins each hold their own. */
  readonly handles: HandleTable | undefined;
}

/** @param closed Resolves when no memory is to be kept any more. */
export function createMessageMeans(
  limits: Limits,
  closed: Promise<unknown>,
  handles?: HandleTable,
): MessageMeans {
  const staging = new StagingPool();
  void closed.then(() => {
    staging.close();
    handles?.close();
  });
  return {
    encoder: new Encoder(limits, { pool: staging, handles }),
    decoder: new Decoder(limits, handles),
    staging,
    limits,
    handles,
  };
}

/** The arguments of a function. */
export interface Parameters {
  readonly codec: Codec<unknown, never>;
  /** The codec of the only one. */
  readonly only: AnyCodec | undefined;
}

/** Arguments as a call takes them. */
export type EncodedArguments = Pick<GuestCall, "args" | "bufferBytes">;

/**
 * @param out What the result will be written into.
 * @throws CodecError when the values do not fit.
 */
export function encodeArguments(
  means: MessageMeans,
  parameters: Parameters,
  values: readonly unknown[],
  { transfer = false, out }: Pick<CheckedCallOptions, "transfer" | "out">,
): EncodedArguments {
  const message = transfer
    ? encodeGivenUp(means, parameters, values)
    : means.encoder.encode(parameters.codec, values as never);
  const args = out === undefined ? message : withRoomFor(means, message, out);
  // A short message of the encoder's has no more than it needs, and a buffer only if somebody asks for it.
  const isExact = !transfer && out === undefined && !isLarge(args.length);
  return { args, bufferBytes: isExact ? args.length : args.buffer.byteLength };
}

/** Encodes arguments that are given up: without a copy where there is room for what comes before the elements. */
function encodeGivenUp(
  { encoder, staging, limits }: MessageMeans,
  { codec, only }: Parameters,
  values: readonly unknown[],
): Uint8Array {
  if (only?.array !== undefined && values.length === 1) {
    const inPlace = encodeInPlace(only.array, values[0], limits.messageBytes);
    if (inPlace !== undefined) return inPlace;
  }
  const message = encoder.encode(codec, values as never);
  for (const buffer of giveUp(values)) staging.give(buffer);
  return message;
}

/**
 * Gives a message a buffer in which the worker can send back a result that fills `out`.
 *
 * @throws {TypeError} when the buffer of `out` is detached.
 */
function withRoomFor(
  { staging, limits }: MessageMeans,
  message: Uint8Array,
  out: TypedArray,
): Uint8Array {
  const memory = arrayMemory(out);
  if (memory === undefined) throw new TypeError("Cannot use options.out: its buffer is detached");
  const needed = LENGTH_BYTES + memory.length;
  if (needed <= message.buffer.byteLength || needed > limits.messageBytes) return message;
  if (needed <= LEAST_ROOM_BYTES) return message;
  const roomy = new Uint8Array(staging.take(needed) ?? new ArrayBuffer(needed), 0, message.length);
  roomy.set(message);
  staging.give(message.buffer as ArrayBuffer);
  return roomy;
}

/** A length comes before the elements. */
const LENGTH_BYTES = 8;

/** A shorter result is as fast in fresh memory. */
const LEAST_ROOM_BYTES: number = 64 * 1024;
