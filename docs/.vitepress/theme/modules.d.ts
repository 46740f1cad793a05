declare module "virtual:live-examples" {
  /** What runs each live example of the site, by its name. */
  export const examples: Record<
    string,
    () => Promise<{ run: (live: object, console: object) => Promise<void> }>
  >;
}

declare module "*.css" {}
