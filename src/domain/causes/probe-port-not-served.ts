// A probe that asks a port on which nothing listens, and the right port. Pure.
import { formatDuration } from "../../api/duration.ts";
import { nameRevision } from "../history/revisions.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { type Case, type Cause, type Classifier, quoted } from "./cause.ts";
import { type FailingProbe, failingProbe, fieldOf, nameProbe, PROBE_REASONS } from "./failing-probe.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

/** So long an application that is merely slow is taken to need, where nothing else tells. */
const SURELY_STARTED_MS = 60_000;
/** Variables by which applications are told where to listen. */
const LISTENS_ON = /PORT|LISTEN|ADDR|BIND/i;

export const probePortNotServed: Classifier = {
  recognises: ["ProbePortNotServed"],
  explains: PROBE_REASONS,
  classify: (of) => {
    const failing = failingProbe(of);
    return failing && causeOf(of, failing);
  },
};

function causeOf(of: Case, failing: FailingProbe): Cause | undefined {
  const { probe, container } = failing;
  if (probe.portName !== undefined && probe.port === undefined)
    return noSuchName(of, failing, probe.portName);
  if (failing.failure?.kind !== "refused" || probe.port === undefined || isPossiblyStarting(of, failing)) {
    return undefined;
  }
  const right = rightPort(of, failing);
  const elsewhere = right
    ? `; the right port is ${right.isCertain ? "" : "probably "}${right.port}: ${right.because}`
    : listensElsewhere(failing);
  return {
    class: "ProbePortNotServed",
    certainty: right?.isCertain ? "Certain" : "Likely",
    message: `${probingText(failing, probe.port)}${elsewhere}.`,
    evidence: [...quoted(of, /changed the probe/), ...quoted(of, /refused/i)].slice(0, 3),
    remedy: right
      ? `Point ${nameProbe(failing)} at port ${right.port}${declares(container, probe.port) && !declares(container, right.port) ? `, and declare containerPort ${right.port} instead of ${probe.port}` : ""}.`
      : `Make the application in container ${container.name} listen on port ${probe.port}, or point the ${failing.which} probe at the port on which it listens.`,
    patch: right && patchTo(of, failing, right.port),
  };
}

function probingText(failing: FailingProbe, port: number): string {
  const { probe, probeBefore, which, container } = failing;
  const isChanged = probeBefore !== undefined && probeBefore.target !== probe.target;
  return isChanged
    ? `The rollout changed the probe of container ${container.name} (${which}) to ${probe.target}, but nothing listens on port ${port}`
    : `Nothing listens on port ${port}, which ${nameProbe(failing)} uses`;
}

/** Where the port is the one that worked before, refusing is also what a start looks like. */
function isPossiblyStarting(
  of: Case,
  { probe, probeBefore, pod, ranMs, container, before, which }: FailingProbe,
): boolean {
  const isMoved = probeBefore !== undefined && probeBefore.port !== probe.port;
  const isUndeclared = container.ports.length > 0 && !declares(container, probe.port);
  const asked = container.readiness?.port;
  const isOdd = which === "liveness" && asked !== undefined && asked !== probe.port;
  if (isMoved || isUndeclared || isOdd) return false;
  const { pods } = of.rollout;
  if (pods.some((other) => other.isReady && other.uid !== pod.uid)) return true;
  const isReportedElsewhere =
    before !== undefined && changedVariables(before, container).some((name) => LISTENS_ON.test(name));
  return !isReportedElsewhere && ranMs < SURELY_STARTED_MS;
}

interface RightPort {
  readonly port: number;
  readonly because: string;
  readonly isCertain: boolean;
}

