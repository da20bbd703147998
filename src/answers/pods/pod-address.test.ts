import { expect } from "chai";
import { podAddressRule } from "./pod-address.ts";

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  "is an unspecified address": ["0.0.0.0", "0.1.2.3", "::", "0:0:0:0:0:0:0:0"],
  "is a loopback address": ["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"],
  "is a link-local address": ["169.254.169.254", "169.254.0.1", "fe80::1", "febf::1", "FE80::1"],
  "is a multicast or broadcast address": ["224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1"],
  "is an address of a cloud's metadata service": [
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd20:ce::254",
  ],
  "contains an IPv4 address": [
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "::FFFF:10.0.0.1",
    "0:0:0:0:0:ffff:a9fe:a9fe",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
  ],
  "is not an IP address": [
    "localhost",
    "kubernetes.default.svc",
    "metadata.google.internal",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "10.0.0.1.",
    "10.0.0.1:80",
    "[10.0.0.1]",
    "[::1]",
    "10.0.0.1@169.254.169.254",
    "10.0.0.1\r\nHost: x",
    "10.0.0.1 ",
    "fe80::1%eth0",
    "fd00::1%25eth0",
    "",
  ],
};

describe("podAddressRule", () => {
  for (const [why, addresses] of Object.entries(REFUSED)) {
    for (const address of addresses)
      it(`refuses ${JSON.stringify(address)}: it ${why}`, () => {
        expect(podAddressRule(address)).to.equal(why);
      });
  }

  for (const address of [
    "10.244.1.5",
    "172.17.0.2",
    "192.168.3.4",
    "100.64.0.7",
    "34.118.224.9",
    "240.0.3.4",
    "fd00:10:244::5",
    "fd00:ec2::253",
    "2600:1f14::5",
    "2001:db8::1",
  ])
    it(`lets ${address} pass, as pod networks have such addresses`, () => {
      expect(podAddressRule(address)).to.equal(undefined);
    });
});
