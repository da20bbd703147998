import { expect } from "chai";
import { commandsOfStep } from "./first-incident-page.ts";

const PAGE = `# A page
## 1. Begin
\`\`\`sh
kubectl apply -f a.yaml
\`\`\`

Then:

\`\`\`sh
kubectl wait \\
  --all
\`\`\`

\`\`\`
$ kubectl get pods
\`\`\`

## 2. Read
Nothing to run.

## 3. End
\`\`\`sh
kubectl delete -f a.yaml
\`\`\`
`;

describe("the commands of a step", () => {
  it("are those of its own blocks for a shell, without what a command prints", () => {
    expect(commandsOfStep(PAGE, 1)).to.deep.equal([
      "kubectl apply -f a.yaml\n",
      "kubectl wait \\\n  --all\n",
    ]);
    expect(commandsOfStep(PAGE, 3)).to.deep.equal(["kubectl delete -f a.yaml\n"]);
  });

  it("are missed in a step that has none, and in a step that is not there", () => {
    expect(() => commandsOfStep(PAGE, 2)).to.throw("step 2");
    expect(() => commandsOfStep(PAGE, 4)).to.throw("step 4");
  });
});
