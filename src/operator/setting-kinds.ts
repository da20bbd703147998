// The kinds of values that settings take: how one is read, and what to say when it cannot be.
import { formatDuration, parseDuration } from "../api/duration.ts";

/** How the text of a setting becomes a value. */
export interface SettingKind<T> {
  /** What stands for the value in the help, such as `<duration>`; empty for a switch that needs none. */
  readonly placeholder: string;
  /** What may be written, for error messages and docs: "a whole number from 1 to 64". */
  readonly allowed: string;
  /** The value, or undefined when the text is not allowed. */
  parse(text: string): T | undefined;
}

/** Any text. */
export function text(placeholder: string, allowed: string): SettingKind<string> {
  return { placeholder, allowed, parse: (text) => text };
}

/** Names separated by commas; spaces around them do not count. */
export function nameList(): SettingKind<readonly string[]> {
  return {
    placeholder: "<name,...>",
    allowed: "names separated by commas, such as shop,payments",
    parse: (text) => {
      const names = text
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "");
      return names.every(isLabel) ? [...new Set(names)] : undefined;
    },
  };
}

/** The name of a namespace, or nothing. */
export function namespaceOrNone(): SettingKind<string> {
  return {
    placeholder: "<name>",
    allowed: "the name of a namespace",
    parse: (text) => (text === "" || isLabel(text) ? text : undefined),
  };
}

/** The name of an object: parts as in a namespace's name, with dots between them. */
export function objectName(): SettingKind<string> {
  return {
    placeholder: "<name>",
    allowed: "the name of an object, such as rolloutguard",
    parse: (text) => (text.length <= 253 && text.split(".").every(isLabel) ? text : undefined),
  };
}

/** On or off. As a flag it needs no value. */
export function onOff(): SettingKind<boolean> {
  return {
    placeholder: "",
    allowed: "true or false",
    parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  };
}

/** A whole number within its range. */
export function wholeNumber(from: number, to: number): SettingKind<number> {
  return {
    placeholder: "<number>",
    allowed: `a whole number from ${from} to ${to}`,
    parse: (text) => within(/^[0-9]+$/.test(text) ? Number(text) : undefined, from, to),
  };
}

/** A number within its range. */
export function decimalNumber(from: number, to: number): SettingKind<number> {
  return {
    placeholder: "<number>",
    allowed: `a number from ${from} to ${to}`,
    parse: (text) => within(/^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : undefined, from, to),
  };
}

/** A duration within its range, as milliseconds. */
export function durationMs(fromMs: number, toMs: number): SettingKind<number> {
  return {
    placeholder: "<duration>",
    allowed: `a duration from ${formatDuration(fromMs)} to ${formatDuration(toMs)}, such as 90s or 1h30m`,
    parse: (text) => within(parseDuration(text), fromMs, toMs),
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(placeholder: string, words: readonly T[]): SettingKind<T> {
  return {
    placeholder,
    allowed: `one of ${words.join(", ")}`,
    parse: (text) => words.find((word) => word === text),
  };
}

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A host and a port, or "off". An IPv6 host stands in brackets; no host means all addresses. */
export function listenAddress(): SettingKind<ListenAddress | "off"> {
  return {
    placeholder: "<host:port>",
    allowed: "host:port, such as 127.0.0.1:8080, or 0",
    parse: (text) => {
      if (text === "0") return "off";
      const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]*)):([0-9]{1,5})$/.exec(text) ?? [];
      const number = within(port === undefined ? undefined : Number(port), 0, 65_535);
      return number === undefined ? undefined : { host: bracketed ?? (plain || "0.0.0.0"), port: number };
    },
  };
}

/** The URL of an HTTP proxy, or nothing. */
export function proxyUrl(): SettingKind<URL | "none"> {
  return {
    placeholder: "<url>",
    allowed: "the URL of an HTTP proxy, such as http://127.0.0.1:8001",
    parse: (text) => {
      if (text === "") return "none";
      const url = URL.parse(text);
      const isProxy =
        url?.protocol === "http:" && url.pathname === "/" && !url.username && !url.search && !url.hash;
      return isProxy ? url : undefined;
    },
  };
}

/** Whether the text can be a namespace's name (RFC 1123 label). */
function isLabel(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
}

function within(value: number | undefined, from: number, to: number): number | undefined {
  return value !== undefined && value >= from && value <= to ? value : undefined;
}
