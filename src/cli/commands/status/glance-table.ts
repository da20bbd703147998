// Guards at a glance, a line each.

import type { RevisionReference } from "../../../api/revision-reference.ts";
import type { GuardReport } from "../../../reports/report-types.ts";
import { shortImage, tagsOf } from "../../../reports/text/image-text.ts";
import { ageText } from "../../../reports/text/moments.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { PHASE_COLOURS } from "../../text/phase-colours.ts";
import { type Column, type TableForm, tableText } from "../../text/table.ts";

export function glanceTable(
  reports: readonly GuardReport[],
  look: Pick<Terminal, "isWatched" | "columns" | "hasColours">,
  { isWide, showsNamespaces, isWithoutHeaders }: TableForm,
): string {
  const paint = painter(look);
  const revision = isWide ? fullText : shortRevision;
  const columns: Column<GuardReport>[] = [
    ...(showsNamespaces ? [{ title: "NAMESPACE", of: ({ namespace }: GuardReport) => namespace }] : []),
    { title: "NAME", of: ({ name }) => name },
    {
      title: "PHASE",
      of: phaseText,
      paint: (text, { phase }) => paint(PHASE_COLOURS[phase], text),
    },
    { title: "REASON", of: ({ reason }) => reason },
    { title: "RUNNING", of: ({ running }) => revision(running) },
    { title: "GOOD", of: ({ good }) => revision(good), isSpare: true },
    { title: "LAST INCIDENT", of: lastIncident, isSpare: true },
    ...(isWide ? WIDE : []),
  ];
  // Who asks for everything gets everything.
  return tableText(columns, reports, { ...look, isWatched: look.isWatched && !isWide, isWithoutHeaders });
}

const WIDE: readonly Column<GuardReport>[] = [
  { title: "TARGET", of: ({ target }) => target },
  { title: "MODE", of: ({ mode }) => mode ?? "-" },
  {
    title: "AVAILABLE",
    of: ({ replicas }) => (replicas ? `${replicas.available}/${replicas.desired}` : "-"),
  },
  {
    title: "SERVICES",
    of: ({ services }) =>
      services.map(({ name, readyEndpoints }) => `${name}=${readyEndpoints}`).join(",") || "-",
  },
  { title: "MESSAGE", of: ({ message }) => message.replace(/\s+/g, " ") },
];

/** With a mark where the operator says something else, or nothing. */
function phaseText({ phase, isUnreported }: GuardReport): string {
  return isUnreported ? `${phase}*` : phase;
}

function shortRevision(reference: RevisionReference | undefined): string {
  return reference ? `${tagsOf(reference.images)} (${reference.revision})` : "-";
}

function fullText(reference: RevisionReference | undefined): string {
  return reference ? `${reference.images.map(shortImage).join(",")} (${reference.revision})` : "-";
}

function lastIncident({ lastIncident: last, seenAt }: GuardReport): string {
  if (last === undefined) return "-";
  return `${last.phase} ${ageText(Date.parse(last.detectedAt), Date.parse(seenAt))} ago`;
}
