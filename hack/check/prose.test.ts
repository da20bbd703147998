import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { BANNED_PHRASES } from "./prose/banned-phrases.ts";
import { checkProse, findingsIn } from "./prose.ts";

const PLANTED = "It crashes for want of a variable.";

describe("findingsIn", () => {
  const code = {
    "a literal": `\n\nconst message = "${PLANTED}";`,
    "a template": `\n\nconst message = \`\${what} crashes for want of \${variable}\`;`,
    "a part of a template": `\n\nconst message = \`\${what}\${why ? " for want of it" : ""}\`;`,
    "an attribute of an object": `\nexport const table = {\n  help: "${PLANTED}",\n};`,
    "an argument of a call": `\n\nlogger.warn("${PLANTED}", { error });`,
    "a template in a template": `\n\nthrow new Error(\`cannot: \${why ? \`crashes for want of \${why}\` : ""}\`);`,
    "a default of a parameter": `\n\nfunction say(text = "${PLANTED}"): string { return text; }`,
    "a file of letters beyond ASCII": `// Für den Fall …\n\nconst message = "${PLANTED}";`,
    "an executable file": `#!/usr/bin/env node\n\nconst message = "${PLANTED}";`,
  };
  for (const [where, source] of Object.entries(code)) {
    it(`finds a phrase in ${where}, with its line and what to write`, () => {
      expect(findingsIn("src/cli/a.ts", source)).to.deep.equal([
        'src/cli/a.ts:3: "for want of": write because … is missing',
      ]);
    });
  }

  const pages = {
    "a paragraph": `# Title\n\n${PLANTED}\n`,
    "a paragraph, over the end of a line": "# Title\n\nIt crashes for\nwant of a variable.\n",
    "an item of a list": `# Title\n- fine\n- ${PLANTED}\n`,
    "a cell of a table": `| a | b |\n| --- | --- |\n| x | ${PLANTED} |\n`,
    "a link": "# Title\n\n[It crashes for want of a variable](page.md)\n",
    "a paragraph after code": "```sh\n```\nIt crashes for want of `VARIABLE`.\n",
  };
  for (const [where, page] of Object.entries(pages)) {
    it(`finds a phrase in ${where} of a page`, () => {
      expect(findingsIn("docs/page.md", page)).to.deep.equal([
        'docs/page.md:3: "for want of": write because … is missing',
      ]);
    });
  }

  it("finds nothing in code of pages, in comments, and in names", () => {
    expect(
      findingsIn("docs/page.md", `# Title\n\`anew\`\n\n\`\`\`yaml\n# anew\n\`\`\`\n[a](anew.md)\n`),
    ).to.deep.equal([]);
    expect(
      findingsIn("src/a.ts", '// Begins anew.\nimport anew from "./anew.ts";\nanew("anew");'),
    ).to.deep.equal([]);
  });

  it("reads of the changelog what is not released", () => {
    const changelog = (text: string) =>
      `# Changes\n## [Unreleased]\n- ${text}\n## [0.1.0]\n- It begins anew.\n`;
    expect(findingsIn("CHANGELOG.md", changelog("Fine."))).to.deep.equal([]);
    expect(findingsIn("CHANGELOG.md", changelog(PLANTED))).to.have.lengthOf(1);
  });
});

describe("checkProse", () => {
  let root: string;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "prose-"));
    const files = {
      "src/cli/a.ts": `const message = "${PLANTED}";`,
      "src/cli/a.test.ts": `const message = "${PLANTED}";`,
      "src/domain/b.ts": 'const message = "Container app keeps exiting.";',
      "docs/page.md": PLANTED,
      "README.md": PLANTED,
    };
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), content);
    }
  });

  after(() => rm(root, { recursive: true }));

  it("finds planted sentences in source and pages, and none in tests", async () => {
    const { files, findings } = await checkProse(root);
    expect(files).to.equal(4);
    expect(findings.map((finding) => finding.split(":")[0])).to.deep.equal([
      "README.md",
      "docs/page.md",
      "src/cli/a.ts",
    ]);
  });
});

describe("BANNED_PHRASES", () => {
  const found = {
    "Nothing is done: the guard observes.": "nothing is done",
    "RolloutGuard goes on.": "goes on",
    "It goes back to revision 1.": "goes back to",
    "The Deployment wants no pods.": "wants no pods",
    "You may delete it.": "you may",
    "Watches that begin again": "begin again",
    "nobody can be asked here": "nobody",
  };
  const fine = [
    "It depends on what the controller goes on to do.",
    'spec.a: Invalid value: "": may not be specified when `value` is not empty',
    "The rollout may take a minute.",
    "It is scaled to zero.",
  ];

  for (const [text, phrase] of Object.entries(found)) {
    it(`finds ${phrase}`, () => {
      const hits = BANNED_PHRASES.flatMap(({ pattern }) => pattern.exec(text)?.[0].toLowerCase() ?? []);
      expect(hits).to.include(phrase);
    });
  }

  it("finds nothing in sentences of the documentation of Kubernetes", () => {
    for (const text of fine)
      expect(BANNED_PHRASES.filter(({ pattern }) => pattern.test(text))).to.deep.equal([]);
  });
});
