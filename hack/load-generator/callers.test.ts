import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { startCallers } from "./callers.ts";

describe("startCallers", () => {
  it("calls all addresses until it is stopped, whatever they answer", async () => {
    const called = new Set<string>();
    const enough = Promise.withResolvers<void>();
    const server = createServer((request, response) => {
      called.add(`${request.headers.host} ${request.url}`);
      if (called.size === 2) enough.resolve();
      if (Math.random() < 0.5) response.destroy();
      else response.writeHead(500).end();
    });
    await once(server.listen(0, "0.0.0.0"), "listening");
    const { port } = server.address() as AddressInfo;
    const stop = startCallers({
      perSecond: 200,
      addresses: () => ["127.0.0.1", "localhost"],
      port,
      path: "/orders",
    });
    await enough.promise;
    stop();
    server.closeAllConnections();
    server.close();
    expect([...called]).to.have.members([`127.0.0.1:${port} /orders`, `localhost:${port} /orders`]);
  });

  it("calls nobody while there is no address", async () => {
    let asked = 0;
    const enough = Promise.withResolvers<void>();
    const addresses = () => {
      asked += 1;
      if (asked === 3) enough.resolve();
      return [];
    };
    const stop = startCallers({ perSecond: 1_000, addresses, port: 1, path: "/" });
    await enough.promise;
    stop();
  });
});
