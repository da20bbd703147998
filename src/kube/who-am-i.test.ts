import { expect } from "chai";
import { ApiError, ConnectionError } from "./connection/api-error.ts";
import { whoAmI } from "./who-am-i.ts";

describe("whoAmI", () => {
  it("is the user's name as the API server knows it", async () => {
    const paths: string[] = [];
    const user = await whoAmI({
      create: async (path) => {
        paths.push(path);
        return { status: { userInfo: { username: "alice@example.com" } } };
      },
    });
    expect([user, paths]).to.deep.equal([
      "alice@example.com",
      ["/apis/authentication.k8s.io/v1/selfsubjectreviews"],
    ]);
  });

  it("is unknown where the API server does not tell, and an error where it cannot be asked", async () => {
    const failing = (error: Error) => whoAmI({ create: () => Promise.reject(error) });
    expect(await failing(new ApiError("POST", 404, "404 page not found"))).to.equal(undefined);
    expect(await failing(new ApiError("POST", 403, {}))).to.equal(undefined);
    const lost = new ConnectionError("POST", new Error("refused"));
    expect(await failing(lost).catch((error: unknown) => error)).to.equal(lost);
  });
});
