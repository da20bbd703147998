// Stories of operators, played on the simulated cluster: what a careful person on call would want is done, and nothing worse.
import { expect } from "chai";
import type { FieldStory } from "./field-story.ts";
import { complaintAbout, play } from "./play.ts";
import { MISTAKES, SEQUELS } from "./stories/mistakes-and-sequels.ts";
import { OTHERS } from "./stories/others.ts";
import { SERVICES } from "./stories/services.ts";
import { STRATEGIES } from "./stories/strategies.ts";
import { UNSTEADY } from "./stories/unsteady.ts";
import { WAITING } from "./stories/waiting.ts";

const STORIES: readonly FieldStory[] = [
  ...WAITING,
  ...UNSTEADY,
  ...STRATEGIES,
  ...SERVICES,
  ...OTHERS,
  ...MISTAKES,
  ...SEQUELS,
];

describe("the stories from the field", () => {
  it("have names of their own", () => {
    const names = STORIES.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });

  for (const story of STORIES) {
    it(`${story.name} (${story.kind}): ${story.want}, when ${story.what}`, async () => {
      const played = await play(story);
      expect(complaintAbout(story, played), played.said.join("\n")).to.equal(undefined);
    });
  }
});
