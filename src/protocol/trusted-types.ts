/**
 * Gets this library's own scripts and documents past Trusted Types, where a page requires them and
 * allows a policy of the name {@link POLICY_NAME}.
 */

/** What a page's `trusted-types` directive has to list. */
export const POLICY_NAME = "cloche";

/** TypeScript does not know Trusted Types; what they make is only passed on to a sink that takes text. */
interface TrustedTypePolicy {
  createHTML(text: string): string;
  createScriptURL(url: string): string;
}

interface TrustedTypesScope {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: TrustedTypePolicy): TrustedTypePolicy;
  };
}

/** Created when it is first needed, since a page may allow a name only once; `null` where it is forbidden. */
let policy: TrustedTypePolicy | null | undefined;

/** Whether this realm has Trusted Types, required or not. */
export function hasTrustedTypes(): boolean {
  return (globalThis as TrustedTypesScope).trustedTypes !== undefined;
}

/** The address of a blob that this library made, for `new Worker`. */
export function trustedBlobUrl(url: string): string {
  return policyOfRealm()?.createScriptURL(url) ?? url;
}

/** A document that this library wrote, for `srcdoc`. */
export function trustedHtml(text: string): string {
  return policyOfRealm()?.createHTML(text) ?? text;
}

function policyOfRealm(): TrustedTypePolicy | null | undefined {
  if (policy !== undefined) return policy;
  try {
    policy = (globalThis as TrustedTypesScope).trustedTypes?.createPolicy(POLICY_NAME, {
      createHTML: (text) => text,
      createScriptURL: (url) => url,
    });
  } catch {
    // The page allows other names alone. Where it requires Trusted Types, the sink throws.
    policy = null;
  }
  return policy;
}
