/** What the host adds to the module, each once: see `code-rewriter.ts`. */

/**
 * Adds the function to be called before a bulk operation. Returns its index, with the sign bit set where it
 * is called instead.
 */
export declare function bulk(op: u32, first: u32, second: u32): u32;

/** Adds the type of a block with the results of a function type. Returns its index. */
export declare function blockType(type: u32): u32;

/** Adds the function that asks for fuel. Returns its index. */
export declare function refill(): u32;

/** Where a piece of a function was copied: from where, and to where behind the start of the new body. */
export declare function copied(from: u32, to: u32): void;

/** Where the new body starts that the last pieces are in. */
export declare function placed(body: u32): void;
