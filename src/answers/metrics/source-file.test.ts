import { expect } from "chai";
import { parseSourceFile } from "./source-file.ts";

const SHORTEST = `
sources:
  - name: default
    url: http://prometheus-operated.monitoring:9090
    namespaces: ["*"]
`;

/** The file with one source, of the shortest and these lines. */
const withLines = (...lines: string[]) => SHORTEST + lines.map((line) => `    ${line}\n`).join("");
const refusal = (text: string): string => {
  try {
    return `accepted: ${JSON.stringify(parseSourceFile(text))}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe("parseSourceFile", () => {
  it("confines a source to the namespace, and limits how often it is asked, unless the file says otherwise", () => {
    expect(parseSourceFile(SHORTEST)).to.deep.equal([
      {
        name: "default",
        url: "http://prometheus-operated.monitoring:9090",
        namespaces: ["*"],
        confine: { label: "namespace" },
        podLabel: "pod",
        headers: {},
        timeout: 5_000,
        limits: { concurrent: 8, perSecond: 20 },
      },
    ]);
  });

  it("reads everything that can be said about a source", () => {
    const [source] = parseSourceFile(`
sources:
  - name: mimir
    url: https://mimir.example.com/prometheus
    namespaces: [shop, payments]
    confine: {label: exported_namespace}
    podLabel: exported_pod
    basicAuth: {usernameFile: /auth/user, passwordFile: /auth/password}
    caFile: /auth/ca.crt
    headers: {X-Scope-OrgID: $namespace}
    timeout: 10s
    limits: {concurrent: 2, perSecond: 0.5}
`);
    expect(source).to.deep.include({
      confine: { label: "exported_namespace" },
      podLabel: "exported_pod",
      headers: { "X-Scope-OrgID": "$namespace" },
      timeout: 10_000,
      limits: { concurrent: 2, perSecond: 0.5 },
    });
  });

  it("does not confine only where the file says so", () => {
    expect(parseSourceFile(withLines("confine: false"))[0]?.confine).to.equal(false);
    for (const text of ["true", "{}", "", "{label: ''}", "{label: 'a\"b'}"])
      expect(refusal(withLines(`confine: ${text}`)), text).to.contain("sources[0].confine");
  });

  for (const [what, text, ...said] of [
    ["an empty file", "", "the file:"],
    ["a misspelt field", withLines("bearerToken: abc"), "sources[0]", "bearerToken"],
    ["no namespaces", SHORTEST.replace('["*"]', "[]"), "sources[0].namespaces"],
    ["a pattern of namespaces", SHORTEST.replace('"*"', '"team-*"'), "sources[0].namespaces[0]"],
    ["two sources of one name", SHORTEST + SHORTEST.replace("sources:", ""), '"default" is used twice'],
    ["a source with the name of the pods", SHORTEST.replace("default", "pods"), "sources[0].name"],
    ["another protocol", SHORTEST.replace("http:", "ftp:"), "http:// or https://"],
    ["credentials in the address", SHORTEST.replace("http://", "http://a:b@"), "cannot hold credentials"],
    ["a query in the address", SHORTEST.replace(":9090", ":9090/?x=1"), "cannot have a query"],
    ["an empty query in the address", SHORTEST.replace(":9090", ":9090/?"), "cannot have a query"],
    [
      "no address",
      SHORTEST.replace("http://prometheus-operated.monitoring:9090", "prometheus"),
      "must be a URL",
    ],
    ["a relative file", withLines("caFile: ca.crt"), "sources[0].caFile: must be an absolute path"],
    [
      "a header that ends the request",
      withLines('headers: {X-A: "a\\r\\nHost: b"}'),
      "sources[0].headers.X-A",
    ],
    ["a header's name that ends it", withLines('headers: {"X-A\\r\\nB": a}'), "sources[0].headers"],
    ["another host", withLines("headers: {host: example.com}"), "sources[0].headers.host: cannot be set"],
    ["another length", withLines("headers: {Content-Length: '0'}"), "sources[0].headers.Content-Length"],
    [
      "two ways to log in",
      withLines("bearerTokenFile: /token", "headers: {authorization: Basic abc}"),
      "use one of bearerTokenFile, basicAuth",
    ],
    ["a timeout that never ends", withLines("timeout: 5m"), "sources[0].timeout: must be from 100ms to 30s"],
    ["a limit of none", withLines("limits: {perSecond: 0}"), "sources[0].limits.perSecond"],
  ] as const) {
    it(`refuses ${what}, and says where`, () => {
      for (const part of said) expect(refusal(text)).to.contain(part);
    });
  }

  it("quotes nothing of a file that is no YAML, for there can be a password in it", () => {
    const text = refusal(withLines("headers: {Authorization: 'Basic c2VjcmV0'", "caFile: [/a"));
    expect(text).to.not.contain("accepted").and.not.contain("c2VjcmV0");
  });

  it("names all mistakes at once, in one line", () => {
    const text = refusal(withLines("timeout: 1h", "podLabel: a-b"));
    expect(text).to.contain("timeout").and.to.contain("podLabel").and.not.to.contain("\n");
  });
});
