import { expect } from "chai";
import type { Query } from "../kube/connection/api-client.ts";
import { ApiError, ConnectionError } from "../kube/connection/api-error.ts";
import { fingerprintsOfPod } from "../kube/masking/pod-fingerprints.ts";
import { readLastWords } from "./pod-log.ts";

const LOG = { pod: "web-1", container: "app", previous: true };
const DENIED =
  'pods "web-1" is forbidden: User "system:serviceaccount:a:b" cannot get resource "pods/log" in API group "" in the namespace "shop"';

/** The last words when the API server answers so, and what it was asked. */
async function read(
  answer: string | Error | ((query: Query) => string),
  fingerprints: readonly number[] = [],
) {
  const asked: { path: string; query: Query }[] = [];
  const client = {
    getText: async (path: string, query: Query) => {
      asked.push({ path, query });
      if (typeof answer === "string") return answer;
      if (typeof answer === "function") return answer(query);
      throw answer;
    },
  };
  return { words: await readLastWords(client, "shop", LOG, fingerprints), asked };
}

describe("readLastWords", () => {
  it("asks once, for the last lines of that container", async () => {
    const { words, asked } = await read("one\ntwo\n");
    expect(words).to.deep.equal({ pod: "web-1", container: "app", previous: true, lines: ["one", "two"] });
    expect(asked).to.have.length(1);
    expect(asked[0]?.path).to.equal("/api/v1/namespaces/shop/pods/web-1/log");
    expect(asked[0]?.query).to.include({ container: "app", previous: true, tailLines: 20 });
  });

  it("takes the log of the end just now when the container ended once more before it was asked", async () => {
    const { words, asked } = await read(({ previous }) =>
      previous === true ? "unable to retrieve container logs for containerd://0a" : "no database\n",
    );
    expect(words)
      .to.include({ previous: false })
      .and.to.deep.include({ lines: ["no database"] });
    expect(asked).to.have.length(2);
  });

  it("hides the values that the pod is given", async () => {
    const env = [{ name: "PIN", value: "open sesame 7" }];
    const fingerprints = fingerprintsOfPod({}, { containers: [{ name: "app", image: "web:1", env }] });
    expect((await read("the pin is open sesame 7, it says", fingerprints)).words.lines).to.deep.equal([
      "the pin is ***, it says",
    ]);
  });

  for (const [what, answer, missing] of [
    ["nothing was written", "\n", /wrote no log/],
    [
      "the node has removed the log",
      "unable to retrieve container logs for containerd://0a",
      /removed the log/,
    ],
    [
      "the right is missing",
      new ApiError("GET", 403, { reason: "Forbidden", message: DENIED }),
      /^RolloutGuard has no permission to get pods\/log in namespace shop; .*config\/components\/logs/,
    ],
    ["the pod is gone", new ApiError("GET", 404, { reason: "NotFound" }), /pod was deleted/],
    [
      "the kubelet refuses",
      new ApiError("GET", 400, { reason: "BadRequest", message: 'container "app" is waiting' }),
      /could not be read: .*container "app" is waiting/,
    ],
    ["the node is lost", new ApiError("GET", 500, { message: "dial tcp 10.1.0.1:10250" }), /dial tcp/],
    ["no answer comes", new ConnectionError("GET", "no full answer"), /within 2s/],
    ["anything else goes wrong", new TypeError("what is that?"), /what is that/],
  ] as const) {
    it(`says why there are none when ${what}`, async () => {
      const { words } = await read(answer);
      expect(words.lines).to.deep.equal([]);
      expect(words.missing).to.match(missing);
    });
  }
});
