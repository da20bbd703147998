// Incidents, a line each.

import { isOpen, phaseOf } from "../../../api/incident.ts";
import { undoStep } from "../../../api/incident-step.ts";
import { shortImage, tagsOf } from "../../../reports/text/image-text.ts";
import { ageText, spanText } from "../../../reports/text/moments.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { PHASE_COLOURS } from "../../text/phase-colours.ts";
import { type Column, type TableForm, tableText } from "../../text/table.ts";
import { type ReadIncident, tookMs } from "./read-incidents.ts";

export function incidentsTable(
  incidents: readonly ReadIncident[],
  now: number,
  look: Pick<Terminal, "isWatched" | "columns" | "hasColours">,
  { isWide, showsNamespaces, isWithoutHeaders }: TableForm,
): string {
  const paint = painter(look);
  const images = (list: readonly string[]) => (isWide ? list.map(shortImage).join(",") : tagsOf(list));
  const columns: Column<ReadIncident>[] = [
    ...(showsNamespaces ? [{ title: "NAMESPACE", of: ({ namespace }: ReadIncident) => namespace }] : []),
    { title: "NAME", of: ({ view }) => view.name },
    {
      title: "PHASE",
      of: ({ view }) => phaseOf(view),
      paint: (text, { view }) => paint(PHASE_COLOURS[phaseOf(view)], text),
    },
    { title: "REASON", of: ({ view }) => view.spec.reason },
    { title: "CAUSE", of: causeOf, isSpare: true },
    {
      title: "FAILED → RESTORED",
      of: ({ view: { spec, status } }) =>
        `${images(spec.failedRevision.images)} → ${undoStep(status) && spec.restoreRevision ? images(spec.restoreRevision.images) : "-"}`,
      isSpare: true,
    },
    { title: "AGE", of: ({ view }) => ageText(Date.parse(view.spec.detectedAt), now) },
    {
      title: "DURATION",
      of: ({ view }) => (isOpen(view) ? "open" : spanText(tookMs(view, now))),
      isSpare: true,
    },
    ...(isWide ? WIDE : []),
  ];
  return tableText(columns, incidents, { ...look, isWatched: look.isWatched && !isWide, isWithoutHeaders });
}

const WIDE: readonly Column<ReadIncident>[] = [
  { title: "TARGET", of: ({ view }) => view.spec.target.name },
  { title: "GUARD", of: ({ view }) => view.spec.guard?.name ?? "-" },
  {
    title: "CERTAINTY",
    of: ({ view: { spec, status } }) => status?.certainty ?? spec.causes?.[0]?.certainty ?? "-",
  },
  { title: "DETECTED", of: ({ view }) => view.spec.detectedAt },
  {
    title: "MESSAGE",
    of: ({ view: { spec, status } }) => (status?.message ?? spec.message).replace(/\s+/g, " "),
  },
];

/** Incidents of older versions have none. */
function causeOf({ view: { spec, status } }: ReadIncident): string {
  return status?.cause ?? spec.causes?.[0]?.class ?? "-";
}
