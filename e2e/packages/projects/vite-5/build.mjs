import { build } from "vite-5";

await build({ logLevel: "warn", build: { outDir: "site", reportCompressedSize: false } });
