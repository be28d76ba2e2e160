import { describe, expect, test } from "vitest";
import { isFailure } from "../../src/model/failure.ts";
import { exitCodeOf } from "../../src/model/exit-code.ts";
import type { Cluster, ClusterAccess } from "../../src/ports.ts";
import { Failure } from "../../src/model/failure.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { engine } from "./engine.ts";
import { resultLines, startRuns } from "./runs.ts";

const config = (name: string, value = "1"): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data: {k: "${value}"}
`;
const never = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: never}
spec:
  selector: {matchLabels: {app: never}}
  template:
    metadata: {labels: {app: never, kwok.test/outcome: never-ready}}
    spec: {containers: [{name: web, image: "a:1"}]}
`;

/** A cluster of which some calls do something first. */
function before(access: ClusterAccess, calls: Partial<Pick<Cluster, "apply" | "read">>): ClusterAccess {
  const { cluster } = access;
  return {
    ...access,
    cluster: {
      ...cluster,
      get requests() {
        return cluster.requests;
      },
      ...calls,
    },
  };
}

async function holder(namespace: string): Promise<string> {
  return kubectl(["-n", namespace, "get", "lease", "plumbline.test.app", "-o", "jsonpath={.spec.holderIdentity}"]);
}

type Moment = "a dry-run" | "a write" | "the wait for health";

/** Aborts when an apply comes to that moment. */
function abortAt(moment: Moment, access: ClusterAccess, abort: () => void): ClusterAccess {
  const { cluster } = access;
  let isWritten = false;
  return before(access, {
    apply: async (address, object, options, signal) => {
      if (moment === (options.dryRun ? "a dry-run" : "a write")) abort();
      const answer = await cluster.apply(address, object, options, signal);
      isWritten ||= !options.dryRun && address.kind.kind === "Deployment";
      return answer;
    },
    read: (address, signal) => {
      if (moment === "the wait for health" && isWritten) abort();
      return cluster.read(address, signal);
    },
  });
}

describe("an apply that is cancelled during", () => {
  test.each<Moment>(["a dry-run", "a write", "the wait for health"])("%s gives the lock back", async (moment) => {
    const namespace = await freshNamespace();
    const cancel = new AbortController();
    const { apply } = await engine({ namespace, around: (access) => abortAt(moment, access, () => cancel.abort()) });
    const error: unknown = await apply(config("a") + never, { signal: cancel.signal }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isFailure(error) && error.code).toBe("interrupted");
    expect(await holder(namespace)).toBe("");
  });

  test("the wait for a lock leaves the lock to its holder", async () => {
    const namespace = await freshNamespace();
    const { access, apply } = await engine({ namespace });
    const target = { environment: "test", app: "app" };
    const request = { holder: "somebody", link: "", waitMilliseconds: 0 };
    await using lock = await access.locks.acquire(target, request, new AbortController().signal);
    const cancel = AbortSignal.timeout(300);
    const error: unknown = await apply(config("a"), { signal: cancel, patience: 20_000 }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isFailure(error) && error.code).toBe("interrupted");
    expect(lock.lost.aborted).toBe(false);
    expect(await holder(namespace)).toBe("somebody");
  });
});

test("a run that is interrupted between two targets ends with 130 and begins no other", async () => {
  const namespace = await freshNamespace();
  const cancel = new AbortController();
  const { access } = await engine({ namespace });
  const late: ClusterAccess = {
    ...access,
    inventories: {
      read: (target, signal) => access.inventories.read(target, signal),
      write: async (target, inventory, signal) => {
        await access.inventories.write(target, inventory, signal);
        if (inventory.applied !== undefined) cancel.abort();
      },
    },
  };
  const runs = await startRuns(
    late,
    `
    version: 1
    defaults: {namespace: ${namespace}}
    environments: {test: {}}
    apps: {app: {path: app}, other: {path: other}}
    system: {namespace: ${namespace}}
  `,
  );
  const head = await runs.commit(config("a"), { "other/b.yaml": config("b") });
  const report = await runs.apply(head, { signal: cancel.signal });
  expect(resultLines(report)).toEqual(["app: applied", "other: failed"]);
  expect(exitCodeOf(report, "changes")).toBe(130);
  expect(await kubectl(["-n", namespace, "get", "cm", "b", "--ignore-not-found", "-o", "name"])).toBe("");
});

test("a lock that is lost ends the apply as such, not as an interruption, and nothing more is written", async () => {
  const namespace = await freshNamespace();
  const { apply } = await engine({
    namespace,
    around: (access) => {
      const lost = new AbortController();
      const theft = new Failure("lock-lost", "test/app: the lock was lost, another run took it", {
        remedy: "run it again",
      });
      const { cluster, locks } = access;
      return {
        ...before(access, {
          apply: (address, object, options, signal) => {
            if (options.dryRun) lost.abort(theft);
            return cluster.apply(address, object, options, signal);
          },
        }),
        locks: {
          acquire: async (target, request, signal) => {
            const lock = await locks.acquire(target, request, signal);
            return { lost: lost.signal, [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]() };
          },
        },
      };
    },
  });
  const error: unknown = await apply(config("a")).catch((thrown: unknown) => thrown);
  expect(isFailure(error) && error.code).toBe("lock-lost");
  expect(await kubectl(["-n", namespace, "get", "cm", "a", "--ignore-not-found", "-o", "name"])).toBe("");
});

test("a connection that is lost during a wave ends the writing before the lock is given back", async () => {
  const namespace = await freshNamespace();
  const afterwards: string[] = [];
  let released = false;
  const { apply } = await engine({
    namespace,
    around: (access) => {
      const { cluster, locks } = access;
      return {
        ...before(access, {
          apply: async (address, object, options, signal) => {
            if (options.dryRun) return cluster.apply(address, object, options, signal);
            if (released) afterwards.push(address.name);
            if (address.name === "c00")
              throw new Failure("cluster-unreachable", "connection lost", { remedy: "try again" });
            return cluster.apply(address, object, options, signal);
          },
        }),
        locks: {
          acquire: async (target, request, signal) => {
            const lock = await locks.acquire(target, request, signal);
            const release = async (): Promise<void> => {
              released = true;
              await lock[Symbol.asyncDispose]();
            };
            return { lost: lock.lost, [Symbol.asyncDispose]: release };
          },
        },
      };
    },
  });
  const many = Array.from({ length: 80 }, (_, index) => config(`c${String(index).padStart(2, "0")}`)).join("");
  const error: unknown = await apply(many).catch((thrown: unknown) => thrown);
  expect(isFailure(error) && error.code).toBe("cluster-unreachable");
  // Time enough for what would still go on behind the caller's back.
  await kubectl(["-n", namespace, "get", "configmaps"]);
  expect(afterwards).toEqual([]);
});
