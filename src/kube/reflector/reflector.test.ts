import { expect } from "chai";
import { ApiError } from "../connection/api-error.ts";
import { pageOf, podNamed, RecordingSink } from "../testing/recording-sink.ts";
import {
  type ScriptedClient,
  type ScriptedClientOptions,
  startScriptedClient,
} from "../testing/scripted-client.ts";
import { eventually, type Script, type ScriptedAnswer, statusBody } from "../testing/scripted-server.ts";
import { HEARTBEAT_MS } from "./freshness.ts";
import { Reflector, type ReflectorOptions } from "./reflector.ts";
import type { UnreadChange } from "./reflector-sink.ts";

const expired = statusBody(410, "Expired", "too old resource version: 1 (2)");

interface Scene {
  /** What each list is answered with, in turn; the last one for all later lists. */
  readonly lists?: readonly Script[];
  /** The same for watches; after the last one watches stay open and quiet. */
  readonly watches?: readonly Script[];
  /** What the question for the present resourceVersion is answered with. */
  readonly probe?: Script;
  readonly reflector?: Partial<ReflectorOptions>;
  readonly client?: ScriptedClientOptions;
}

const listOf =
  (...names: string[]): Script =>
  (_, answer) =>
    answer.json(200, pageOf(names));
const away: Script = (_, answer) => answer.json(503, statusBody(503, "ServiceUnavailable", "away"));
const inOrder: Script = (_, answer) => answer.json(200, pageOf([], "1000000"));
const isProbe = (query: URLSearchParams) => query.get("limit") === "1";
const quiet: Script = (_, answer) => answer.open();

