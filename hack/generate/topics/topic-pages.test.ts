import { join } from "node:path";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import { CAUSES, type CauseClass, causePage } from "../../../src/api/causes.ts";
import { FINDING_REASONS } from "../../../src/api/reasons.ts";
import { ORDERED_RULES } from "../../../src/manifests/ordered-rules.ts";
import { foundBy } from "../../../src/reports/postmortem/found-by-rule.ts";
import { generateTopicIndexes } from "./topic-indexes.ts";
import { faultsOf, withHead } from "./topic-page.ts";
import { faultsOfPages, topicPages } from "./topic-pages.ts";
import { ALL_TOPICS, type Topic } from "./topics.ts";

const ROOT = join(import.meta.dirname, "../../..");

const TOPIC: Topic = {
  word: "SlowStart",
  says: "It is still starting.",
  path: "docs/causes/slow-start.md",
  kind: { source: "src/api/causes.ts", is: "A cause.", headings: ["How to tell", "How to fix"] },
};
const BODY = "It means this.\n\n## How to tell\n\nSo.\n\n## How to fix\n\nSo.\n";

describe("pages about causes and reasons", () => {
  it("have a head from the table, whatever stood there, and keep what was written by hand", () => {
    const text = withHead(`<!-- old -->\n# Old\n\n**Old.**\nOld.\n\n${BODY}`, TOPIC);
    expect(text.split("\n").slice(1, 5)).to.deep.equal([
      "# SlowStart",
      "",
      "**It is still starting.**",
      "A cause.",
    ]);
    expect(text.endsWith(`\n\n${BODY}`)).to.equal(true);
    expect(withHead(text, TOPIC)).to.equal(text);
  });

  it("are faulty without their meaning, a heading, or text below one", () => {
    expect(faultsOf(withHead(undefined, TOPIC), TOPIC)).to.deep.equal([
      "docs/causes/slow-start.md: it must say first what it means",
      "docs/causes/slow-start.md: nothing stands below How to tell",
      "docs/causes/slow-start.md: nothing stands below How to fix",
    ]);
    const head = withHead("", TOPIC);
    expect(faultsOf(`${head}${BODY}`, TOPIC)).to.deep.equal([]);
    expect(faultsOf(`${head}${BODY.replace("## How to fix", "### How to fix")}`, TOPIC)).to.deep.equal([
      "docs/causes/slow-start.md: the headings must be How to tell, How to fix",
    ]);
    expect(faultsOf(`${head}${BODY}${"More.\n".repeat(60)}`, TOPIC)).to.have.length(1);
  });

  it("are there for every word, and complete", async () => {
    expect(faultsOfPages(await topicPages(ROOT))).to.deep.equal([]);
    expect(faultsOfPages([])).to.have.length(ALL_TOPICS.length);
  });

  it("hold YAML that can be read", async () => {
    const pages = await topicPages(ROOT);
    const blocks = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => ({ path, yaml: match[1] ?? "" })),
    );
    expect(blocks.length).to.be.above(20);
    for (const { path, yaml } of blocks) {
      for (const { errors } of parseAllDocuments(yaml)) expect(errors, path).to.deep.equal([]);
    }
  });

  it("lead from every reason of a finding to causes, and from every cause to a reason", async () => {
    const pages = await topicPages(ROOT);
    const lacking = (folder: string, words: readonly string[], link: string) =>
      words.filter((word) => {
        const { path } = ALL_TOPICS.find((topic) => topic.word === word && topic.path.includes(folder)) ?? {};
        return !pages.find((page) => page.path === path)?.text.includes(link);
      });
    expect(lacking("/reasons/", Object.keys(FINDING_REASONS), "](../causes/")).to.deep.equal([]);
    expect(lacking("/causes/", Object.keys(CAUSES), "](../reasons/")).to.deep.equal([]);
  });

  it("name lint rules that there are", () => {
    const ids: readonly (string | undefined)[] = ORDERED_RULES.map(({ id }) => id);
    const found = (Object.keys(CAUSES) as CauseClass[]).flatMap((cause) => foundBy(cause) ?? []);
    expect(found).to.have.length.above(8);
    for (const id of found) expect(ids).to.include(id);
  });

  it("name the lint rule by which a post-mortem says that the cause could have been found", async () => {
    const pages = await topicPages(ROOT);
    const classes = Object.keys(CAUSES) as CauseClass[];
    const silent = classes.filter((cause) => {
      const [rule, page] = [foundBy(cause), pages.find(({ path }) => path === `docs/${causePage(cause)}`)];
      return rule !== undefined && !page?.text.includes(`](../lint-rules.md#${rule})`);
    });
    expect(silent).to.deep.equal([]);
    expect(classes.filter((cause) => foundBy(cause) !== undefined)).not.to.have.length(0);
  });

  it("are listed, each once, in the indexes of their folders", () => {
    const listed = generateTopicIndexes().flatMap(({ path, text }) =>
      [...text.matchAll(/^\| \[\w+\]\(([\w-]+\.md)\) \|/gm)].map((match) =>
        path.replace("index.md", match[1] ?? ""),
      ),
    );
    expect(listed).to.have.members(ALL_TOPICS.map(({ path }) => path));
  });
});
