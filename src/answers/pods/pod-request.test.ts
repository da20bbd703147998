import { expect } from "chai";
import { type PodRequest, requestProblem } from "./pod-request.ts";

const GET: PodRequest = { scheme: "HTTP", method: "GET", path: "/", timeoutMs: 2_000 };
const problemWith = (change: Partial<PodRequest>) => requestProblem({ ...GET, ...change });
const header = (name: string, value = "x") => problemWith({ headers: [{ name, value }] });

describe("requestProblem", () => {
  it("finds none in what checks usually ask", () => {
    for (const path of ["/", "/healthz", "/api/ping?deep=1", "/a/b.c/...d?x=/../y", "/caf%C3%A9", "/a//b"])
      expect(problemWith({ path }), path).to.equal(undefined);
    for (const host of ["shop", "shop.example.com", "shop.example.com:8443", "10.0.0.1"])
      expect(problemWith({ host }), host).to.equal(undefined);
    for (const name of ["Accept", "Accept-Language", "X-Request-Id", "X-Probe", "Cache-Control"])
      expect(header(name), name).to.equal(undefined);
    expect(problemWith({ method: "HEAD", scheme: "HTTPS", serverName: "shop.example.com" })).to.equal(
      undefined,
    );
  });

  it("lets no path leave the request or the application's root", () => {
    const paths = [
      "",
      "healthz",
      "http://169.254.169.254/",
      "//169.254.169.254/latest",
      "/\\169.254.169.254",
      "/a b",
      "/a\r\nHost: evil",
      "/a HTTP/1.1\r\nX: y",
      "/a\0",
      "/a\t",
      "/é",
      "/a#b",
      "/../etc/passwd",
      "/a/../../b",
      "/a/..",
      "/./a",
      "/%2e%2e/secret",
      "/a/%2E./b",
      `/${"a".repeat(512)}`,
    ];
    for (const path of paths) expect(problemWith({ path }), path).to.be.a("string");
  });

  it("lets no header say who asks, how long the request is, or where it goes", () => {
    const names =
      "Authorization authorization Cookie Cookie2 Proxy-Authorization X-Api-Key X-Auth-Token Host HOST Forwarded Via X-Forwarded-For x-forwarded-host X-Real-IP X-Original-URL X-Rewrite-URL X-HTTP-Method-Override X-Method-Override Connection Keep-Alive Proxy-Connection Upgrade HTTP2-Settings TE Trailer Expect Transfer-Encoding transfer-encoding Content-Length Content-Type Content-Encoding X-Remote-User X-Remote-Group Impersonate-User Sec-WebSocket-Key Metadata Metadata-Flavor X-aws-ec2-metadata-token X-Google-Metadata-Request";
    for (const name of names.split(" "))
      expect(header(name), name).to.equal(`the header ${name} is not allowed`);
  });

  it("lets no header contain another one", () => {
    const tricks = [
      "Accept\r\nHost",
      "Accept:",
      "Accept ",
      " Accept",
      "Transfer-Encoding\t",
      "Transfer_Encoding",
      "Äccept",
      "",
    ];
    for (const name of tricks) expect(header(name), JSON.stringify(name)).to.be.a("string");
    for (const value of ["a\r\nHost: evil", "a\nb", "a\rb", "a\0b", "é", "x".repeat(257)])
      expect(header("Accept", value), JSON.stringify(value)).to.be.a("string");
    const many = Array.from({ length: 9 }, (_, index) => ({ name: `X-${index}`, value: "1" }));
    expect(problemWith({ headers: many })).to.equal("more than 8 headers");
  });

  it("lets a host be a name and nothing else", () => {
    for (const host of [
      "",
      "a b",
      "a\r\nX: y",
      "http://a",
      "a/b",
      "user@a",
      "-a",
      "a:",
      "a:port",
      "[::1]",
      "a".repeat(300),
    ])
      expect(problemWith({ host }), host).to.equal("the host must be a name, with or without a port");
    expect(problemWith({ serverName: "a\0b" })).to.equal("the serverName must be a name");
  });

  it("quotes nothing that could break a line", () => {
    expect(header("X\r\nfake log line")).not.to.contain("fake");
  });

  it("lets only reading methods pass, whatever the object says", () => {
    for (const method of ["POST", "CONNECT", "get", "GET / HTTP/1.1\r\n"])
      expect(problemWith({ method: method as "GET" }), method).to.equal("the method must be GET or HEAD");
    expect(problemWith({ scheme: "FILE" as "HTTP" })).to.equal("the scheme must be HTTP or HTTPS");
  });
});
