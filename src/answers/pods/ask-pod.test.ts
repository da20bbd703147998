import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";
import { ManualClock } from "../../kube/testing/manual-clock.ts";
import { askPod } from "./ask-pod.ts";
import { dialDirectly } from "./dial.ts";
import type { PodRequest } from "./pod-request.ts";
import { answering, type Conduct, type LoopbackPod, startLoopbackPod } from "./testing/loopback-pod.ts";

const KIB = 1_024;
const GET: PodRequest = { scheme: "HTTP", method: "GET", path: "/healthz", timeoutMs: 2_000 };

describe("askPod", () => {
  const pods: LoopbackPod[] = [];
  afterEach(async () => {
    await Promise.all(pods.splice(0).map((pod) => pod.stop()));
  });

  async function pod(conduct: Conduct, options?: { readonly tls?: boolean }): Promise<LoopbackPod> {
    const started = await startLoopbackPod(conduct, options);
    pods.push(started);
    return started;
  }

  const ask = (
    target: { address: string; port: number },
    change: Partial<PodRequest> = {},
    clock = new ManualClock(),
  ) =>
    askPod(
      target,
      { ...GET, ...change },
      { dial: dialDirectly, clock, userAgent: "rolloutguard/1", mostBodyBytes: 64 * KIB },
    );

  /** Asks a pod that lets the time run out as soon as it has the request, after it did what it does. */
  async function askUntilTheEnd(conduct: Conduct, change: Partial<PodRequest> = {}) {
    const clock = new ManualClock();
    const slow = await pod((socket, head) => {
      conduct(socket, head);
      setImmediate(() => clock.advance(2_000));
    });
    const answer = await ask(slow, change, clock);
    await slow.closed();
    expect(clock.pending).to.equal(0);
    return answer;
  }

  it("gives back the status, the body and how long it took, and sends nothing that nobody asked for", async () => {
    const clock = new ManualClock();
    const well = await pod((socket, head) => {
      clock.advance(37);
      answering("200 OK", "hello")(socket, head);
    });
    const answer = await ask(
      well,
      { path: "/a?b=1", headers: [{ name: "Accept", value: "application/json" }] },
      clock,
    );
    expect(answer).to.deep.equal({
      class: "answered",
      status: 200,
      durationMs: 37,
      body: Buffer.from("hello"),
      isCut: false,
    });
    expect(well.requests).to.deep.equal([
      `GET /a?b=1 HTTP/1.1\r\nhost: 127.0.0.1:${well.port}\r\nuser-agent: rolloutguard/1\r\naccept: application/json\r\nconnection: close\r\n\r\n`,
    ]);
  });

  it("follows no redirect, wherever it leads", async () => {
    const elsewhere = await pod(answering("200 OK"));
    const location = `Location: http://127.0.0.1:${elsewhere.port}/\r\n`;
    for (const status of ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]) {
      const answer = await ask(await pod(answering(status, "", location)));
      expect(answer).to.include({ class: "answered", status: Number(status.slice(0, 3)) });
    }
    expect(elsewhere.connections()).to.equal(0);
  });

  it("uses no proxy that the environment names", async () => {
    const proxy = await pod(answering("200 OK", "from the proxy"));
    const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "NODE_USE_ENV_PROXY"];
    const before = names.map((name) => process.env[name]);
    for (const name of names)
      process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : `http://127.0.0.1:${proxy.port}`;
    try {
      const answer = await ask(await pod(answering("200 OK", "from the pod")));
      expect(answer).to.have.property("body").that.deep.equals(Buffer.from("from the pod"));
    } finally {
      for (const [index, name] of names.entries()) {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      }
    }
    expect(proxy.connections()).to.equal(0);
  });

  it("opens a connection for each request, and keeps none", async () => {
    const well = await pod((socket) =>
      socket.write("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"),
    );
    await ask(well);
    await ask(well);
    expect(well.connections()).to.equal(2);
    await well.closed();
  });

  describe("reads no more than 64 KiB of a body", () => {
    const flood =
      (head: string, piece: string): Conduct =>
      (socket) => {
        socket.write(head);
        const pour = () => {
          while (!socket.destroyed && socket.write(piece));
        };
        socket.on("drain", pour);
        pour();
      };
    const bodies: Readonly<Record<string, Conduct>> = {
      "that has an enormous length": flood(
        `HTTP/1.1 200 OK\r\nContent-Length: ${1e12}\r\n\r\n`,
        "x".repeat(KIB),
      ),
      "that never ends": flood("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(KIB)),
      "in chunks without end": flood(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "1\r\nx\r\n".repeat(100),
      ),
      "in one huge chunk": flood(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
        "x".repeat(KIB),
      ),
    };
    for (const [what, conduct] of Object.entries(bodies))
      it(what, async () => {
        const bad = await pod(conduct);
        const answer = await ask(bad);
        expect(answer).to.include({ class: "answered", isCut: true });
        expect(answer)
          .to.have.property("body")
          .with.length(64 * KIB);
        await bad.closed();
      });
  });

  describe("reads no more than 16 KiB of headers", () => {
    const line = (index: number) => `X-Filler-${index}: ${"x".repeat(100)}\r\n`;
    const lines = (count: number) => Array.from({ length: count }, (_, index) => line(index)).join("");
    const endless =
      (start: string, piece: string): Conduct =>
      (socket) => {
        socket.write(start);
        const pour = () => {
          while (!socket.destroyed && socket.write(piece));
        };
        socket.on("drain", pour);
        pour();
      };
    const heads: Readonly<Record<string, Conduct>> = {
      "that are large": answering("200 OK", "", lines(200)),
      "that never end": endless("HTTP/1.1 200 OK\r\n", lines(10)),
      "in one line that never ends": endless("HTTP/1.1 200 OK\r\nX-Long: ", "x".repeat(KIB)),
      "before an answer that is always still to come": endless(
        "",
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
      ),
    };
    for (const [what, conduct] of Object.entries(heads))
      it(what, async () => {
        const bad = await pod(conduct);
        expect(await ask(bad)).to.include({ class: "tooLarge" });
        await bad.closed();
      });

    it("that follow a body in chunks", async () => {
      const bad = await pod(
        endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", lines(10)),
      );
      expect((await ask(bad)).class).not.to.equal("answered");
      await bad.closed();
    });

    it("that are hidden in the extension of a chunk", async () => {
      const bad = await pod(
        endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "x".repeat(KIB)),
      );
      expect((await ask(bad)).class).not.to.equal("answered");
      await bad.closed();
    });
  });

  describe("ends when the time is over", () => {
    it("without an answer", async () => {
      const answer = await askUntilTheEnd(() => {});
      expect(answer).to.deep.equal({
        class: "timeout",
        durationMs: 2_000,
        message: "the time was over (ready for the request after 0 ms)",
      });
    });

    it("within the headers", async () => {
      const answer = await askUntilTheEnd((socket) => void socket.write("HTTP/1.1 200 OK\r\nX-Slow: "));
      expect(answer).to.include({ class: "timeout" });
    });

    it("within the body, of which it gives back nothing", async () => {
      const answer = await askUntilTheEnd(
        (socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome"),
      );
      expect(answer).to.include({ class: "timeout" });
      expect(answer).not.to.have.property("body");
    });

    it("within the TLS handshake", async () => {
      const clock = new ManualClock();
      const silent = createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", () => setImmediate(() => clock.advance(2_000)));
      }).listen(0, "127.0.0.1");
      await once(silent, "listening");
      const { port } = silent.address() as { port: number };
      expect(await ask({ address: "127.0.0.1", port }, { scheme: "HTTPS" }, clock)).to.include({
        class: "timeout",
      });
      silent.close();
    });

    it("while it connects", async () => {
      const clock = new ManualClock();
      const answering = askPod({ address: "10.0.0.1", port: 80 }, GET, {
        clock,
        userAgent: "rolloutguard/1",
        mostBodyBytes: KIB,
        dial: (_, signal) =>
          new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      });
      clock.advance(2_000);
      expect(await answering).to.deep.equal({
        class: "connectTimeout",
        durationMs: 2_000,
        message: "no connection in time (while connecting)",
      });
    });
  });

  it("tells a refused connection, a broken one, and what is not HTTP apart", async () => {
    const gone = await startLoopbackPod(() => {});
    await gone.stop();
    expect(await ask(gone)).to.include({ class: "refused" });
    const hangsUp = await pod((socket) => void socket.destroy());
    expect(await ask(hangsUp)).to.include({ class: "reset" });
    const resets = await pod((socket) => void socket.resetAndDestroy());
    expect(await ask(resets)).to.include({ class: "reset" });
    const half = await pod((socket) => void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
    expect(await ask(half)).to.include({ class: "reset" });
    const mail = await pod((socket) => void socket.end("220 mail.example.com ESMTP\r\n"));
    expect(await ask(mail)).to.deep.include({ class: "reset" });
    expect(await ask(mail))
      .to.have.property("message")
      .that.contains("not HTTP");
  });

  it("says nothing of what the pod sent when it fails", async () => {
    const secret = "token-8f2c";
    const conducts: readonly Conduct[] = [
      (socket) => void socket.end(`${secret}\r\n\r\n`),
      (socket) => void socket.end(`HTTP/1.1 200 OK\r\nBad ${secret}\r\n\r\n`),
      (socket) => void socket.end(`HTTP/1.1 200 OK\r\nX: ${secret.repeat(3_000)}\r\n\r\n`),
      (socket) => void socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${secret}`),
    ];
    for (const conduct of conducts)
      expect(JSON.stringify(await ask(await pod(conduct)))).not.to.contain(secret);
  });

  it("takes answers that could be read in two ways for none", async () => {
    const both = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    expect((await ask(await pod((socket) => void socket.end(both)))).class).to.equal("reset");
    const folded = "HTTP/1.1 200 OK\r\nX-A: 1\r\n folded\r\nContent-Length: 0\r\n\r\n";
    expect((await ask(await pod((socket) => void socket.end(folded)))).class).to.equal("reset");
  });

  it("reads only the answer to its own request", async () => {
    const two = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na";
    const chatty = await pod(
      (socket) => void socket.write(`${two}HTTP/1.1 500 Wrong\r\nContent-Length: 0\r\n\r\n`),
    );
    expect(await ask(chatty)).to.include({ class: "answered", status: 200 });
    await chatty.closed();
  });

  it("changes to no other protocol", async () => {
    const upgrading = await pod(
      (socket) =>
        void socket.write(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        ),
    );
    expect((await ask(upgrading)).class).to.equal("reset");
    await upgrading.closed();
  });

  describe("over TLS", () => {
    it("verifies no certificate without a serverName", async () => {
      const secure = await pod(answering("200 OK"), { tls: true });
      expect(await ask(secure, { scheme: "HTTPS" })).to.include({ class: "answered", status: 200 });
    });

    it("verifies it with one, and names no other reason than the code of the error", async () => {
      const secure = await pod(answering("200 OK"), { tls: true });
      const answer = await ask(secure, { scheme: "HTTPS", serverName: "shop.example.com" });
      expect(answer).to.include({ class: "tls" });
      expect(answer)
        .to.have.property("message")
        .that.matches(/^the TLS handshake failed: [A-Z0-9_]+ \(/);
      expect(secure.requests).to.deep.equal([]);
    });

    it("tells a server without TLS", async () => {
      const plain = createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", () => void socket.end("HTTP/1.0 400 Bad Request\r\n\r\n"));
      }).listen(0, "127.0.0.1");
      await once(plain, "listening");
      const { port } = plain.address() as { port: number };
      expect(await ask({ address: "127.0.0.1", port }, { scheme: "HTTPS" })).to.include({ class: "tls" });
      plain.close();
    });
  });

  it("does not read the body of an answer to HEAD", async () => {
    const well = await pod((socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"));
    expect(await ask(well, { method: "HEAD" })).to.include({ class: "answered", status: 200 });
    await well.closed();
  });
});
