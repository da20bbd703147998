import { expect } from "chai";
import { reviewAccess } from "./access-reviews.ts";
import { ApiError } from "./connection/api-error.ts";
import type { RawObject } from "./objects.ts";

const USER = {
  username: "system:serviceaccount:monitoring:prometheus",
  uid: "u-1",
  groups: ["system:serviceaccounts"],
  extra: { "authentication.kubernetes.io/pod-name": ["prometheus-0"] },
};

/** A client whose API server says so, and what it was asked. */
function aServer(authentication: object, authorization: object = {}) {
  const asked: { readonly path: string; readonly body: RawObject }[] = [];
  const create = async (path: string, body: RawObject) => {
    asked.push({ path, body });
    return { status: path.endsWith("tokenreviews") ? authentication : authorization };
  };
  return { asked, review: () => reviewAccess({ create }, "a.b.c", "/metrics") };
}

describe("reviewAccess", () => {
  it("asks who has the token, and then whether that user can get the path", async () => {
    const { asked, review } = aServer({ authenticated: true, user: USER }, { allowed: true });
    expect(await review()).to.equal("allowed");
    const { username: user, ...others } = USER;
    expect(asked.map(({ path, body }) => [path, body["spec"]])).to.deep.equal([
      ["/apis/authentication.k8s.io/v1/tokenreviews", { token: "a.b.c" }],
      [
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        { user, ...others, nonResourceAttributes: { path: "/metrics", verb: "get" } },
      ],
    ]);
  });

  const unknown: Record<string, object> = {
    "a token that is not valid": { authenticated: false, error: "invalid bearer token" },
    "an answer without a user": { authenticated: true },
    "a user without a name": { authenticated: true, user: { username: "" } },
    "an answer that says nothing": {},
  };
  for (const [what, authentication] of Object.entries(unknown)) {
    it(`does not know the holder, and asks nothing more: ${what}`, async () => {
      const { asked, review } = aServer(authentication, { allowed: true });
      expect(await review()).to.equal("unauthenticated");
      expect(asked).to.have.lengthOf(1);
    });
  }

  it("forbids what the cluster does not allow in so many words", async () => {
    for (const authorization of [
      { allowed: false },
      { allowed: false, denied: true },
      {},
      { allowed: "yes" },
    ]) {
      const { review } = aServer({ authenticated: true, user: USER }, authorization);
      expect(await review()).to.equal("forbidden");
    }
  });

  it("rejects when the cluster cannot be asked", async () => {
    const refused = new ApiError("POST", 403, {});
    const review = reviewAccess({ create: () => Promise.reject(refused) }, "a.b.c", "/metrics");
    expect(await review.catch((error: unknown) => error)).to.equal(refused);
  });
});
