// Which addresses can be a pod's. Whoever writes a pod's status, or its networks, must not send the operator anywhere else.
import { BlockList, isIP } from "node:net";

/** Says why the operator does not connect to an address; undefined: it can. */
export type AddressRule = (address: string) => string | undefined;

type Family = "ipv4" | "ipv6";

const REFUSED: readonly { readonly why: string; readonly ranges: readonly [string, number, Family][] }[] = [
  {
    why: "is an unspecified address",
    ranges: [
      ["0.0.0.0", 8, "ipv4"],
      ["::", 128, "ipv6"],
    ],
  },
  {
    why: "is a loopback address",
    ranges: [
      ["127.0.0.0", 8, "ipv4"],
      ["::1", 128, "ipv6"],
    ],
  },
  {
    why: "is a link-local address",
    ranges: [
      ["169.254.0.0", 16, "ipv4"],
      ["fe80::", 10, "ipv6"],
    ],
  },
  {
    why: "is a multicast or broadcast address",
    ranges: [
      ["224.0.0.0", 4, "ipv4"],
      ["255.255.255.255", 32, "ipv4"],
      ["ff00::", 8, "ipv6"],
    ],
  },
  {
    // Metadata and platform services of clouds outside the link-local range: Alibaba, Azure, Oracle, AWS, Google.
    why: "is an address of a cloud's metadata service",
    ranges: [
      ["100.100.100.200", 32, "ipv4"],
      ["168.63.129.16", 32, "ipv4"],
      ["192.0.0.192", 32, "ipv4"],
      ["fd00:ec2::254", 128, "ipv6"],
      ["fd20:ce::254", 128, "ipv6"],
    ],
  },
  {
    // Compatible, mapped, translated, NAT64 (well-known and local), Teredo, 6to4: each can name any of the above.
    why: "contains an IPv4 address",
    ranges: [
      ["::", 96, "ipv6"],
      ["::ffff:0:0", 96, "ipv6"],
      ["::ffff:0:0:0", 96, "ipv6"],
      ["64:ff9b::", 96, "ipv6"],
      ["64:ff9b:1::", 48, "ipv6"],
      ["2001::", 32, "ipv6"],
      ["2002::", 16, "ipv6"],
    ],
  },
];

const RULES = REFUSED.map(({ why, ranges }) => ({ why, lists: listsOf(ranges) }));

/** The rule for all that runs: any address that a pod network can have, and none of the machine or its cloud. */
export const podAddressRule: AddressRule = (address) => {
  const version = address.includes("%") ? 0 : isIP(address);
  if (version === 0) return "is not an IP address";
  const family = version === 4 ? "ipv4" : "ipv6";
  return RULES.find(({ lists }) => lists[family].check(address, family))?.why;
};

/** A list for each family: an IPv4 rule of a BlockList would match IPv4-mapped addresses too, and give the wrong reason. */
function listsOf(ranges: readonly [string, number, Family][]): Readonly<Record<Family, BlockList>> {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const [network, prefix, family] of ranges) lists[family].addSubnet(network, prefix, family);
  return lists;
}
