/** Writes functions with checks in them. */

import { blockType, bulk, copied, placed, refill } from "./host";
import { at, endAt, moveTo, readIndex } from "./reader";
import {
  codeStart,
  cost,
  hasExceptions,
  hasMoreChecks,
  isEntryChecked,
  localGroups,
  locals,
  localsStart,
  SITE,
  sites,
  sitesEnd,
  TYPE,
  typeAt,
  WAYPOINT,
} from "./scan";
import { OP } from "./tables";

/** How functions are rewritten: see `form.ts`. */
export namespace FORM {
  export const terminate: u32 = 0;
  export const epoch: u32 = 1;
  export const fuel: u32 = 2;
}

export let form: u32 = 0;
/** For `"epoch"`: where the encoded check is. */
let check: u32 = 0;
let checkBytes: u32 = 0;
/** For `"fuel"`: the global with the fuel. */
let fuel: u32 = 0;
let refillCallee: u32 = 0;
/** The index of the local with the fuel while a function runs; {@link IN_GLOBAL} where it stays in the global. */
let counter: u32 = 0;
/** Whether the host is told where each piece of code was copied to. */
let isTraced: bool = false;
/** Where the body is written, before it is moved to where it ends up. */
let body: u32 = 0;
/** The callees of bulk operations on memory 0, which are the usual ones, plus 1. */
const CALLEES = memory.data(0x100 * 4, 4);

const IN_GLOBAL: u32 = 0xffffffff;

/** The most bytes that are inserted at a site. */
const MAX_INSERTED: u32 = 96;
/** Room for words that are written where fewer bytes are meant. */
const SLACK: u32 = 64;

const I64: u32 = 0x7e;
const GET_GLOBAL: u32 = 0x23;
const SET_GLOBAL: u32 = 0x24;
const GET_LOCAL: u32 = 0x20;
const SET_LOCAL: u32 = 0x21;
const TEE_LOCAL: u32 = 0x22;

/** Where the next byte is written. */
export let out: u32 = 0;

export function setForm(
  kind: u32,
  checkAt: u32,
  checkLength: u32,
  fuelGlobal: u32,
  isWanted: bool,
): void {
  form = kind;
  isTraced = isWanted;
  check = checkAt;
  checkBytes = checkLength;
  fuel = fuelGlobal;
}

export function writeTo(position: u32): void {
  out = position;
}

function byte(value: u32): void {
  store<u8>(out, value);
  out += 1;
}

function unsigned(value: u32): void {
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) byte(rest | 0x80);
  byte(rest);
}

/** An integer ≥ 0, encoded as a signed one. */
function signed(value: u32): void {
  let rest = value;
  for (; rest >= 0x40; rest >>>= 7) byte(rest | 0x80);
  byte(rest);
}

/** Copies bytes. Writes up to seven more, which are written over later. */
function copy(start: u32, end: u32): void {
  const length = end - start;
  if (length > 256) memory.copy(out, start, length);
  else {
    let from = start;
    for (let to = out; from < end; to += 8, from += 8) store<u64>(to, load<u64>(from));
  }
  out += length;
}

/** Copies a piece of the function that is rewritten. */
function copyCode(start: u32, end: u32): void {
  if (isTraced && start < end) copied(start, out - body);
  copy(start, end);
}

function makeRoom(bytes: u32): void {
  const missing = <i64>out + bytes - ((<i64>memory.size()) << 16);
  if (missing > 0 && memory.grow(<i32>((missing + 0xffff) >> 16)) < 0) unreachable();
}

/** Writes the function that was scanned last, with its size before it. */
export function writeFunction(start: u32, end: u32, type: u32): void {
  makeRoom(
    end - start + ((sitesEnd - sites) / SITE.size) * MAX_INSERTED + 3 * MAX_INSERTED + SLACK,
  );
  if (form == FORM.terminate) {
    unsigned(end - start);
    body = out;
    copyCode(start, end);
    if (isTraced) placed(body);
    return;
  }
  // The size is known afterwards: the body is moved to where it ends.
  const first = out;
  body = out + 5;
  out = body;
  writeBody(start, end, type);
  const length = out - body;
  out = first;
  unsigned(length);
  memory.copy(out, body, length);
  if (isTraced) placed(out);
  out += length;
}

