import fc from "fast-check";
import { expect, test } from "vitest";
import { attributedFields, driftOf, type Sides } from "../../src/diff/attribute.ts";
import { formatPath } from "../../src/model/path.ts";
import type { Json } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";

// One field in three states: what base wants, what head wants, what is live. The server of these tests does exactly what it is
// asked: a declared field has the declared value, a field that Git stops declaring goes, any other is left as it is.
type State = number | undefined;
interface Field {
  readonly base: State;
  readonly head: State;
  readonly live: State;
}

const state = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
const field = fc.record<Field>({ base: state, head: state, live: state });
const fields = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), field);

type Shape = (values: Readonly<Record<string, State>>) => Readonly<Record<string, Json>>;
const SHAPES: Readonly<Record<string, { readonly shape: Shape; readonly path: (name: string) => string }>> = {
  map: { shape: (values) => defined(values), path: (name) => `data.${name}` },
  "keyed list": {
    shape: (values) => ({
      items: Object.entries(defined(values)).map(([name, value]) => ({ name, value })),
      // A list with nothing in it is no list of named items.
    }),
    path: (name) => `data.items[name=${name}]`,
  },
};

function defined(values: Readonly<Record<string, State>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

function sidesOf(all: Readonly<Record<string, Field>>, shape: Shape): Sides {
  const object = (pick: (one: Field) => State): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c", namespace: "shop" },
    data: shape(Object.fromEntries(Object.entries(all).map(([name, one]) => [name, pick(one)]))),
  });
  const predictedBase = ({ base, live }: Field): State => base ?? live;
  const predictedHead = ({ base, head, live }: Field): State => head ?? (base === undefined ? live : undefined);
  return {
    base: object(({ base }) => base),
    head: object(({ head }) => head),
    live: object(({ live }) => live),
    predictedBase: object(predictedBase),
    predictedHead: object(predictedHead),
  };
}

/** What a person would say of one field. */
function expectedOrigin({ base, head, live }: Field): string | undefined {
  const after = head ?? (base === undefined ? live : undefined);
  if (after === live) return undefined;
  return base === head ? "drift" : "pull-request";
}

test.each(Object.keys(SHAPES))("each field of a %s is told with who made it differ, and no other is told", (name) => {
  const { shape, path } = SHAPES[name] ?? { shape: defined, path: String };
  fc.assert(
    fc.property(fields, (all) => {
      const told = attributedFields(sidesOf(all, shape)).map(
        (one) => [formatPath(one.path).replace(/\.value$/, ""), one.from] as const,
      );
      const expected = Object.entries(all).flatMap(([key, one]) => {
        const origin = expectedOrigin(one);
        return origin === undefined ? [] : [[path(key), origin] as const];
      });
      expect(new Map(told)).toEqual(new Map(expected));
    }),
  );
});

test.each(Object.keys(SHAPES))(
  "drift of a %s is what base wants and is not there, reverted unless head wants what is live",
  (name) => {
    const { shape, path } = SHAPES[name] ?? { shape: defined, path: String };
    fc.assert(
      fc.property(fields, (all) => {
        const told = driftOf(sidesOf(all, shape)).map(
          (one) => [one.path.replace(/\.value$/, ""), one.onMerge] as const,
        );
        const expected = Object.entries(all).flatMap(([key, one]) => {
          if (one.base === undefined || one.base === one.live) return [];
          return [[path(key), one.head === one.live ? "kept" : "reverted"] as const];
        });
        expect(new Map(told)).toEqual(new Map(expected));
      }),
    );
  },
);
