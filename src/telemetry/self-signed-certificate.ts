// A certificate for who gives none: it encrypts, and proves nothing. X.509 (RFC 5280) in DER, as far as it is needed here.
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { Certificate } from "./certificate.ts";

const HOUR_MS = 3_600_000;
/** Longer than any process runs: it is made at each start. */
const VALID_MS = 10 * 365 * 24 * HOUR_MS;

const OID = {
  commonName: "550403",
  subjectAltName: "551d11",
  ecdsaWithSha256: "2a8648ce3d040302",
} as const;

/**
 * A new key, and a certificate for the name that the key itself has signed.
 * @param now epoch ms; clients whose clocks are an hour behind accept it too
 */
export function selfSignedCertificate(name: string, now: number): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const subject = sequence(der(0x31, sequence(oid(OID.commonName), der(0x0c, Buffer.from(name)))));
  const names = sequence(der(0x82, Buffer.from(name)));
  const facts = sequence(
    // Version 3.
    der(0xa0, der(0x02, Buffer.from([2]))),
    serialNumber(),
    algorithm,
    subject,
    sequence(time(now - HOUR_MS), time(now + VALID_MS)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(sequence(oid(OID.subjectAltName), der(0x04, names)))),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", facts, privateKey)]);
  return {
    cert: pem(sequence(facts, algorithm, der(0x03, signature))),
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

/** Positive, and unlike that of any other. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return der(0x02, bytes);
}

/** UTCTime, which counts the years up to 2049, or GeneralizedTime. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, "");
  const isShort = digits < "2050";
  return der(isShort ? 0x17 : 0x18, Buffer.from(isShort ? digits.slice(2) : digits));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** Tag, length and value. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const length = value.length.toString(16);
  const bytes = Buffer.from(length.length % 2 === 0 ? length : `0${length}`, "hex");
  const head = value.length < 0x80 ? [tag, value.length] : [tag, 0x80 | bytes.length, ...bytes];
  return Buffer.concat([Buffer.from(head), value]);
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
