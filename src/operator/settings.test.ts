import { hostname } from "node:os";
import { expect } from "chai";
import { parseSettings } from "./settings.ts";
import { SETTINGS, type Settings } from "./settings-table.ts";

type Environment = Record<string, string>;

function settingsOf(argv: readonly string[], env: Environment = {}): Settings {
  const parsed = parseSettings(argv, env);
  if (!("settings" in parsed)) throw new Error(JSON.stringify(parsed));
  return parsed.settings;
}

function errorOf(argv: readonly string[], env: Environment = {}): string {
  const parsed = parseSettings(argv, env);
  return "error" in parsed ? parsed.error : `no error: ${JSON.stringify(parsed)}`;
}

function helpOf(argv: readonly string[]): string {
  const parsed = parseSettings(argv, {});
  return "help" in parsed ? parsed.help : `no help: ${JSON.stringify(parsed)}`;
}

describe("parseSettings", () => {
  it("has a default for everything", () => {
    expect(settingsOf([])).to.deep.equal({
      kubeconfig: "",
      context: "",
      namespaces: [],
      observeOnly: false,
      workers: 4,
      metricsAddress: { host: "0.0.0.0", port: 8080 },
      metricsSecureAddress: "off",
      metricsCertificate: "",
      metricSources: "",
      logLevel: "info",
      logFormat: "auto",
      httpChecks: false,
      podProxy: "none",
      clockRate: 1,
      identity: hostname(),
      resyncIntervalMs: 600_000,
      shutdownTimeoutMs: 10_000,
      leaderElection: false,
      leaseName: "rolloutguard",
      leaseNamespace: "",
      leaseDurationMs: 15_000,
      leaseRenewDeadlineMs: 10_000,
      leaseRetryPeriodMs: 2_000,
    });
  });

  it("reads flags with the value after a space or an equals sign", () => {
    expect(settingsOf(["--workers", "8", "--log-level=debug", "--context=a=b"])).to.include({
      workers: 8,
      logLevel: "debug",
      context: "a=b",
    });
  });

  it("reads the environment, and a flag wins over it", () => {
    const env = { ROLLOUTGUARD_WORKERS: "8", ROLLOUTGUARD_LOG_LEVEL: "warn" };
    expect(settingsOf(["--workers", "2"], env)).to.include({ workers: 2, logLevel: "warn" });
  });

  it("takes an empty variable for none, as manifests write it", () => {
    expect(settingsOf([], { ROLLOUTGUARD_WORKERS: "" })).to.include({ workers: 4 });
  });

  it("lets the last of a repeated flag count", () => {
    expect(settingsOf(["--workers=1", "--workers=2"])).to.include({ workers: 2 });
  });

  it("takes a switch with or without a value", () => {
    expect(settingsOf(["--observe-only", "--workers", "2"])).to.include({ observeOnly: true, workers: 2 });
    expect(settingsOf(["--observe-only=false"], { ROLLOUTGUARD_OBSERVE_ONLY: "true" })).to.include({
      observeOnly: false,
    });
  });

  it("splits namespaces at commas, without doubles and spaces", () => {
    expect(settingsOf(["--namespaces", "shop, payments,shop"]).namespaces).to.deep.equal([
      "shop",
      "payments",
    ]);
  });

  for (const [text, address] of [
    ["127.0.0.1:9090", { host: "127.0.0.1", port: 9090 }],
    [":9090", { host: "0.0.0.0", port: 9090 }],
    ["[::1]:9090", { host: "::1", port: 9090 }],
    ["0", "off"],
  ] as const) {
    it(`understands the address ${text}`, () => {
      expect(settingsOf([`--metrics-address=${text}`]).metricsAddress).to.deep.equal(address);
    });
  }

  for (const [argv, name] of [
    [["--workers", "0"], "--workers"],
    [["--workers", "many"], "--workers"],
    [["--log-level", "trace"], "--log-level"],
    [["--log-format="], "--log-format"],
    [["--metrics-address", "8080"], "--metrics-address"],
    [["--metrics-address", "a:99999"], "--metrics-address"],
    [["--resync-interval", "10"], "--resync-interval"],
    [["--shutdown-timeout", "1d"], "--shutdown-timeout"],
    [["--clock-rate", "-1"], "--clock-rate"],
    [["--namespaces", "Shop"], "--namespaces"],
    [["--observe-only=yes"], "--observe-only"],
    [["--lease-name", "Rollout/Guard"], "--lease-name"],
    [["--lease-name", "-a.b"], "--lease-name"],
    [["--lease-namespace", "a.b"], "--lease-namespace"],
    [["--lease-duration", "1s"], "--lease-duration"],
  ] as const) {
    it(`refuses ${argv.join(" ")} with the flag's name, the value and what is allowed`, () => {
      const setting = Object.values(SETTINGS).find(({ flag }) => flag === name);
      const value = argv[1] ?? argv[0].split("=")[1];
      expect(errorOf(argv)).to.equal(
        `invalid value "${value}" for ${name}: must be ${setting?.kind.allowed}`,
      );
    });
  }

  it("names the variable when the wrong value came from there", () => {
    expect(errorOf([], { ROLLOUTGUARD_LOG_FORMAT: "xml" })).to.equal(
      'invalid value "xml" for ROLLOUTGUARD_LOG_FORMAT: must be one of auto, json, text',
    );
  });

  it("refuses a flag without its value", () => {
    expect(errorOf(["--workers"])).to.equal("--workers requires a value: a whole number from 1 to 64");
    expect(errorOf(["--workers", "--observe-only"])).to.contain("--workers requires a value");
  });

  it("takes the pod's own namespace for the Lease where none is given", () => {
    const parse = (...argv: string[]) => parseSettings(argv, {}, () => "operators");
    expect(parse("--leader-election")).to.have.nested.property("settings.leaseNamespace", "operators");
    expect(parse("--leader-election", "--lease-namespace=shop")).to.have.nested.property(
      "settings.leaseNamespace",
      "shop",
    );
    expect(parse()).to.have.nested.property("settings.leaseNamespace", "");
  });

  it("refuses leader election without a namespace for the Lease", () => {
    const parsed = parseSettings(["--leader-election"], {}, () => undefined);
    expect(parsed).to.have.property("error").that.contains("--lease-namespace");
  });

  for (const [flags, named] of [
    [["--lease-renew-deadline=15s"], ["--lease-renew-deadline (15s)", "shorter than --lease-duration (15s)"]],
    [["--lease-retry-period=9s"], ["--lease-renew-deadline (10s)", "1.2 times --lease-retry-period (9s)"]],
  ] as const) {
    it(`refuses ${flags.join(" ")}, with which two may not enter into each other's time`, () => {
      for (const part of named) {
        expect(errorOf(["--leader-election", "--lease-namespace=a", ...flags])).to.contain(part);
      }
      expect(settingsOf(flags).leaderElection, "without leader election it does not matter").to.equal(false);
    });
  }

  it("suggests the flag that was probably meant", () => {
    expect(errorOf(["--worker=3"])).to.equal("unknown flag --worker; did you mean --workers?");
    expect(errorOf(["--namespace", "a"])).to.contain("did you mean --namespaces?");
    expect(errorOf(["--frobnicate-everything"])).to.equal("unknown flag --frobnicate-everything; see --help");
  });

  it("refuses what is no flag", () => {
    expect(errorOf(["start"])).to.contain('unexpected argument "start"');
  });

  it("tells each flag and its default in a help that fits a screen", () => {
    const help = helpOf(["--workers", "3", "--help"]);
    for (const { flag } of Object.values(SETTINGS)) expect(help).to.match(new RegExp(`^ {2}${flag}\\b`, "m"));
    expect(help).to.contain("(0.0.0.0:8080)");
    const lines = help.split("\n");
    expect(lines.length).to.be.at.most(40);
    for (const line of lines) expect(line.length, line).to.be.at.most(100);
    expect(helpOf(["-h"])).to.equal(help);
  });

  it("takes the URL of an HTTP proxy to pods, and nothing else", () => {
    const parsed = settingsOf(["--pod-proxy=http://127.0.0.1:8001"]);
    expect(parsed).to.have.nested.property("podProxy.host", "127.0.0.1:8001");
    for (const url of [
      "127.0.0.1:8001",
      "https://proxy",
      "socks5://proxy",
      "http://user@proxy",
      "http://proxy/path",
    ])
      expect(errorOf([`--pod-proxy=${url}`]), url).to.contain("the URL of an HTTP proxy");
  });

  it("tells the version", () => {
    expect(helpOf(["--version"])).to.match(/^rolloutguard \d+\.\d+\.\d+\n$/);
  });
});

describe("SETTINGS", () => {
  it("names each variable after its flag", () => {
    for (const { flag, variable } of Object.values(SETTINGS)) {
      expect(variable).to.equal(`ROLLOUTGUARD_${flag.slice(2).replaceAll("-", "_").toUpperCase()}`);
    }
  });

  it("says what an empty default means", () => {
    for (const { flag, byDefault, emptyMeans } of Object.values(SETTINGS)) {
      expect(byDefault || emptyMeans, flag).to.match(/./);
    }
  });
});
