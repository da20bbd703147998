import { expect } from "chai";
import { growthOf, MOST_GROWTH } from "../../domain/testing/growth.ts";
import { fingerprintOf, withoutValues } from "./fingerprints.ts";
import { fingerprintsOfTemplate, hostFingerprintsOf } from "./pod-fingerprints.ts";

const template = (container: object, labels: object = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: "app", image: "shop/app:1", ...container }] },
});
const env = (...values: string[]) => ({ env: values.map((value, index) => ({ name: `V${index}`, value })) });
const hidden = (text: string, container: object, labels?: object) =>
  withoutValues(text, fingerprintsOfTemplate(template(container, labels)));

describe("withoutValues", () => {
  it("hides a value wherever it stands, and nothing else", () => {
    expect(hidden("login as s3cr3t-user failed: s3cr3t-user", env("s3cr3t-user"))).to.equal(
      "login as *** failed: ***",
    );
    expect(hidden("login as somebody failed", env("s3cr3t-user"))).to.equal("login as somebody failed");
  });

  it("hides the rest of a line that begins with a long value and was cut off", () => {
    const url = "postgres://shop:hunter22@db.example:5432/shop";
    expect(hidden(`no answer from ${url}: refused`, env(url))).to.equal("no answer from ***: refused");
    expect(hidden(`no answer from ${url.slice(0, 30)}`, env(url))).to.equal("no answer from ***");
    expect(hidden("wrong password hunter22", env(url))).to.equal("wrong password ***");
  });

  it("hides what arguments are given, and shows what is run", () => {
    const args = { command: ["/bin/serve"], args: ["--token=abcd1234efgh", "--key", "k3y-k3y-k3y", "start"] };
    expect(hidden("/bin/serve start: bad abcd1234efgh, k3y-k3y-k3y", args)).to.equal(
      "/bin/serve start: bad ***, ***",
    );
    expect(hidden("X is q9w8e7r6", { args: ["-c", "export X=q9w8e7r6; run"] })).to.equal("X is ***");
  });

  it("leaves words, numbers and names of variables that any text may have", () => {
    const text = "error on 8080: DATABASE_URL is not set, true after 30s";
    expect(
      hidden(text, env("error", "8080", "DATABASE_URL", "true", "30s", "LOG_LEVEL,DATABASE_URL")),
    ).to.equal(text);
  });

  it("leaves what labels, names and images show anyway", () => {
    expect(hidden("pod checkout-service-1", env("checkout-service"), { app: "checkout-service" })).to.equal(
      "pod checkout-service-1",
    );
    const source = { name: "SOURCE", valueFrom: { secretKeyRef: { name: "checkout-secrets", key: "url" } } };
    const names = { env: [source, { name: "SECRET_NAME", value: "checkout-secrets" }] };
    expect(hidden('secret "checkout-secrets" not found', names)).to.equal(
      'secret "checkout-secrets" not found',
    );
  });

  it("hides lines of a value of many lines", () => {
    expect(hidden("bad line: MIIEvQIBADANB", env("-----BEGIN-----\nMIIEvQIBADANB\nmore-of-it-1\n"))).to.equal(
      "bad line: ***",
    );
  });
});

describe("fingerprints", () => {
  it("show nothing of the values", () => {
    expect(JSON.stringify(fingerprintsOfTemplate(template(env("s3cr3t-user"))))).not.to.contain("s3cr3t");
  });

  it("find the hosts that settings name", () => {
    const hosts = hostFingerprintsOf(
      template(env("http://inventory:8080/x", "db.shop.svc:5432", "cache, queue")),
    );
    for (const host of ["inventory", "db", "cache", "queue"])
      expect(hosts, host).to.include(fingerprintOf(host));
    expect(hosts).not.to.include(fingerprintOf("x9"));
  });
});

describe("masking of values", () => {
  it("takes time in proportion to the text, also where every value begins everywhere", () => {
    const values = fingerprintsOfTemplate(
      template(env(...Array.from({ length: 100 }, (_, index) => "a1".repeat(4 + index)))),
    );
    expect(values.length).to.be.greaterThan(100);
    expect(growthOf((text) => withoutValues(text, values), "a1")).to.be.lessThan(MOST_GROWTH);
  });

  it("looks at 500 values of a pod, and at 16 KB of its names", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `value-${index}-x`);
    const labels = Object.fromEntries(many.map((_, index) => [`label-${index}`, "x".repeat(63)]));
    expect(fingerprintsOfTemplate(template(env(...many), labels)).length).to.be.at.most(1_000);
  });
});
