// How tables tell addresses and ports of Services, Endpoints and EndpointSlices: the first few, and how many more.
import type { EndpointSlice, Endpoints, Service } from "../../kinds.ts";

const SHOWN = 3;

/** "10.1.0.2:80,10.1.0.3:80,10.1.0.4:80 + 2 more...". */
function fewOf(texts: readonly string[], none: string): string {
  if (texts.length === 0) return none;
  const more = texts.length - SHOWN;
  return `${texts.slice(0, SHOWN).join(",")}${more > 0 ? ` + ${more} more...` : ""}`;
}

export function endpointsText({ subsets }: Endpoints): string {
  const texts = (subsets ?? []).flatMap(({ addresses = [], ports }) =>
    ports === undefined
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip}:${port}`)),
  );
  return fewOf(texts, "<none>");
}

export function slicePortsText({ ports }: EndpointSlice): string {
  return fewOf(
    (ports ?? []).map(({ port }) => String(port)),
    "<unset>",
  );
}

export function sliceAddressesText({ endpoints }: EndpointSlice): string {
  return fewOf(
    (endpoints ?? []).flatMap(({ addresses }) => addresses),
    "<unset>",
  );
}

/** "80/TCP,443:30443/TCP". */
export function servicePortsText({ spec }: Service): string {
  const texts = (spec.ports ?? []).map((each) => {
    const { nodePort } = each as { nodePort?: number };
    return `${each.port}${nodePort === undefined ? "" : `:${nodePort}`}/${each.protocol ?? "TCP"}`;
  });
  return texts.length === 0 ? "<none>" : texts.join(",");
}
