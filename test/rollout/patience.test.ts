import { describe, expect, test } from "vitest";
import type { Drift } from "../../src/model/change.ts";
import { judge, type Patience, type Sightings } from "../../src/rollout/patience.ts";

const PATIENT: Patience = { afterMilliseconds: 3_600_000, sightings: 2, extra: "report" };

function drift(more: Partial<Drift> = {}): Drift {
  const ref = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  return {
    ref,
    class: "changed",
    path: "spec.replicas",
    git: 3,
    live: 5,
    onMerge: "reverted",
    security: false,
    ...more,
  };
}

/** `at 10:00 waiting, at 11:00 counts`: what a difference is worth in run after run. */
function told(runs: readonly (readonly [time: string, found: Drift])[], patience = PATIENT): string {
  let seen: Sightings = {};
  return runs
    .map(([time, found]) => {
      const { counts, waiting, listed, sightings } = judge([found], patience, seen, new Date(`2026-11-20T${time}:00Z`));
      seen = sightings;
      return `at ${time} ${counts.length > 0 ? "counts" : waiting.length > 0 ? "waiting" : `listed ${listed.length}`}`;
    })
    .join(", ");
}

describe("a difference counts", () => {
  test("when it is old enough and was seen often enough", () => {
    expect(
      told([
        ["10:00", drift()],
        ["10:30", drift()],
        ["11:00", drift()],
      ]),
    ).toBe("at 10:00 waiting, at 10:30 waiting, at 11:00 counts");
  });

  test("also when its value is another one at every run", () => {
    expect(
      told([
        ["10:00", drift({ live: 5 })],
        ["11:00", drift({ live: 6 })],
      ]),
    ).toBe("at 10:00 waiting, at 11:00 counts");
  });

  test("by the time of its author, where that is known", () => {
    const by = { manager: "kubectl-edit", operation: "Update", time: "2026-11-20T08:00:00Z" };
    expect(
      told([
        ["10:00", drift({ by })],
        ["10:05", drift({ by })],
      ]),
    ).toBe("at 10:00 waiting, at 10:05 counts");
  });

  test("at first sight with `after: 0s, sightings: 1`", () => {
    expect(told([["10:00", drift()]], { ...PATIENT, afterMilliseconds: 0, sightings: 1 })).toBe("at 10:00 counts");
  });

  test("at first sight when it touches security", () => {
    expect(told([["10:00", drift({ security: true })]])).toBe("at 10:00 counts");
  });
});

test("a field that Git does not declare is only listed, unless `extra` says otherwise or it touches security", () => {
  const extra = drift({ class: "extra" });
  expect(
    told([
      ["10:00", extra],
      ["12:00", extra],
    ]),
  ).toBe("at 10:00 listed 1, at 12:00 listed 1");
  expect(
    told(
      [
        ["10:00", extra],
        ["12:00", extra],
      ],
      { ...PATIENT, extra: "issue" },
    ),
  ).toBe("at 10:00 waiting, at 12:00 counts");
  expect(told([["10:00", drift({ class: "extra", security: true })]])).toBe("at 10:00 counts");
});
