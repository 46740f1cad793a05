import { Parcel } from "@parcel/core";

await new Parcel({
  entries: "index.html",
  defaultConfig: "@parcel/config-default",
  mode: "production",
  defaultTargetOptions: { distDir: "site", publicUrl: "/", sourceMaps: false },
  shouldDisableCache: true,
}).run();
