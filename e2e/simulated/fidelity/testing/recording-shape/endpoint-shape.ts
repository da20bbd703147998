// What stands behind a Service over time, in EndpointSlices and Endpoints.
import type { EndpointSlice, Endpoints } from "@rolloutguard/simulated-cluster/objects";
import type { RecordedChange } from "../recording.ts";
import { ofResource, stepByStep, withoutRepetition } from "./changes.ts";

export interface EndpointShape {
  readonly ready: string;
  readonly notReady: string;
  /** Only slices tell. */
  readonly terminating: string;
  readonly ports: readonly string[];
}

/** How many endpoints are ready, not ready, and terminating, over time; and on which ports. */
export function sliceShape(
  before: readonly RecordedChange[],
  after: readonly RecordedChange[],
): EndpointShape {
  const last = ofResource<EndpointSlice>(before, "endpointslices").slice(-1);
  const states = [...last, ...ofResource<EndpointSlice>(after, "endpointslices")];
  const count = (counts: (endpoint: { ready: boolean; terminating: boolean }) => boolean) =>
    stepByStep(
      states.map(({ endpoints }) => (endpoints ?? []).filter((each) => counts(each.conditions)).length),
    );
  return {
    ready: count(({ ready }) => ready),
    notReady: count(({ ready, terminating }) => !ready && !terminating),
    terminating: count(({ terminating }) => terminating),
    ports: withoutRepetition(states.map(({ ports }) => portText(ports ?? []))),
  };
}

/** Endpoints leave out the terminating. */
export function endpointsShape(
  before: readonly RecordedChange[],
  after: readonly RecordedChange[],
): EndpointShape {
  const last = ofResource<Endpoints>(before, "endpoints").slice(-1);
  const states = [...last, ...ofResource<Endpoints>(after, "endpoints")].map(({ subsets = [] }) => subsets);
  const count = (list: "addresses" | "notReadyAddresses") =>
    stepByStep(states.map((subsets) => subsets.flatMap((subset) => subset[list] ?? []).length));
  return {
    ready: count("addresses"),
    notReady: count("notReadyAddresses"),
    terminating: "",
    ports: withoutRepetition(
      states.map((subsets) => subsets.map(({ ports = [] }) => portText(ports)).join("; ")),
    ),
  };
}

function portText(ports: readonly { name?: string | undefined; port: number }[]): string {
  return ports.map(({ name = "", port }) => `${name}:${port}`).join(",");
}