/** The port that the good revision's probe asked, that a Service sends to, that another probe asks, or the only one declared. */
function rightPort(
  { rollout }: Case,
  { probe, probeBefore, container, which }: FailingProbe,
): RightPort | undefined {
  const { baseline, services, revision } = rollout;
  const targets = services.flatMap(({ name, ports }) =>
    ports.flatMap(({ targetPort }) => {
      const declared = container.ports.find((port) => port.name === targetPort)?.port;
      const port = typeof targetPort === "number" ? targetPort : declared;
      return port === undefined ? [] : [{ port, name }];
    }),
  );
  const others = targets.filter(({ port }) => port !== probe.port);
  const former = probeBefore?.port;
  if (baseline && former !== undefined && former !== probe.port) {
    const agreeing = others.find(({ port }) => port === former);
    return {
      port: former,
      because: `${nameRevision(baseline)} was probed there${agreeing ? `, and Service ${agreeing.name} sends there` : ""}`,
      isCertain: agreeing !== undefined,
    };
  }
  const [target] = targets.some(({ port }) => port === probe.port) ? [] : others;
  if (target) return { port: target.port, because: `Service ${target.name} sends there`, isCertain: false };
  const { readiness } = container;
  if (which === "liveness" && readiness?.port !== undefined && readiness.port !== probe.port) {
    return { port: readiness.port, because: "its readiness probe uses it", isCertain: false };
  }
  const [declared, ...more] = container.ports.filter(({ port }) => port !== probe.port);
  if (!declared || more.length > 0 || declares(container, probe.port)) return undefined;
  return {
    port: declared.port,
    because: `it is the containerPort of ${nameRevision(revision)}`,
    isCertain: false,
  };
}

function listensElsewhere({ ranMs, before, container }: FailingProbe): string {
  const names = before ? changedVariables(before, container).filter((name) => LISTENS_ON.test(name)) : [];
  const changed = names.length > 0 ? `; the rollout changed env ${names.join(", ")}` : "";
  return ` ${formatDuration(ranMs)} after its start: the application listens on another port, or never starts listening${changed}`;
}

function changedVariables(before: ContainerTemplateView, after: ContainerTemplateView): readonly string[] {
  const names = new Set([...before.env, ...after.env].map(({ name }) => name));
  const printIn = ({ env }: ContainerTemplateView, wanted: string) =>
    env.find(({ name }) => name === wanted)?.print;
  return [...names].filter((name) => printIn(before, name) !== printIn(after, name));
}

function noSuchName(of: Case, failing: FailingProbe, portName: string): Cause {
  const { container, probeBefore } = failing;
  const number = probeBefore?.port ?? container.ports[0]?.port;
  return {
    class: "ProbePortNotServed",
    certainty: "Certain",
    message: `Container ${container.name} has no port named ${portName}, which ${nameProbe(failing)} uses.`,
    evidence: quoted(of, /probe/i),
    remedy:
      number === undefined
        ? `Add a port named ${portName} to the container, or use a port number in the probe.`
        : `Name containerPort ${number} ${portName}, or use ${number} in the probe.`,
    patch:
      number === undefined
        ? undefined
        : patchOfContainer(of.rollout, container, { ports: [{ containerPort: number, name: portName }] }),
  };
}

function patchTo(
  { rollout }: Case,
  { container, probe, which, before }: FailingProbe,
  port: number,
): string | undefined {
  const handler =
    probe.kind === "http" || probe.kind === "https" ? "httpGet" : probe.kind === "tcp" ? "tcpSocket" : "grpc";
  const moved = container.ports.find((each) => each.port === probe.port);
  const isRight = declares(container, port) || !moved || !(before && declares(before, port));
  const ports = isRight
    ? undefined
    : [
        { containerPort: port, ...(moved.name !== undefined && { name: moved.name }) },
        { containerPort: moved.port, $patch: "delete" },
      ];
  return patchOfContainer(rollout, container, {
    ...(ports && { ports }),
    [fieldOf(which)]: { [handler]: { port } },
  });
}

function declares({ ports }: ContainerTemplateView, number: number | undefined): boolean {
  return ports.some(({ port }) => port === number);
}
