import { expect } from "chai";
import { type HttpCheck, httpCheckSchema } from "../api/http-check.ts";
import type { AskedPod } from "../domain/snapshot/asked-pod.ts";
import { aRollout } from "../domain/testing/scene.ts";
import { snapshotOf } from "../domain/testing/snapshot-of.ts";
import { ManualClock } from "../kube/testing/manual-clock.ts";
import type { AnswerSources } from "./adapter.ts";
import { httpSample } from "./http-sample.ts";
import { anAskedPod, aPodClient } from "./pods/testing/asked-pods.ts";
import { answering, type Conduct, type LoopbackPod, startLoopbackPod } from "./pods/testing/loopback-pod.ts";

const SNAPSHOT = snapshotOf(aRollout());

describe("httpSample", () => {
  const servers: LoopbackPod[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  async function pod(name: string, conduct: Conduct): Promise<AskedPod> {
    const server = await startLoopbackPod(conduct);
    servers.push(server);
    return anAskedPod(server, { name, uid: `uid-of-${name}` });
  }

  /** The time runs as long as anybody waits for it to begin. */
  async function sample(written: object, newPods: readonly AskedPod[], oldPods: readonly AskedPod[] = []) {
    const clock = new ManualClock();
    const check: HttpCheck = httpCheckSchema.parse({ name: "api", ...written });
    const question = {
      ask: "httpSample",
      key: "k",
      for: "decide",
      maxAgeMs: 10_000,
      check,
      new: newPods,
      old: oldPods,
    } as const;
    // The sources that it does not need are not there.
    const sources = { pods: aPodClient({ clock }) } as unknown as AnswerSources;
    const sampling = httpSample(question, SNAPSHOT, sources);
    clock.advance(1_000);
    const { answers } = await sampling;
    return answers;
  }

  it("asks new and old pods, and keeps the status, the class and the time", async () => {
    const answers = await sample(
      {},
      [await pod("web-new", answering("500 Internal Server Error", "secret"))],
      [await pod("web-old", answering("204 No Content"))],
    );
    expect(answers).to.deep.equal([
      { pod: "web-new", side: "new", class: "status", status: 500, durationMs: 0 },
      { pod: "web-old", side: "old", class: "ok", status: 204, durationMs: 0 },
    ]);
  });

  it("judges by the statuses that the check expects", async () => {
    const redirect = await pod("web-1", answering("302 Found"));
    expect((await sample({}, [redirect]))[0]).to.include({ class: "ok", status: 302 });
    expect((await sample({ expect: { status: "200" } }, [redirect]))[0]).to.include({ class: "status" });
    expect((await sample({ expect: { status: "300-399" } }, [redirect]))[0]).to.include({ class: "ok" });
  });

  it("judges by the body, and keeps nothing of it", async () => {
    const body = '{"ok":false,"password":"hunter2"}';
    const web = await pod("web-1", answering("200 OK", body));
    const expected = { expect: { body: '"ok":true' } };
    const [answer] = await sample(expected, [web]);
    expect(answer).to.deep.equal({ pod: "web-1", side: "new", class: "body", status: 200, durationMs: 0 });
    expect((await sample({ expect: { body: '"ok":false' } }, [web]))[0]).to.include({ class: "ok" });
  });

  it("judges the first 64 KiB of a body that is larger", async () => {
    const large = await pod("web-1", answering("200 OK", `${"x".repeat(100_000)}end`));
    const [answer] = await sample({ expect: { body: "end$" } }, [large]);
    expect(answer).to.include({ class: "body", message: "the first 64 KiB of the body do not match" });
  });

  it("calls a status that is not expected the fault, whatever the body is", async () => {
    const web = await pod("web-1", answering("503 Service Unavailable", '"ok":true'));
    expect((await sample({ expect: { body: '"ok":true' } }, [web]))[0]).to.include({
      class: "status",
      status: 503,
    });
  });

  it("tells a pattern that cannot be used from a body that does not match", async () => {
    const web = await pod("web-1", answering("200 OK", "x"));
    const [answer] = await sample({ expect: { body: "(" } }, [web]);
    expect(answer).to.include({ class: "notAllowed" });
    expect(answer?.message).to.contain("not a regular expression");
  });

  it("tells each failure to answer apart", async () => {
    const gone = await startLoopbackPod(() => {});
    await gone.stop();
    const pods = [
      anAskedPod(gone, { name: "refused" }),
      await pod("reset", (socket) => void socket.destroy()),
      await pod("tooLarge", answering("200 OK", "", `X: ${"x".repeat(20_000)}\r\n`)),
      anAskedPod(gone, { name: "notAllowed", isHostNetwork: true }),
    ];
    const answers = await sample({}, pods);
    expect(answers.map((answer) => answer.class)).to.deep.equal(pods.map(({ name }) => name));
    for (const { message } of answers) expect(message).to.be.a("string");
  });

  it("sends what the check says, and asks each pod once", async () => {
    const web = await pod("web-1", answering("200 OK"));
    await sample(
      { path: "/ping?deep=1", host: "shop.example.com", headers: [{ name: "X-Probe", value: "1" }] },
      [web],
    );
    const [head = "", ...others] = servers[0]?.requests ?? [];
    expect(others).to.deep.equal([]);
    expect(head).to.match(/^GET \/ping\?deep=1 HTTP\/1\.1\r\nhost: shop\.example\.com\r\n/);
    expect(head).to.contain("\r\nx-probe: 1\r\n");
  });

  it("is no answer while HTTP checks are off", async () => {
    const check = httpCheckSchema.parse({ name: "api" });
    const question = {
      ask: "httpSample",
      key: "k",
      for: "decide",
      maxAgeMs: 10_000,
      check,
      new: [],
      old: [],
    } as const;
    const failure = await httpSample(question, SNAPSHOT, {} as AnswerSources).catch(
      (error: unknown) => error,
    );
    expect(failure).to.have.property("message").that.contains("--http-checks");
  });
});
