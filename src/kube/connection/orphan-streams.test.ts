import { once } from "node:events";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { ignoreOrphanStreams } from "./orphan-streams.ts";

describe("ignoreOrphanStreams", () => {
  it("lets a connection fail that has a stream to which nobody listens", async () => {
    ignoreOrphanStreams();
    ignoreOrphanStreams();
    // A pushed stream comes about as a stray one does, and at will.
    const ignore = () => {};
    const server = createServer().on("stream", (stream) => {
      stream.on("error", ignore);
      stream.pushStream({ ":path": "/stray" }, (_, pushed) => pushed.on("error", ignore).respond());
      stream.respond();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const failures: string[] = [];
    session.on("error", ({ message }) => failures.push(`connection: ${message}`));
    const stray = once(session, "stream");
    const request = session.request({ ":path": "/" });
    request.on("error", ({ message }: Error) => failures.push(`request: ${message}`));
    await stray;
    session.destroy(new Error("reset"));
    await new Promise<void>((resolve) => session.once("close", resolve));
    await new Promise((resolve) => server.close(resolve));
    // What the stray one said would have failed this test as an uncaught exception.
    expect(failures).to.have.members(["connection: reset", "request: reset"]);
  });
});
