import { describe, expect, test } from "vitest";
import type { ClusterAccess } from "../../src/ports.ts";
import { kubectl } from "../cluster/cluster.ts";
import { wait } from "../cluster/wait.ts";
import { dedent } from "../support/yml.ts";
import { changeLines, engine, problemCodes } from "./engine.ts";
import { freshKind } from "./fresh-kind.ts";
import { resultLines, startRuns } from "./runs.ts";

const COLOR = "color: {type: string}";
const GROWN = `${COLOR}, size: {type: integer}`;

describe("an object that uses what its definition gets with the same change", () => {
  test("is not refused for the old schema: it is checked against the new one, and applied", async () => {
    const { namespace, name, definition, object: widget } = await freshKind();
    const { plan, apply } = await engine({ namespace });
    const before = definition(COLOR) + widget("{color: red}");
    await apply(before);
    const after = definition(GROWN) + widget("{color: red, size: 3}");
    const { report } = await plan(after, { base: before });
    expect(report.result).toBe("changes");
    expect(changeLines(report)).toContain(`update Kind${name} w (offline): pull-request spec.size - -> 3`);
    expect(problemCodes(report)).toEqual(["caution definition-changes"]);
    expect((await apply(after, { base: before })).result).toBe("applied");
    expect((await plan(after, { base: after, exact: true })).report.result).toBe("no-changes");
  });

  test("is refused for what the new schema does not have either, once", async () => {
    const { namespace, definition, object: widget } = await freshKind();
    const { plan, apply } = await engine({ namespace });
    const before = definition(COLOR) + widget("{color: red}");
    await apply(before);
    const after = definition(GROWN) + widget("{color: red, sise: 3}");
    const { report } = await plan(after, { base: before });
    expect(problemCodes(report).filter((code) => code.startsWith("blocker"))).toEqual(["blocker unknown-field"]);
  });

  test("is refused as ever when the definition stays as it is", async () => {
    const { namespace, definition, object: widget } = await freshKind();
    const { plan, apply } = await engine({ namespace });
    const before = definition(COLOR) + widget("{color: red}");
    await apply(before);
    const after = definition(COLOR) + widget("{color: red, size: 3}");
    expect(problemCodes((await plan(after, { base: before })).report)).toEqual(["blocker unknown-field"]);
  });

  test("is planned and applied also where another app brings the definition", async () => {
    const { namespace, definition, object: widget } = await freshKind();
    const { access } = await engine({ namespace });
    const runs = await startRuns(
      access,
      `
        version: 1
        defaults: {namespace: ${namespace}, timeout: 20s}
        environments: {test: {}}
        apps: {app: {path: app}, user: {path: user}}
        system: {namespace: ${namespace}}
      `,
    );
    const before = await runs.commit(definition(COLOR), { "user/u.yaml": dedent(widget("{color: red}")) });
    expect(resultLines(await runs.apply(before))).toEqual(["app: applied", "user: applied"]);
    const grown = { "user/u.yaml": dedent(widget("{color: red, size: 3}")) };
    const after = await runs.commit(definition(GROWN), grown);
    expect(resultLines(await runs.plan(before, after))).toEqual(["app: changes", "user: changes"]);
    expect(resultLines(await runs.apply(after))).toEqual(["app: applied", "user: applied"]);
  });
});

test("an apply that failed half way proves nothing: what it did not write is asked again", async () => {
  const { namespace, name, crd, definition, object: widget } = await freshKind();
  const list = (type: string): string =>
    `list: {type: array, ${type}, items: {type: object, required: [name], properties: {name: {type: string}}}}`;
  const define = (type: string): Promise<string> => kubectl(["apply", "-f", "-"], { input: definition(list(type)) });
  await define("x-kubernetes-list-type: atomic");
  await kubectl(["wait", "--for=condition=Established", "crd", crd]);
  const object = widget("{list: [{name: a}]}");
  const { plan, apply } = await engine({ namespace });
  await apply(object);
  await define("x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name]");
  const told = async (exact: boolean): Promise<readonly string[]> =>
    changeLines((await plan(object, { base: object, exact })).report);
  const isNew = async (): Promise<boolean> => (await told(true)).length > 0;
  await wait({ what: "the new schema in use", within: 20_000, of: [], until: isNew });
  const failing = await engine({ namespace, around: withoutConfigMaps });
  const early = "\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: early}}";
  expect((await failing.apply(object + early, { wait: false })).result).toBe("failed");
  expect(await told(false)).toEqual([`ownership Kind${name} w`]);
});

/** Every real write of a ConfigMap of the target is refused. */
function withoutConfigMaps(access: ClusterAccess): ClusterAccess {
  const refusal = { httpStatus: 409, reason: "Conflict", message: "not now", causes: [] };
  return {
    ...access,
    cluster: {
      ...access.cluster,
      get requests() {
        return access.cluster.requests;
      },
      apply: (address, object, options, signal) =>
        address.kind.kind === "ConfigMap" && !options.dryRun
          ? Promise.resolve({ kind: "refused", refusal })
          : access.cluster.apply(address, object, options, signal),
    },
  };
}
