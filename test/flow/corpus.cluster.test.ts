import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { changeLines, driftLines, engine, rendered } from "./engine.ts";

async function corpus(namespace: string): Promise<string> {
  const texts = ["cluster.yaml", "team.yaml"].map((file) =>
    readFile(join(import.meta.dirname, "corpus", file), "utf8"),
  );
  return (await Promise.all(texts)).join("\n---\n").replaceAll("NAME", namespace);
}

describe("objects of more than 35 kinds", () => {
  test("are planned, applied, and then neither changed nor drifted, also after somebody scales", async () => {
    const namespace = await freshNamespace();
    const { plan, apply, drift } = await engine({ namespace });
    const text = await corpus(namespace);
    const kinds = new Set(rendered(text).objects.map(({ object }) => `${object.apiVersion}/${object.kind}`));
    expect(kinds.size).toBeGreaterThanOrEqual(35);
    try {
      const first = await plan(text, { base: "" });
      expect(first.report.problems.filter(({ level }) => level !== "caution")).toEqual([]);
      const applied = await apply(text, { timeoutMilliseconds: 60_000 });
      expect(applied.problems.filter(({ level }) => level !== "caution")).toEqual([]);
      expect(applied.result).toBe("applied");

      const again = (await plan(text, { base: text })).report;
      expect(changeLines(again)).toEqual([]);
      expect(again.result).toBe("no-changes");
      expect(driftLines(await drift(text))).toEqual([]);

      await kubectl(["-n", namespace, "scale", "deployment", "web", "--replicas=3"]);
      await kubectl(["-n", namespace, "rollout", "status", "deployment", "web", "--timeout=30s"]);
      const scaled = (await plan(text, { base: text })).report;
      expect(changeLines(scaled)).toEqual([]);
      expect(driftLines(scaled)).toEqual([]);
      expect((await apply(text)).result).toBe("no-changes");
      const replicas = ["-n", namespace, "get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"];
      expect(await kubectl(replicas)).toBe("3");
    } finally {
      // Cluster-scoped objects do not go with the namespace.
      await kubectl(["delete", "--ignore-not-found", "--wait=false", "-f", "-"], { input: text });
    }
  });
});
