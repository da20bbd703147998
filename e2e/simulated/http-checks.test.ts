// Versions whose pods are ready and answer users wrongly or late: found by asking the pods, without a server to install.
// Limits are long and the clock is slow: how quickly this machine answers must decide nothing.
import { expect } from "chai";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const TIME_SCALE = 10;
/** Longer than a whole answer can take, and three of them. */
const BAKE_TIME = "90s";
const HOME = {
  name: "home",
  path: "/",
  interval: "5s",
  initialDelay: "2s",
  for: "5s",
  timeout: "30s",
  slowerThan: "20s",
};
const ERRORS = {
  name: "errors",
  source: "pods",
  interval: "5s",
  initialDelay: "0s",
  max: "5%",
  ratio: { bad: 'http_requests_total{code=~"5.."}', total: "http_requests_total" },
};

describe("checks that ask pods", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ timeScale: TIME_SCALE });
  });
  afterEach(() => world.stop());

  /** With a good version. */
  async function aGoodApplication(guard: object, env: Readonly<Record<string, string>> = {}): Promise<Story> {
    await world.startOperator({ httpChecks: true, podProxy: new URL(world.cluster.url) });
    const story = world.story("shop");
    await story.given.aGoodDeployment({
      guard: { bakeTime: BAKE_TIME, ...guard },
      version: { tag: "v1", env },
    });
    return story;
  }

  /** How the pods of the good version answer is known. */
  const passing = (story: Story) =>
    world.eventually(
      () => `the check passes: ${JSON.stringify(story.guardStatus().checks)}`,
      () => story.guardStatus().checks?.every(({ state }) => state === "Passing"),
    );

  const recovered = async (story: Story) => {
    const [incident] = await world.eventually(
      () => `it has recovered: ${JSON.stringify(story.incidents().map(({ phase }) => phase))}`,
      () => story.incidents().some(({ phase }) => phase === "Recovered") && story.incidents(),
    );
    return incident;
  };

  it("roll back a version that answers late", async () => {
    const story = await aGoodApplication({ checks: { http: [HOME] } });
    await passing(story);
    story.when.shipped({ tag: "v2", env: { LATENCY: "100s" } });
    const incident = await recovered(story);
    expect(incident?.spec.reason).to.equal("AnswersSlow");
    expect(JSON.stringify(incident?.spec)).to.contain("HTTP check home: GET / of pod shop-");
  });

  it("roll back a version that answers users with 500, while its probes pass", async () => {
    const story = await aGoodApplication({ checks: { http: [HOME] } });
    await passing(story);
    story.when.shipped({ tag: "v2", env: { ERROR_RATE: "1" } });
    expect((await recovered(story))?.spec.reason).to.equal("HttpFailing");
  });

  it("roll back a version with many errors, by the metrics of its own pods", async () => {
    const guard = { checks: { metrics: [ERRORS] } };
    const story = await aGoodApplication(guard, { TRAFFIC: "50" });
    story.when.shipped({ tag: "v2", env: { TRAFFIC: "50", ERROR_RATE: "0.2" } });
    expect((await recovered(story))?.spec.reason).to.equal("MetricsWorse");
  });
});
