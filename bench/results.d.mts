import type { Row, Table } from "./measure.ts";

export function rowOf(table: Table, name: string): Row | undefined;
export function ratioOf(table: Table, name: string, to?: string): number;
export function quantile(samples: readonly number[], share: number): number;
export function describeRatio(ratio: number): string;
