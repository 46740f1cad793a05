import type { BinaryReader } from "./binary-reader.ts";

/** The size of a table in elements or of a memory in pages, as it is written in the binary. */
export interface SizeLimits {
  readonly minimum: number;
  readonly maximum: number | undefined;
  readonly isShared: boolean;
  /** Whether it is indexed by i64. */
  readonly is64: boolean;
}

const LIMITS_FLAG = { hasMaximum: 1, isShared: 2, is64: 4 } as const;

/** Reads the limits of a table or a memory. */
export function readSizeLimits(reader: BinaryReader): SizeLimits {
  const flags = reader.byte();
  if (flags > 7) throw reader.unknown("limits", flags);
  const minimum = reader.u64();
  const maximum = (flags & LIMITS_FLAG.hasMaximum) === 0 ? undefined : reader.u64();
  return {
    minimum,
    maximum,
    isShared: (flags & LIMITS_FLAG.isShared) !== 0,
    is64: (flags & LIMITS_FLAG.is64) !== 0,
  };
}
