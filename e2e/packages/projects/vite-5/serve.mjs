import { createServer } from "vite-5";

const server = await createServer({ logLevel: "warn" });
await server.listen(0);
// A number would be printed in colour where FORCE_COLOR is set.
console.log(String(server.httpServer.address().port));
