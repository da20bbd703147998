import { expect } from "chai";
import { GOOD } from "../testing/a-revision.ts";
import { unservedPorts } from "./service-ports.ts";

describe("unservedPorts", () => {
  const sendsTo = (...targetPorts: readonly (string | number)[]) =>
    unservedPorts({ ports: targetPorts.map((targetPort) => ({ port: 80, targetPort })) }, GOOD.template);

  it("are those that no container has by name, when the Service has no other", () => {
    expect(sendsTo("web")).to.deep.equal(["web"]);
    expect(sendsTo("web", "admin")).to.deep.equal(["web", "admin"]);
  });

  it("are none while one of its ports is served", () => {
    expect(sendsTo("http")).to.deep.equal([]);
    expect(sendsTo("http", "web")).to.deep.equal([]);
  });

  it("are none for a number, whether or not anything listens on it", () => {
    expect(sendsTo(9999)).to.deep.equal([]);
  });
});
