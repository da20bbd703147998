import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { expect } from "chai";
import { dialDirectly, dialThrough } from "./dial.ts";
import { anAskedPod, aPodClient } from "./testing/asked-pods.ts";
import { answering, startLoopbackPod } from "./testing/loopback-pod.ts";

const GET = { scheme: "HTTP", method: "GET", path: "/", timeoutMs: 2_000 } as const;

describe("dialThrough", () => {
  /** A proxy that leads every target to the port, or answers with a status. */
  async function aProxy(lead: number | { readonly status: string }) {
    const targets: string[] = [];
    const proxy = createServer((_, response) => void response.writeHead(405).end());
    proxy.on("connect", ({ url = "" }, socket) => {
      targets.push(url);
      socket.on("error", () => {});
      if (typeof lead === "object") {
        socket.end(`HTTP/1.1 ${lead.status}\r\n\r\n`);
        return;
      }
      const pod = connect(lead, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(pod).pipe(socket);
      });
      pod.on("error", () => {});
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const { port } = proxy.address() as { port: number };
    return { url: new URL(`http://127.0.0.1:${port}`), targets, stop: () => proxy.close() };
  }

  const askThrough = (
    url: URL,
    target = { address: "10.244.0.7", port: 8080 },
    scheme: "HTTP" | "HTTPS" = "HTTP",
  ) =>
    aPodClient({ dial: dialThrough(url) }).ask({
      namespace: "shop",
      pod: anAskedPod(target),
      port: "http",
      request: { ...GET, scheme },
      mostBodyBytes: 100,
    });

  it("asks the pod by its address through the proxy, over TLS too", async () => {
    const plain = await startLoopbackPod(answering("200 OK", "through"));
    const secure = await startLoopbackPod(answering("200 OK", "through"), { tls: true });
    const proxy = await aProxy(plain.port);
    const toSecure = await aProxy(secure.port);
    const body = Buffer.from("through");
    expect(await askThrough(proxy.url)).to.deep.include({ class: "answered", status: 200, body });
    expect(await askThrough(toSecure.url, undefined, "HTTPS")).to.deep.include({
      class: "answered",
      status: 200,
      body,
    });
    expect(await askThrough(proxy.url, { address: "fd00:10:244::5", port: 80 })).to.include({
      class: "answered",
    });
    expect(proxy.targets).to.deep.equal(["10.244.0.7:8080", "[fd00:10:244::5]:80"]);
    for (const started of [plain, secure, proxy, toSecure]) await started.stop();
  });

  it("tells a refused connection from one that does not come about in time", async () => {
    for (const [status, expected] of [
      ["502 Bad Gateway", "refused"],
      ["504 Gateway Timeout", "connectTimeout"],
    ]) {
      const proxy = await aProxy({ status: `${status}` });
      expect(await askThrough(proxy.url)).to.include({ class: expected });
      proxy.stop();
    }
  });

  it("reports a proxy that is not there as a refused connection", async () => {
    const gone = await aProxy(1);
    gone.stop();
    expect(await askThrough(gone.url)).to.include({ class: "refused" });
  });
});

describe("dialDirectly", () => {
  it("resolves no name", async () => {
    const attempt = dialDirectly({ address: "localhost", port: 80 }, new AbortController().signal);
    const failure = await attempt.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.have.property("message", "localhost is not an IP address");
  });
});
