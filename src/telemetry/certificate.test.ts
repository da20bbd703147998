import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Certificate, certificateFrom } from "./certificate.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const [FIRST, SECOND] = ["first", "second"].map((name) => selfSignedCertificate(name, NOW)) as [
  Certificate,
  Certificate,
];

describe("selfSignedCertificate", () => {
  const certificate = new X509Certificate(FIRST.cert);

  it("is for the name, signed by its own key", () => {
    expect(certificate.subject).to.equal("CN=first");
    expect(certificate.issuer).to.equal("CN=first");
    expect(certificate.subjectAltName).to.equal("DNS:first");
    expect(certificate.verify(certificate.publicKey)).to.equal(true);
    expect(new X509Certificate(SECOND.cert).verify(certificate.publicKey)).to.equal(false);
  });

  it("is valid for ten years, from an hour before", () => {
    expect(Date.parse(certificate.validFrom)).to.equal(NOW - 3_600_000);
    expect(certificate.validTo).to.match(/ 2036 GMT$/);
  });

  it("counts years beyond 2049", () => {
    const late = new X509Certificate(selfSignedCertificate("late", Date.parse("2045-01-01T00:00:00Z")).cert);
    expect([late.validFrom, late.validTo].map((time) => / (\d{4}) GMT$/.exec(time)?.[1])).to.deep.equal([
      "2044",
      "2054",
    ]);
  });

  it("has another serial number each time", () => {
    expect(new X509Certificate(SECOND.cert).serialNumber).not.to.equal(certificate.serialNumber);
  });
});

describe("certificateFrom", () => {
  let folder: string;
  const problems: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "certificate-"));
    problems.splice(0);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = ({ cert, key }: Certificate, to = folder) => {
    writeFileSync(join(to, "tls.crt"), cert);
    writeFileSync(join(to, "tls.key"), key);
  };
  const source = () => certificateFrom(folder, (message) => problems.push(message));

  it("gives back the same as long as the files say the same", () => {
    write(FIRST);
    const certificate = source();
    const before = certificate();
    write(FIRST);
    expect(certificate()).to.equal(before);
  });

  it("reads files again that were replaced, as the kubelet does it for a Secret", () => {
    const versions = [FIRST, SECOND].map((version, index) => {
      const at = join(folder, `..version-${index}`);
      mkdirSync(at);
      write(version, at);
      return at;
    });
    const point = (to = "") => symlinkSync(to, join(folder, "..data"));
    for (const file of ["tls.crt", "tls.key"]) symlinkSync(join("..data", file), join(folder, file));
    point(versions[0]);
    const certificate = source();
    expect(certificate()).to.deep.equal(FIRST);
    unlinkSync(join(folder, "..data"));
    point(versions[1]);
    expect(certificate()).to.deep.equal(SECOND);
    expect(problems).to.deep.equal([]);
  });

  it("keeps the last one that can be used, and reports once that the next cannot", () => {
    write(FIRST);
    const certificate = source();
    for (const broken of [
      { ...FIRST, cert: "no certificate" },
      { ...FIRST, key: SECOND.key },
    ]) {
      write(broken);
      expect(certificate()).to.deep.equal(FIRST);
      expect(certificate()).to.deep.equal(FIRST);
    }
    rmSync(join(folder, "tls.key"));
    expect(certificate()).to.deep.equal(FIRST);
    expect(problems).to.have.lengthOf(3);
    write(SECOND);
    expect(certificate()).to.deep.equal(SECOND);
  });

  it("does not start without one that can be used", () => {
    expect(source).to.throw("tls.crt");
    write({ ...FIRST, key: SECOND.key });
    expect(source).to.throw();
  });
});