describe("Reflector", () => {
  let scripted: ScriptedClient;
  let reflector: Reflector | undefined;
  let sink: RecordingSink;
  let restarts: string[];
  let problems: { message: string; error: unknown }[];
  let leftOut: string[];

  const begin = async (scene: Scene) => {
    const { lists = [listOf("a")], watches = [], probe = inOrder, reflector: options, client } = scene;
    sink = new RecordingSink();
    restarts = [];
    problems = [];
    leftOut = [];
    const left = [...lists];
    const last = lists.at(-1) ?? listOf();
    const watchesLeft = [...watches];
    scripted = await startScriptedClient((request, answer) => {
      if (request.query.has("watch")) return (watchesLeft.shift() ?? quiet)(request, answer);
      if (isProbe(request.query)) return probe(request, answer);
      return (left.shift() ?? last)(request, answer);
    }, client);
    reflector = new Reflector({
      client: scripted.client,
      clock: scripted.clock,
      resource: "pods",
      sink,
      // The clock of these tests runs so fast that any hiccup of the machine would be an absence.
      absentAfterMs: Number.POSITIVE_INFINITY,
      chance: () => 0.5,
      onRestart: (reason) => restarts.push(reason),
      onProblem: (message, error) => problems.push({ message, error }),
      onLeftOut: (object, problem) => leftOut.push(`${object}: ${problem}`),
      ...options,
    });
    reflector.start();
    return reflector;
  };
  const watchesSent = () => scripted.server.requests.filter(({ query }) => query.has("watch"));
  const probesSent = () => scripted.server.requests.filter(({ query }) => isProbe(query));
  const listsSent = () =>
    scripted.server.requests.filter(({ query }) => !query.has("watch") && !isProbe(query));
  const reportedWithin = (story: string) =>
    eventually(`the sink was told ${story}`, () => sink.story.join(" ") === story);

  afterEach(async () => {
    await reflector?.stop();
    reflector = undefined;
    await scripted.stop();
  });

  it("lists in pages of 500 without a resourceVersion, then watches from the list's with bookmarks", async () => {
    await begin({
      lists: [
        (_, answer) => answer.json(200, pageOf(["a", "b"], "7", "next")),
        (_, answer) => answer.json(200, pageOf(["c"], "7")),
      ],
      reflector: { namespace: "shop" },
    });
    await eventually("a watch is open", () => watchesSent().length === 1);
    expect(sink.story).to.deep.equal(["=a,b,c"]);
    expect(scripted.server.requests.map(({ path, query }) => `${path}?${query.toString()}`)).to.deep.equal([
      "/api/v1/namespaces/shop/pods?limit=500",
      "/api/v1/namespaces/shop/pods?limit=500&continue=next",
      "/api/v1/namespaces/shop/pods?resourceVersion=7&allowWatchBookmarks=true&timeoutSeconds=360&watch=true",
    ]);
  });

  it("narrows Events to warnings, in list and watch", async () => {
    await begin({ reflector: { resource: "events" } });
    await eventually("a watch is open", () => watchesSent().length === 1);
    for (const { query } of scripted.server.requests)
      expect(query.get("fieldSelector")).to.equal("type=Warning");
  });

  it("asks for watches of 240 to 480 s, so that they do not all end together", async () => {
    let chance = 0;
    await begin({
      watches: [(_, answer) => answer.end()],
      reflector: { chance: () => (chance = 0.999 - chance) },
    });
    await eventually("two watches were sent", () => watchesSent().length === 2);
    for (const { query } of watchesSent()) expect(Number(query.get("timeoutSeconds"))).to.be.within(240, 480);
  });

  it("applies events in order and continues a closed watch from the last one, bookmarks included", async () => {
    await begin({
      watches: [
        (_, answer) => {
          answer.event("ADDED", podNamed("b", "11"));
          answer.event("MODIFIED", podNamed("a", "12"));
          answer.event("DELETED", podNamed("a", "13"));
          answer.event("BOOKMARK", { metadata: { resourceVersion: "40" } });
          answer.end();
        },
      ],
    });
    await eventually("a second watch is open", () => watchesSent().length === 2);
    expect(sink.story).to.deep.equal(["=a", "+b", "~a", "-a"]);
    expect(watchesSent()[1]?.query.get("resourceVersion")).to.equal("40");
    expect(restarts).to.deep.equal(["closed"]);
    expect(problems).to.deep.equal([]);
  });

  it("does not parse what is in namespaces that the sink does not keep, and continues after it", async () => {
    const ignored = {
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "x", namespace: "other", uid: "u", resourceVersion: "20" },
    };
    await begin({
      reflector: {
        sink: Object.assign(new RecordingSink(), { keeps: (namespace: string) => namespace === "shop" }),
      },
      watches: [
        (_, answer) => {
          // No JSON after its head: to parse it would break the watch.
          answer.text(`${JSON.stringify({ type: "ADDED", object: ignored }).slice(0, -2)},"labels":{\n`);
          answer.end();
        },
      ],
    });
    await eventually("a second watch is open", () => watchesSent().length === 2);
    expect(watchesSent()[1]?.query.get("resourceVersion")).to.equal("20");
    expect(problems).to.deep.equal([]);
  });

  describe("with a sink that decides when a change is parsed", () => {
    const pod = (version: number, kind = "Pod") => ({
      kind,
      apiVersion: "v1",
      metadata: { name: "x", namespace: "shop", uid: "u", resourceVersion: String(version) },
    });
    const line = (version: number, kind?: string) =>
      JSON.stringify({ type: "ADDED", object: pod(version, kind) });
    /** No JSON after its head. */
    const broken = (version: number) => `${line(version).slice(0, -2)},"labels":{`;

    async function watchWith(applyUnread: (change: UnreadChange) => void, ...lines: readonly string[]) {
      await begin({
        reflector: { sink: Object.assign(new RecordingSink(), { applyUnread }) },
        watches: [
          (_, answer) => {
            for (const each of lines) answer.text(`${each}\n`);
            answer.end();
          },
        ],
      });
      await eventually("a second watch is open", () => watchesSent().length === 2);
    }

    it("hands over what the head says, and continues without parsing the rest", async () => {
      const changes: UnreadChange[] = [];
      await watchWith((change) => changes.push(change), line(20), broken(21));
      expect(changes.map(({ read: _read, ...head }) => head)).to.deep.equal([
        { type: "ADDED", namespace: "shop", name: "x", length: line(20).length },
        { type: "ADDED", namespace: "shop", name: "x", length: broken(21).length },
      ]);
      expect(changes[0]?.read()).to.deep.equal(pod(20));
      expect(() => changes[1]?.read()).to.throw("not JSON");
      expect(watchesSent()[1]?.query.get("resourceVersion")).to.equal("21");
      expect(problems).to.deep.equal([]);
    });

    it("trusts the stream no further when a line that is read at once is no JSON", async () => {
      await watchWith(({ read }) => void read(), broken(20));
      expect(problems.map(({ error }) => String(error)).join()).to.include("not JSON");
      expect(leftOut).to.deep.equal([]);
    });

    it("skips one object that the sink cannot take, and continues with the next", async () => {
      const refuse = () => {
        throw new Error("too odd");
      };
      await watchWith(refuse, line(20));
      expect(leftOut.join()).to.include("shop/x").and.include("too odd");
      expect(watchesSent()[1]?.query.get("resourceVersion")).to.equal("20");
    });

    it("keeps from it what is of another kind", async () => {
      const changes: UnreadChange[] = [];
      await watchWith((change) => changes.push(change), line(20, "Secret"));
      expect(changes).to.deep.equal([]);
      expect(leftOut.join()).to.include("not a Pod");
    });
  });

  it("is synced once a full list was taken, not before", async () => {
    const first = Promise.withResolvers<ScriptedAnswer>();
    const running = await begin({ lists: [(_, answer) => first.resolve(answer)] });
    const answer = await first.promise;
    expect(running.hasSynced).to.equal(false);
    expect(running.lastEventAt).to.equal(undefined);
    const impatient = running
      .whenSynced(AbortSignal.abort(new Error("too slow")))
      .catch((error: Error) => error.message);
    expect(await impatient).to.equal("too slow");
    answer.json(200, pageOf(["a"]));
    await running.whenSynced(new AbortController().signal);
    expect(running.hasSynced).to.equal(true);
    expect(running.lastEventAt).to.be.a("number");
  });

  it("is current while a watch is open and for some seconds after, not when it stays away", async () => {
    let open: ScriptedAnswer | undefined;
    const running = await begin({
      watches: [
        (_, answer) => {
          answer.open();
          open = answer;
        },
        ...Array.from({ length: 50 }, (): Script => away),
      ],
      lists: [listOf("a"), away],
    });
    expect(running.isCurrent).to.equal(false);
    await eventually("a watch is open", () => open !== undefined && running.isCurrent);
    open?.reset();
    await eventually("another watch was refused", () => watchesSent().length > 1);
    await eventually("it is not current any more", () => !running.isCurrent);
  });

  it("lists anew after a time in which the process did not run, and is not current before that", async () => {
    let away = 0;
    const answers: ScriptedAnswer[] = [];
    const clock = {
      now: () => Date.now() + away,
      after: (delayMs: number, callback: () => void) => {
        const timer = setTimeout(callback, delayMs / 100);
        return () => clearTimeout(timer);
      },
    };
    const running = await begin({
      lists: [listOf("a"), (_, answer) => void answers.push(answer)],
      reflector: { clock, absentAfterMs: 10_000 },
    });
    await eventually("a watch is open and current", () => watchesSent().length === 1 && running.isCurrent);
    away = 600_000;
    expect(running.isCurrent, "at the first moment").to.equal(false);
    await eventually("it lists", () => answers.length === 1);
    expect(running.isCurrent, "while it lists").to.equal(false);
    answers[0]?.json(200, pageOf(["b"]));
    await eventually("it watches again", () => watchesSent().length === 2);
    expect(running.isCurrent).to.equal(true);
    expect(sink.story).to.deep.equal(["=a", "=b"]);
  });

  it("lists at once after 410, also when the server was away before that", async () => {
    const delays: number[] = [];
    const clock = {
      now: () => Date.now(),
      after: (delayMs: number, callback: () => void) => {
        if (delayMs !== HEARTBEAT_MS) delays.push(delayMs);
        const timer = setTimeout(callback, delayMs / 1_000);
        return () => clearTimeout(timer);
      },
    };
    const gone: Script = (_, answer) => answer.json(410, expired);
    await begin({ watches: [away, away, away, gone, gone], reflector: { clock } });
    await eventually("it has listed three times", () => listsSent().length === 3);
    expect(restarts).to.deep.equal(["throttled", "throttled", "throttled", "expired", "expired"]);
    expect(delays, "none after the first 410, a little after the second").to.have.lengthOf(4);
  });

  it("rejects a wait for the sync that is given up", async () => {
    const running = await begin({ lists: [() => undefined] });
    const abort = new AbortController();
    const waiting = running.whenSynced(abort.signal).catch((error: Error) => error.message);
    abort.abort(new Error("shutting down"));
    expect(await waiting).to.equal("shutting down");
  });

  describe("list faults", () => {
    const halfway: readonly [string, Script][] = [
      ["a reset", (_, answer) => answer.reset()],
      ["410 on continue", (_, answer) => answer.json(410, expired)],
      [
        "half a page",
        (_, answer) => {
          answer.text('{"items":[{"metadata":{"name":"x"}}');
          answer.end();
        },
      ],
      ["500", (_, answer) => answer.json(500, {})],
      ["a page without resourceVersion", (_, answer) => answer.json(200, { items: [] })],
      ["a page without items", (_, answer) => answer.json(200, { metadata: { resourceVersion: "30" } })],
      ["a page whose items are no list", (_, answer) => answer.json(200, { ...pageOf([]), items: {} })],
      ["an item that is no object", (_, answer) => answer.json(200, { ...pageOf([]), items: [null] })],
      ["a Status that says 200", (_, answer) => answer.json(200, statusBody(200, "", "well"))],
      ["the list of another kind", (_, answer) => answer.json(200, { ...pageOf(["y"]), kind: "NodeList" })],
      ["a page that leads to itself for ever", (_, answer) => answer.json(200, pageOf(["y"], "20", "next"))],
      [
        "a page of HTML",
        (_, answer) => {
          answer.text("<html><body>Sign in</body></html>");
          answer.end();
        },
      ],
    ];
    it("takes an empty list as Go writes it", async () => {
      await begin({ lists: [(_, answer) => answer.json(200, { ...pageOf([]), items: null })] });
      await reportedWithin("=");
    });

    for (const [fault, script] of halfway) {
      it(`replaces nothing after ${fault}, and lists anew from the first page`, async () => {
        await begin({
          lists: [
            listOf("old"),
            (_, answer) => answer.json(200, pageOf(["x"], "20", "next")),
            script,
            listOf("new"),
          ],
          watches: [(_, answer) => answer.event("ERROR", expired)],
        });
        await reportedWithin("=old =new");
        expect(sink.begun).to.equal(3);
        expect(listsSent().map(({ query }) => query.get("continue"))).to.deep.equal([
          null,
          null,
          "next",
          null,
        ]);
      });
    }

    it("waits as long as Retry-After says when the server is busy", async () => {
      await begin({
        lists: [(_, answer) => answer.json(429, {}, { "retry-after": "9" }), listOf("a")],
        client: { rate: 100 },
      });
      const startedAt = scripted.clock.now();
      await reportedWithin("=a");
      expect(scripted.clock.now() - startedAt).to.be.at.least(9_000);
      expect(restarts).to.deep.equal(["throttled"]);
    });

    it("keeps trying what it may not do, and says what to grant", async () => {
      const why =
        'pods is forbidden: User "u" cannot list resource "pods" in API group "" in the namespace "shop"';
      const forbidden: Script = (_, answer) => answer.json(403, statusBody(403, "Forbidden", why));
      const running = await begin({
        lists: [forbidden, forbidden, listOf("a")],
        reflector: { namespace: "shop" },
      });
      await reportedWithin("=a");
      expect(restarts).to.deep.equal(["refused", "refused"]);
      expect(problems[0]?.message)
        .to.include("RolloutGuard has no permission to list pods in namespace shop; ")
        .and.match(/role\.yaml grants it\.$/);
      expect(problems[0]?.error).to.be.instanceOf(ApiError);
      expect(running.hasSynced).to.equal(true);
    });

    it("outlives a server that is down for long", async () => {
      let failuresLeft = 12;
      await begin({
        lists: [
          ...Array<Script>(12).fill((_, answer) =>
            failuresLeft-- % 2 ? answer.reset() : answer.json(503, {}),
          ),
          listOf("a"),
        ],
        client: { rate: 20_000 },
      });
      await reportedWithin("=a");
      expect(new Set(restarts)).to.deep.equal(new Set(["network", "throttled"]));
    });
  });

  describe("watch faults", () => {
    it("lists anew after 410, as HTTP status and as event", async () => {
      await begin({
        lists: [listOf("a"), listOf("b"), listOf("c")],
        watches: [(_, answer) => answer.json(410, expired), (_, answer) => answer.event("ERROR", expired)],
      });
      await reportedWithin("=a =b =c");
      expect(restarts).to.deep.equal(["expired", "expired"]);
      expect(problems).to.deep.equal([]);
    });

    const fromTheLast: readonly [string, string, Script][] = [
      ["a reset", "network", (_, answer) => setTimeout(() => answer.reset(), 10)],
      ["a line that is not JSON", "error", (_, answer) => answer.text('{"type":"ADDED",,}\n')],
      ["an event without object", "error", (_, answer) => answer.text('{"type":"ADDED"}\n')],
      ["an event of an unknown type", "error", (_, answer) => answer.event("RENAMED", podNamed("z", "99"))],
      [
        "an ERROR event that is not 410",
        "error",
        (_, answer) => answer.event("ERROR", statusBody(500, "InternalError", "etcd")),
      ],
    ];
    for (const [fault, reason, script] of fromTheLast) {
      it(`reconnects from the last event after ${fault}`, async () => {
        await begin({
          watches: [
            (request, answer) => {
              answer.event("ADDED", podNamed("b", "11"));
              script(request, answer);
            },
            (_, answer) => answer.event("ADDED", podNamed("c", "12")),
          ],
        });
        await reportedWithin("=a +b +c");
        expect(watchesSent()[1]?.query.get("resourceVersion")).to.equal("11");
        expect(restarts).to.deep.equal([reason]);
        expect(problems).to.have.length(1);
      });
    }

    it("drops half an event at the end of a stream; the next watch brings it whole", async () => {
      await begin({
        watches: [
          (_, answer) => {
            answer.event("ADDED", podNamed("b", "11"));
            answer.text('{"type":"ADDED","object":{"metadata":{"na');
            answer.end();
          },
          (_, answer) => answer.event("ADDED", podNamed("c", "12")),
        ],
      });
      await reportedWithin("=a +b +c");
    });

    for (const [status, headers, reason] of [
      [429, { "retry-after": "3" }, "throttled"],
      [503, {}, "throttled"],
      [500, {}, "error"],
    ] as const) {
      it(`watches again from the same place after ${status}`, async () => {
        await begin({
          watches: [
            (_, answer) => answer.json(status, {}, headers),
            (_, answer) => answer.event("ADDED", podNamed("b", "11")),
          ],
        });
        await reportedWithin("=a +b");
        expect(listsSent()).to.have.length(1);
        expect(restarts).to.deep.equal([reason]);
      });
    }

    for (const protocol of ["http/1.1", "h2"] as const) {
      it(`begins a silent watch again from the last event, without delay and without complaint (${protocol})`, async () => {
        await begin({
          watches: [
            (_, answer) => answer.event("ADDED", podNamed("b", "11")),
            (_, answer) => answer.event("ADDED", podNamed("c", "12")),
          ],
          reflector: { timing: { silenceMs: 80 } },
          client: { protocol, rate: 1 },
        });
        await eventually("the sink was reported +c", () => sink.story.includes("+c"));
        expect(watchesSent()[1]?.query.get("resourceVersion")).to.equal("11");
        expect(restarts[0]).to.equal("silent");
        expect(problems).to.deep.equal([]);
      });
    }

    it("ends a watch that the server should have closed long ago", async () => {
      const talkative: Script = (_, answer) => {
        const timer = setInterval(() => {
          if (answer.isOver) clearInterval(timer);
          else answer.event("BOOKMARK", { metadata: { resourceVersion: "50" } });
        }, 5);
      };
      await begin({ watches: [talkative], reflector: { timing: { watchSeconds: 0, overdueMs: 100 } } });
      await eventually("a second watch is open", () => watchesSent().length === 2);
      expect(watchesSent()[1]?.query.get("resourceVersion")).to.equal("50");
      expect(restarts).to.deep.equal(["closed"]);
    });

    it("backs off from a server that closes every watch at once, and lists anew in the end", async () => {
      const closing: Script = (_, answer) => {
        answer.open();
        answer.end();
      };
      // A fast clock makes the pauses short; a faster one would take these watches for long-lived ones.
      await begin({ watches: Array<Script>(20).fill(closing), client: { rate: 10 } });
      await eventually("it has listed anew", () => listsSent().length >= 2);
      const asked = scripted.server.requests
        .filter(({ query }) => !isProbe(query))
        .map(({ query }) => (query.has("watch") ? "watch" : "list"));
      expect(asked.slice(0, 7).join(" ")).to.equal("list watch watch watch watch watch list");
      expect(new Set(restarts)).to.deep.equal(new Set(["closed"]));
      expect(problems).to.deep.equal([]);
    });

    it("lists anew when watches are accepted and break again and again: what they have to bring may break them", async () => {
      const breaking: Script = (_, answer) => {
        answer.open();
        setTimeout(() => answer.reset(), 5);
      };
      await begin({ watches: Array<Script>(20).fill(breaking), client: { rate: 10 } });
      await eventually("it has listed anew", () => listsSent().length >= 2);
      const asked = scripted.server.requests
        .filter(({ query }) => !isProbe(query))
        .map(({ query }) => (query.has("watch") ? "watch" : "list"));
      expect(asked.slice(0, 7).join(" ")).to.equal("list watch watch watch watch watch list");
      expect(new Set(restarts)).to.deep.equal(new Set(["network"]));
    });

    it("goes on when the sink cannot take one object", async () => {
      const picky = new RecordingSink();
      const take = picky.apply.bind(picky);
      picky.apply = (type, object) => {
        if (JSON.stringify(object).includes("poison")) throw new Error("cannot read that");
        take(type, object);
      };
      await begin({
        watches: [
          (_, answer) => {
            answer.event("ADDED", podNamed("poison", "11"));
            answer.event("ADDED", podNamed("b", "12"));
          },
        ],
        reflector: { sink: picky },
      });
      await eventually("the next object has arrived", () => picky.names.has("b"));
      expect(leftOut).to.deep.equal(["shop/poison: It could not be read and is ignored: cannot read that"]);
      expect(restarts).to.deep.equal([]);
    });

    it("leaves out objects of another kind, and takes those that say nothing of theirs", async () => {
      const called = (name: string, kind: unknown) => ({ ...podNamed(name, "11"), kind });
      await begin({
        lists: [
          (_, answer) =>
            answer.json(200, {
              ...pageOf([]),
              items: [called("a", "Pod"), called("x", "Node"), podNamed("b")],
            }),
        ],
        watches: [
          (_, answer) => {
            answer.event("MODIFIED", called("a", "ConfigMap"));
            answer.event("ADDED", called("c", 7));
            answer.event("ADDED", called("d", "Pod"));
          },
        ],
      });
      await reportedWithin("=a,b +d");
      expect(leftOut.map((reported) => reported.split(":")[0])).to.deep.equal(["shop/x", "shop/a", "shop/c"]);
      expect(restarts).to.deep.equal([]);
    });

    const poisoned: readonly [string, (answer: ScriptedAnswer) => void][] = [
      ["a line that is not JSON", (answer) => answer.text("<html>\n")],
      ["an event without object", (answer) => answer.text('{"type":"ADDED"}\n')],
      ["an event of an unknown type", (answer) => answer.event("PATCHED", podNamed("x"))],
      [
        "a line of 50 MB",
        (answer) => {
          const piece = "x".repeat(5 * 1024 * 1024);
          for (let count = 0; count < 10; count++) answer.text(piece);
        },
      ],
    ];
    for (const [what, send] of poisoned) {
      it(`gets past ${what} that comes again with every watch, by a list`, async () => {
        let isListed = false;
        await begin({
          lists: [
            listOf("a"),
            (_, answer) => {
              isListed = true;
              answer.json(200, pageOf(["a", "b"], "20"));
            },
          ],
          watches: Array.from(
            { length: 20 },
            (): Script => (_, answer) => {
              if (isListed) answer.open();
              else send(answer);
            },
          ),
        });
        await reportedWithin("=a =a,b");
        expect(new Set(problems.map(({ message }) => message)).size, "messages").to.equal(1);
        expect(new Set(restarts)).to.deep.equal(new Set(["error"]));
      });
    }
  });

  describe("after a restore from a backup", () => {
    const restored: Script = (_, answer) => answer.json(200, pageOf(["b"], "4"));
    const lateBookmark: Script = (_, answer) =>
      answer.event("BOOKMARK", { metadata: { resourceVersion: "5" } });
    const broken: Script = (_, answer) => {
      answer.open();
      setTimeout(() => answer.reset(), 5);
    };
    const back: Script = (_, answer) => answer.json(200, pageOf([], "4"));

    const signs: readonly [string, Scene][] = [
      ["a bookmark goes back", { watches: [lateBookmark] }],
      ["a change goes back", { watches: [(_, answer) => answer.event("MODIFIED", podNamed("a", "5"))] }],
      ["the watch broke, and the present is earlier than what was read", { watches: [broken], probe: back }],
      ["the watch was ended early", { watches: [(_, answer) => answer.end()], probe: back }],
      ["the watch says nothing", { reflector: { timing: { silenceMs: 80 } }, probe: back }],
    ];
    for (const [sign, scene] of signs) {
      it(`takes the list at once as it is now, and tells the others, when ${sign}`, async () => {
        let reported = 0;
        const onServerRestored = () => {
          reported += 1;
        };
        const rate = scene.reflector?.timing === undefined ? 1_000 : 1;
        await begin({
          ...scene,
          lists: [listOf("a"), restored],
          reflector: { ...scene.reflector, onServerRestored },
          client: { rate },
        });
        await eventually("it has listed again", () => sink.story.includes("=b"));
        expect(reported).to.equal(1);
        expect(restarts).to.include("restored");
        expect(problems.at(-1)?.message).to.include("returned to an earlier state");
        await eventually("it watches from there", () => watchesSent().length >= 2);
        expect(watchesSent().at(-1)?.query.get("resourceVersion")).to.equal("4");
      });
    }

    it("is not current until it has listed again, by its own sign or by another's", async () => {
      for (const isOwn of [true, false]) {
        const list = Promise.withResolvers<ScriptedAnswer>();
        let sayIt = () => {};
        const running = await begin({
          lists: [listOf("a"), (_, answer) => list.resolve(answer)],
          watches: [
            (request, answer) => {
              answer.open();
              sayIt = () => lateBookmark(request, answer);
            },
          ],
        });
        await eventually("it is current", () => watchesSent().length === 1 && running.isCurrent);
        if (isOwn) sayIt();
        else running.relist();
        const answer = await list.promise;
        expect(running.isCurrent, "while it lists").to.equal(false);
        answer.json(200, pageOf(["b"], "4"));
        await eventually("it is current again", () => running.isCurrent);
        expect(running.regainedAt).to.be.a("number");
        await running.stop();
        await scripted.stop();
      }
      await begin({});
    });

    it("asks nothing more of a server whose watches end in their time, and reports no list that moves forward", async () => {
      let reported = 0;
      const onServerRestored = () => {
        reported += 1;
      };
      const timing = { watchSeconds: 1, silenceMs: 60_000 };
      const lasting: Script = (_, answer) => {
        answer.open();
        setTimeout(() => answer.end(), 30);
      };
      await begin({
        lists: [listOf("a"), (_, answer) => answer.json(200, pageOf(["a"], "90"))],
        watches: [lasting, lasting, (_, answer) => answer.event("ERROR", expired)],
        reflector: { timing, onServerRestored },
      });
      await eventually("it has listed again", () => sink.story.length === 2);
      expect(probesSent()).to.deep.equal([]);
      expect(reported).to.equal(0);
    });

    it("notices a list that goes back, too", async () => {
      let reported = 0;
      const onServerRestored = () => {
        reported += 1;
      };
      await begin({
        lists: [listOf("a"), restored],
        watches: [(_, answer) => answer.event("ERROR", expired)],
        reflector: { onServerRestored },
      });
      await reportedWithin("=a =b");
      expect(reported).to.equal(1);
    });
  });

  describe("without a connection for its watch", () => {
    it("is the last of eight on a server that speaks only HTTP/1.1, and eight sockets suffice", async () => {
      await begin({});
      const { client, clock, server } = scripted;
      const others = (
        [
          "rolloutguards",
          "incidents",
          "deployments",
          "replicasets",
          "services",
          "endpointslices",
          "events",
        ] as const
      ).map(
        (resource) =>
          new Reflector({
            client,
            clock,
            resource,
            sink: new RecordingSink(),
            absentAfterMs: Number.POSITIVE_INFINITY,
          }),
      );
      for (const other of others) other.start();
      await Promise.all(others.map((other) => other.whenSynced()));
      await eventually("seven watches are open", () => watchesSent().length === 7);
      await eventually("the Events were listed again", () => {
        return listsSent().filter(({ path }) => path.endsWith("/events")).length > 1;
      });
      expect(watchesSent().map(({ path }) => path)).not.to.include("/api/v1/events");
      expect(server.mostSockets()).to.be.at.most(8);
      await Promise.all(others.map((other) => other.stop()));
    });

    it("reads the list now and then instead", async () => {
      await begin({ lists: [listOf("a"), listOf("b"), listOf("c")], reflector: {} });
      await reflector?.stop();
      const taken = Array.from({ length: 7 }, () => scripted.client.reserveWatch());
      sink.story.length = 0;
      const before = watchesSent().length;
      reflector?.start();
      await eventually("it has listed twice", () => sink.story.length >= 2);
      expect(watchesSent()).to.have.length(before);
      expect(reflector?.hasSynced).to.equal(true);
      expect(reflector?.isCurrent).to.equal(true);
      for (const place of taken) place.release();
      await eventually("it watches once it may", () => watchesSent().length > before);
    });
  });

  describe("stop", () => {
    it("leaves no request and no watch behind, in whatever moment it comes", async () => {
      const moments: readonly [string, Scene, () => boolean][] = [
        ["while a list is under way", { lists: [() => undefined] }, () => listsSent().length === 1],
        ["while a watch connects", { watches: [() => undefined] }, () => watchesSent().length === 1],
        ["while a watch is open", { watches: [quiet] }, () => watchesSent().length === 1],
        [
          "while it waits before the next try",
          { watches: [(_, answer) => answer.json(429, {}, { "retry-after": "60" })], client: { rate: 1 } },
          () => restarts.length === 1,
        ],
      ];
      for (const [moment, scene, hasCome] of moments) {
        const running = await begin(scene);
        await eventually(moment, hasCome);
        const { connection, server } = scripted;
        const story = [...sink.story];
        await running.stop();
        const sent = server.requests.length;
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(server.requests, moment).to.have.length(sent);
        expect(sink.story, moment).to.deep.equal(story);
        await connection.close();
        await eventually("no socket is left", () => server.openSockets() === 0);
        await server.stop();
      }
    });

    it("lets nothing of a late answer through", async () => {
      const late = Promise.withResolvers<ScriptedAnswer>();
      const running = await begin({ lists: [(_, answer) => late.resolve(answer)] });
      const answer = await late.promise;
      const stopping = running.stop();
      answer.json(200, pageOf(["a"]));
      await stopping;
      expect(sink.story).to.deep.equal([]);
      expect(running.hasSynced).to.equal(false);
    });

    it("can be followed by a new start, which lists anew", async () => {
      const running = await begin({ lists: [listOf("a"), listOf("b")] });
      await running.whenSynced();
      await running.stop();
      running.start();
      expect(running.hasSynced).to.equal(false);
      await running.whenSynced();
      expect(sink.story).to.deep.equal(["=a", "=b"]);
    });
  });
});
