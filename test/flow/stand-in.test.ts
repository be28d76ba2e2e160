import fc from "fast-check";
import { expect, test } from "vitest";
import { standInName } from "../../src/flow/stand-in.ts";

const refOf = (name: string) => ({ group: "apps", kind: "Deployment", namespace: "shop", name });

/** A name with its letters and digits made alike. */
function shapeOf(name: string): string {
  return name.replaceAll(/[a-z]/g, "a").replaceAll(/[A-Z]/g, "A").replaceAll(/\d/g, "0");
}

test("a stand-in's name has the shape of the name it stands for, so that both are valid or neither is", () => {
  const name = fc.string({ unit: fc.constantFrom(..."abyzAZ019-._:".split("")), minLength: 12, maxLength: 300 });
  fc.assert(
    fc.property(name, (given) => {
      expect(shapeOf(standInName(refOf(given)))).toBe(shapeOf(given));
    }),
  );
});

test("a short name becomes one that nobody has, and begins and ends as it did", () => {
  const name = fc.string({ unit: fc.constantFrom(..."ab09-.".split("")), minLength: 2, maxLength: 11 });
  fc.assert(
    fc.property(name, (given) => {
      const standIn = standInName(refOf(given));
      expect(standIn).toHaveLength(12);
      expect(shapeOf(standIn).at(0)).toBe(shapeOf(given).at(0));
      expect(shapeOf(standIn).at(-1)).toBe(shapeOf(given).at(-1));
    }),
  );
});

test("the same object always has the same stand-in, and another one another", () => {
  expect(standInName(refOf("web"))).toBe(standInName(refOf("web")));
  expect(standInName(refOf("web"))).not.toBe(standInName({ ...refOf("web"), namespace: "other" }));
  expect(standInName(refOf("frontend-service"))).not.toBe("frontend-service");
});
