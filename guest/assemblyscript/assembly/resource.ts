import { fail } from "./abort";
import { closeMessage, openMessage } from "./reader";
import { beginMessage, finishMessage, write } from "./writer";

// @ts-ignore: decorator
@external("env", "__drop_resource")
declare function drop_resource(args: u64): u64;

/**
 * An object of the page that the plugin owns. Each kind is a class: `class Rope extends Resource {}`.
 *
 * A plugin gives it up with {@link Resource.drop}, by returning it, or by passing it to a host function.
 * What it does not give up stays on the page until the plugin ends.
 */
export abstract class Resource {
  // The transform reads and writes it by its name.
  private handle: u64 = 0;

  /** Gives it up. Does nothing if the plugin owns it no longer. */
  drop(): void {
    if (!this.handle) return;
    beginMessage();
    write<u64>(this.handle);
    this.handle = 0;
    openMessage(drop_resource(finishMessage()), "result of __drop_resource");
    closeMessage();
  }
}

/** A resource that is lent: to a host function, or to the plugin until its function returns. */
export class Borrow<T extends Resource> {
  private handle: u64 = 0;

  /** Lends a resource, which the plugin keeps. */
  static of<T extends Resource>(resource: T): Borrow<T> {
    const handle = load<u64>(changetype<usize>(resource), offsetof<Resource>("handle"));
    if (!handle) fail("Cannot lend a resource that was given up");
    const borrow = new Borrow<T>();
    borrow.handle = handle;
    return borrow;
  }
}
