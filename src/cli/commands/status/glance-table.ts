// Guards at a glance, a line each.

import type { RevisionReference } from "../../../api/revision-reference.ts";
import type { GuardReport } from "../../../reports/report-types.ts";
import { shortImage, tagsOf } from "../../../reports/text/image-text.ts";
import { ageText } from "../../../reports/text/moments.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { PHASE_COLOURS } from "../../text/phase-colours.ts";
import { type Column, tableText } from "../../text/table.ts";

export function glanceTable(
  reports: readonly GuardReport[],
  look: Pick<Terminal, "isWatched" | "columns" | "hasColours">,
  { isWide, showsNamespaces }: { readonly isWide: boolean; readonly showsNamespaces: boolean },
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
    { title: "RUNS", of: ({ runs }) => revision(runs) },
    { title: "GOOD", of: ({ good }) => revision(good), isSpare: true },
    { title: "LAST INCIDENT", of: lastIncident, isSpare: true },
    ...(isWide ? WIDE : []),
  ];
  // Who asks for everything gets everything.
  return tableText(columns, reports, isWide ? { ...look, isWatched: false } : look);
}

const WIDE: readonly Column<GuardReport>[] = [
  { title: "TARGET", of: ({ target }) => target },
  { title: "MODE", of: ({ mode }) => mode ?? "-" },
  { title: "AVAILABLE", of: ({ replicas }) => (replicas ? `${replicas.available}/${replicas.wanted}` : "-") },
  {
    title: "SERVICES",
    of: ({ services }) =>
      services.map(({ name, readyEndpoints }) => `${name}=${readyEndpoints}`).join(",") || "-",
  },
  { title: "MESSAGE", of: ({ message }) => message.replace(/\s+/g, " ") },
];

/** With a mark where the operator says something else, or nothing. */
function phaseText({ phase, isUnsaid }: GuardReport): string {
  return isUnsaid ? `${phase}*` : phase;
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
