// Phrases that a reader of the Kubernetes documentation would stumble over, each with what to write instead. A pattern is
// narrow enough to need no exceptions: where it hits rightly used words, make it narrower.

export interface BannedPhrase {
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly write: string;
}

export const BANNED_PHRASES: readonly BannedPhrase[] = [
  { pattern: /\bfor want of\b/i, write: "because … is missing" },
  { pattern: /\banew\b/i, write: "again" },
  { pattern: /\bby (?:itself|themselves)\b/i, write: "automatically, or on its own" },
  { pattern: /\b(?:goes|go|went|going) on(?! to\b| the\b| call\b)\b/i, write: "continues" },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, write: "fix" },
  { pattern: /\b(?:is|are|was|were|be|been|being|it) told\b/i, write: "reported, logged or shown" },
  { pattern: /\btold (?:about|of|once|that|by|in|to)\b/i, write: "reported, logged or shown" },
  { pattern: /\btells? (?:of|that|how|why|whether|what|which)\b/i, write: "shows, reports or says" },
  { pattern: /\bwaited for\b/i, write: "RolloutGuard waits for …" },
  { pattern: /\bat this moment\b/i, write: "now, or currently" },
  { pattern: /\b(?:for|after|lasts|stays|watched|waits) so long\b/i, write: "for that time, or for …" },
  {
    pattern: /\bwants? (?:no|\d+|\{\}) (?:pods?|replicas?)\b/i,
    write: "is scaled to zero, or 3 desired pods",
  },
  { pattern: /\bnothing (?:more )?is done\b/i, write: "No rollback: …" },
  { pattern: /\b(?:goes|go|went|going|gone) back (?:from|to)\b/i, write: "roll back to" },
  { pattern: /\bagain and again\b/i, write: "keeps …ing, or repeatedly" },
  { pattern: /\bno node takes\b/i, write: "cannot be scheduled" },
  {
    pattern: /\b(?:you|it|they|operator|one|nobody|everybody|somebody|people|whoever|pods?|guards?) may\b/i,
    write: "can, or has permission to",
  },
  { pattern: /\blook(?:s|ed|ing)? (?:again|twice|once|live)\b/i, write: "checks again" },
  { pattern: /\blooked at\b/i, write: "checked, watched or reconciled" },
  { pattern: /\bbeg[iau]ns? again\b/i, write: "restarts" },
  { pattern: /\b(?:began|begun)\b/i, write: "started" },
  { pattern: /\b(?:whoever|whom)\b/i, write: "the person, tool or controller that …" },
  {
    pattern: /\b(?:no|some|every)body\b/i,
    write: "no one, someone, everyone; better: name the person or the component",
  },
  { pattern: /\bfor ever\b/i, write: "indefinitely" },
  { pattern: /\bmostly\b/i, write: "usually" },
  { pattern: /\bbesides\b/i, write: "in addition, or also" },
  {
    pattern:
      /(?<!\bthere )\b(?:is|are|was|were) no (?:JSON|YAML|duration|objects?|Deployment|Incident|guard|number)\b/i,
    write: "is not a …",
  },
  { pattern: /\bunder way\b/i, write: "in progress" },
  { pattern: /\btried again\b/i, write: "retries" },
  { pattern: /\bleft (?:alone|in peace)\b/i, write: "not rolled back, or not changed" },
  { pattern: /\bput back\b/i, write: "applied again, or restored" },
  { pattern: /\bcan be asked here\b/i, write: "no terminal to confirm on" },
  { pattern: /\b(?:is|are|was|were) no (?:more|longer) there\b/i, write: "no longer exists" },
  { pattern: /\bstands? (?:in|there)\b/i, write: "is in" },
  // The API server's own messages say it, and are quoted.
  { pattern: /(?<!(?:Forbidden|Invalid value): .*)\bmay not be\b/i, write: "must not be, or cannot be" },
  { pattern: /\bat the same moment\b/i, write: "at the same time" },
  { pattern: /\bhow hard it was\b/i, write: "How it is …" },
  { pattern: /\bpasses? over\b/i, write: "reconcile" },
  { pattern: /\bnobody is hurt\b/i, write: "while no Service has lost endpoints" },
];
