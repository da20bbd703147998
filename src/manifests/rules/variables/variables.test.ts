import { expect } from "chai";
import { deploymentText, documents, findingsIn } from "../../testing/lint-text.ts";

const found = (...container: readonly string[]) =>
  findingsIn(deploymentText({ container }), "undefined-variable");

describe("rule undefined-variable", () => {
  it("finds $(NAME) in arguments, commands and variables, and names the one that is meant", () => {
    expect(found("env: [{name: DB_URL, value: x}]", 'args: ["--db=$(DB_ULR)"]')[0]?.fix).to.include("DB_URL");
    expect(found('command: ["app", "$(MODE)"]')[0]).to.include({ severity: "warning" });
    expect(found('env: [{name: A, value: "http://$(HOST_NAME)"}]')).to.have.length(1);
  });

  it("finds what a script tests or connects to, and mentions what the image may set", () => {
    const script = (text: string) => found(`command: [sh, -c, '${text}']`).map(({ severity }) => severity);
    expect(script('test -n "$API_TOKEN" || exit 1')).to.deep.equal(["warning"]);
    expect(script("until nc -z $DB_HOST 5432; do sleep 1; done")).to.deep.equal(["warning"]);
    expect(script(`: \${LICENSE:?missing}`)).to.deep.equal(["warning"]);
    expect(script("exec java $JAVA_OPTS -jar a.jar")).to.deep.equal(["info"]);
  });

  it("reads a script that is mounted from a ConfigMap", () => {
    const start =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: scripts}\ndata: {start.sh: "exec app --url $STOCK_URL"}';
    const runs = deploymentText({
      pod: ["volumes: [{name: s, configMap: {name: scripts}}]"],
      container: ["command: [sh, /s/start.sh]", "volumeMounts: [{name: s, mountPath: /s}]"],
    });
    expect(findingsIn(documents(runs, start), "undefined-variable")[0]?.message).to.include("STOCK_URL");
  });

  it("is content with what is given, escaped, set or defaulted in the script, or a command of the shell", () => {
    const contents = [
      ["env: [{name: A, value: x}]", 'args: ["$(A)", "$$(B)"]'],
      ["command: [bash, -ecx, 'exec app --host $(hostname -f) --date $(date)']"],
      [`command: [sh, -c, 'A_URL=x; export B_URL=y; app $A_URL \${B_URL} \${C_URL:-z}']`],
      ["command: [sh, -c, 'for HOST in a b; do ping $HOST; done; read TOKEN; echo $TOKEN $HOME']"],
      ["command: [sh, -c, 'curl $WEB_SERVICE_HOST:$WEB_SERVICE_PORT']"],
      ["envFrom: [{secretRef: {name: elsewhere}}]", 'args: ["$(TOKEN)"]'],
    ];
    for (const container of contents) expect(found(...container), container.join()).to.deep.equal([]);
  });
});

describe("rule duplicate-variable", () => {
  it("finds a variable that is given twice, at the second place", () => {
    const twice = deploymentText({
      container: ["env: [{name: A, value: x}, {name: B}, {name: A, value: y}]"],
    });
    expect(findingsIn(twice, "duplicate-variable")).to.have.length(1);
    const once = deploymentText({ container: ["env: [{name: A}, {name: B}]"] });
    expect(findingsIn(once, "duplicate-variable")).to.deep.equal([]);
  });
});
