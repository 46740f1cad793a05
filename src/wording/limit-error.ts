import { type ExceededLimit, PluginLimitError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { showBytesApart, showCount, showDuration } from "./amounts.ts";

/** Whose limit it is, and how a message says what there is too much of. */
interface Phrase {
  readonly subject: "Module of plugin" | "Message of plugin" | "Archive for plugin" | "Plugin";
  readonly verb: string;
  /** What is counted; it stands behind the amount. */
  readonly noun?: string;
}

const MODULE_HAS = { subject: "Module of plugin", verb: "has" } as const;
const PLUGIN_HAS = { subject: "Plugin", verb: "has" } as const;

/** Told by errors of other classes, or to the guest as an error number. */
type OtherLimit =
  | "callMs"
  | ("messageItems" | "valueDepth" | "resources")
  | ("inodes" | "nameBytes" | "pathBytes" | "directoryDepth" | "linksFollowed" | "openFiles")
  | ("outputBytes" | "recordingBytes");

/** The limits that end in a {@link PluginLimitError}. */
type ToldLimit = Exclude<keyof Limits, OtherLimit>;

const PHRASES: Readonly<Record<ToldLimit, Phrase>> = {
  moduleBytes: { subject: "Module of plugin", verb: "is" },
  declarationBytes: { ...MODULE_HAS, noun: "of declarations" },
  types: { ...MODULE_HAS, noun: "types" },
  tagValues: { ...MODULE_HAS, noun: "values in an exception" },
  schemaBytes: { ...MODULE_HAS, noun: "of schema" },
  memoryBytes: { ...MODULE_HAS, noun: "of memory" },
  memories: { ...MODULE_HAS, noun: "memories" },
  sharedMemories: { ...MODULE_HAS, noun: "shared memories" },
  tableElements: { ...MODULE_HAS, noun: "table elements" },
  functions: { ...MODULE_HAS, noun: "functions" },
  imports: { ...MODULE_HAS, noun: "imports" },
  exports: { ...MODULE_HAS, noun: "exports" },
  functionBytes: { ...MODULE_HAS, noun: "in one function" },
  functionComplexity: { ...MODULE_HAS, noun: "values at the blocks of one function" },
  gcTypes: { ...MODULE_HAS, noun: "garbage-collected types" },
  fetchMs: { subject: "Module of plugin", verb: "did not arrive within" },
  loadMs: { subject: "Plugin", verb: "did not start within" },
  fuel: { subject: "Plugin", verb: "used", noun: "units of fuel" },
  messageBytes: { subject: "Message of plugin", verb: "is" },
  hostCallDepth: { subject: "Plugin", verb: "made", noun: "nested host calls" },
  queuedCalls: { ...PLUGIN_HAS, noun: "calls in its queue" },
  requestsInFlight: { ...PLUGIN_HAS, noun: "requests in flight" },
  fileBytes: { subject: "Archive for plugin", verb: "has", noun: "of files" },
};

/** A limit that an error can be about, and by how much it is exceeded. */
export interface LimitExcess extends ExceededLimit {
  readonly limit: ToldLimit;
  /** Whose limit it is, where that is not clear from the limit: `Call "double" of plugin`. */
  readonly subject?: string;
  /** What a reader has to know of the amount besides. */
  readonly detail?: string | undefined;
}

/**
 * The error for one or more limits of a plugin that are exceeded, such as
 * `Module of plugin "p" is 140 MB, limit 128 MB (limits.moduleBytes)`.
 */
export function limitError(
  pluginName: string,
  first: LimitExcess,
  ...more: readonly LimitExcess[]
): PluginLimitError {
  const { subject, verb } = { ...PHRASES[first.limit], ...first };
  const all = [first, ...more];
  const does = more.length === 0 ? verb : `exceeds ${all.length} limits:`;
  const message = `${subject} "${pluginName}" ${does} ${all.map(showExcess).join("; ")}`;
  const exceeded = all.map(({ limit, value, allowed }) => ({ limit, value, allowed }));
  return new PluginLimitError(message, { pluginName, exceeded });
}

function showExcess({ limit, value, allowed, detail }: LimitExcess): string {
  const option = `(limits.${limit})`;
  if (limit.endsWith("Ms")) {
    return `${showDuration(allowed)}${detail === undefined ? "" : `: ${detail}`} ${option}`;
  }
  const { noun } = PHRASES[limit];
  const [found, most] = limit.endsWith("Bytes")
    ? showBytesApart(value, allowed)
    : [showCount(value), showCount(allowed)];
  const amount = [found, noun, detail].filter((each) => each !== undefined).join(" ");
  return `${amount}, limit ${most} ${option}`;
}
