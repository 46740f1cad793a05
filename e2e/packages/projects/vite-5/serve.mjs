import { createServer } from "vite-5";

const server = await createServer({ logLevel: "warn" });
await server.listen(0);
console.log(server.httpServer.address().port);
