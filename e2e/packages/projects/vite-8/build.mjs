import { build } from "vite-8";

await build({ logLevel: "warn", build: { outDir: "site", reportCompressedSize: false } });