function writeBody(start: u32, end: u32, type: u32): void {
  if (form == FORM.epoch) {
    copyCode(start, codeStart);
    if (isEntryChecked) writeCheck(cost);
    writeCode(end);
  } else if (hasExceptions || !hasMoreChecks) {
    counter = IN_GLOBAL;
    copyCode(start, codeStart);
    writeCheck(cost);
    writeCode(end);
  } else {
    const typed = typeAt(type);
    counter = load<u32>(typed, TYPE.params) + <u32>locals;
    unsigned(localGroups + 1);
    copyCode(localsStart, codeStart);
    byte(1);
    byte(I64);
    loadCounter();
    writeCheck(cost);
    // In a block of its own, so that every branch out of the function passes the code after it.
    byte(OP.block);
    signed(blockTypeOf(type, typed));
    writeCode(end);
    saveCounter();
    byte(OP.end);
  }
}

/** Writes the code, from after its locals to its last `end`, with checks at all its sites. */
function writeCode(end: u32): void {
  const isCounted = form == FORM.fuel && counter != IN_GLOBAL;
  let copied = codeStart;
  for (let site = sites; site < sitesEnd; site += SITE.size) {
    const op = load<u32>(site, SITE.op);
    const siteStart = load<u32>(site, SITE.start);
    const siteEnd = load<u32>(site, SITE.end);
    if (op == OP.loop || op == WAYPOINT) {
      copyCode(copied, siteEnd);
      writeCheck(load<u32>(site, SITE.cost));
      copied = siteEnd;
    } else if (op == OP.memoryGrow || op > 0xff) {
      copyCode(copied, siteStart);
      const callee = bulkCallee(op, siteStart, siteEnd);
      if (isCounted) saveCounter();
      byte(OP.call);
      unsigned(callee & 0x7fffffff);
      if (isCounted) loadCounter();
      copied = callee >>> 31 != 0 ? siteEnd : siteStart;
    } else if (isCounted) {
      copyCode(copied, siteStart);
      saveCounter();
      copyCode(siteStart, siteEnd);
      // After these the function continues.
      if (op == OP.call || op == OP.callIndirect || op == OP.callRef) loadCounter();
      copied = siteEnd;
    }
  }
  copyCode(copied, end);
}

/** Writes a check. @param price How many instructions it pays for. */
function writeCheck(price: u32): void {
  if (form == FORM.epoch) {
    copy(check, check + checkBytes);
    return;
  }
  if (refillCallee == 0) refillCallee = refill() + 1;
  getCounter();
  byte(0x42); // i64.const
  signed(price);
  byte(0x7d); // i64.sub
  if (counter == IN_GLOBAL) {
    byte(SET_GLOBAL);
    unsigned(fuel);
    byte(GET_GLOBAL);
    unsigned(fuel);
  } else {
    byte(TEE_LOCAL);
    unsigned(counter);
  }
  byte(0x42); // i64.const
  byte(0);
  byte(0x53); // i64.lt_s
  byte(OP.if_);
  byte(0x40);
  getCounter();
  byte(OP.call);
  unsigned(refillCallee - 1);
  if (counter == IN_GLOBAL) {
    byte(SET_GLOBAL);
    unsigned(fuel);
  } else {
    byte(SET_LOCAL);
    unsigned(counter);
  }
  byte(OP.end);
}

function getCounter(): void {
  if (counter == IN_GLOBAL) {
    byte(GET_GLOBAL);
    unsigned(fuel);
  } else {
    byte(GET_LOCAL);
    unsigned(counter);
  }
}

/** Before a call or a return. */
function saveCounter(): void {
  byte(GET_LOCAL);
  unsigned(counter);
  byte(SET_GLOBAL);
  unsigned(fuel);
}

/** After a call, and at the start. */
function loadCounter(): void {
  byte(GET_GLOBAL);
  unsigned(fuel);
  byte(SET_LOCAL);
  unsigned(counter);
}

function blockTypeOf(index: u32, type: u32): u32 {
  const known = load<u32>(type, TYPE.blockType);
  if (known != 0) return known - 1;
  const made = blockType(index);
  store<u32>(type, made + 1, TYPE.blockType);
  return made;
}

function bulkCallee(op: u32, start: u32, end: u32): u32 {
  // The one or two indexes after the opcode.
  moveTo(start + 1);
  endAt(end);
  if (op != OP.memoryGrow) readIndex();
  const first = readIndex();
  const second = at < end ? readIndex() : 0;
  if (first != 0 || second != 0) return bulk(op, first, second);
  const place = CALLEES + ((((op >> 16) << 5) | op) & 0xff) * 4;
  const known = load<u32>(place);
  if (known != 0) return known - 1;
  const made = bulk(op, 0, 0);
  store<u32>(place, made + 1);
  return made;
}
