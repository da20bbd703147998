import { expect } from "chai";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import { ApiError, ConnectionError } from "./api-error.ts";

describe("ApiClient.getText", () => {
  let scripted: ScriptedClient | undefined;
  afterEach(() => scripted?.stop());

  async function textOf(answer: Parameters<typeof startScriptedClient>[0], ms = 5_000): Promise<unknown> {
    scripted = await startScriptedClient(answer);
    const options = { mostBytes: 10, signal: AbortSignal.timeout(ms) };
    return scripted.client.getText("/log", { tailLines: 1 }, options).catch((error: unknown) => error);
  }

  it("takes of a long answer the beginning only, also where that ends inside of a character", async () => {
    const text = await textOf((_request, answer) => {
      answer.open();
      answer.text(`123456789\u00E9${"abcdefghij".repeat(100_000)}`);
    });
    expect(text).to.equal("123456789\uFFFD");
  });

  it("takes an answer that is empty", async () => {
    const text = await textOf((_request, answer) => {
      answer.open();
      answer.end();
    });
    expect(text).to.equal("");
  });

  it("rejects with what the API server says of a refusal, and asks once", async () => {
    const error = await textOf((_request, answer) => answer.json(500, { message: "no such kubelet" }));
    expect(error).to.be.instanceOf(ApiError).with.property("message").that.includes("no such kubelet");
    expect(scripted?.reports).to.have.length(1);
  });

  it("gives up at the signal, also in the middle of an answer", async () => {
    const error = await textOf((_request, answer) => {
      answer.open();
      answer.text("a");
    }, 50);
    expect(error).to.be.instanceOf(ConnectionError);
  });
});
