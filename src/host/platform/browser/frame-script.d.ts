/** The bundled script of `src/frame`; `scripts/build.mjs` puts it in. */
declare module "#frame-script" {
  /** Its text, for a `<script>` element. */
  export const frameScript: string;
  /** What a Content-Security-Policy calls it: `sha256-` and its hash in base64. */
  export const frameScriptHash: string;
}
