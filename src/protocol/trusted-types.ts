/**
 * Makes this library's scripts and documents acceptable to a page that requires Trusted Types and
 * allows a policy named {@link POLICY_NAME}.
 */

/** The name that a page's `trusted-types` directive must list. */
export const POLICY_NAME = "cloche";

/** TypeScript does not know Trusted Types. Their values are only passed to sinks that take text. */
interface TrustedTypePolicy {
  createHTML(text: string): string;
  createScriptURL(url: string): string;
}

interface TrustedTypesScope {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: TrustedTypePolicy): TrustedTypePolicy;
  };
}

/** Created on first use, since a page may allow a name only once. `null` if it is forbidden. */
let policy: TrustedTypePolicy | null | undefined;

/** Whether this realm has Trusted Types, required or not. */
export function hasTrustedTypes(): boolean {
  return (globalThis as TrustedTypesScope).trustedTypes !== undefined;
}

/** The address of a script that this library made, for `new Worker`. */
export function trustedScriptUrl(url: string): string {
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
    // The page allows only other names. If it requires Trusted Types, the sink throws.
    policy = null;
  }
  return policy;
}
