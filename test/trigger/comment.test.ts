import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatComment, parseComment, VERBS } from "../../src/trigger/comment.ts";

describe("a command", () => {
  test.each([
    ["/plumb plan", { kind: "known", verb: "plan", args: [] }],
    ["/plumb apply sha256:abc\r\n\r\nas discussed", { kind: "known", verb: "apply", args: ["sha256:abc"] }],
    [
      "/plumb plan production/web staging/*  \nthanks",
      { kind: "known", verb: "plan", args: ["production/web", "staging/*"] },
    ],
    ["/plumb aply", { kind: "unknown", word: "aply" }],
    ["/plumb Plan", { kind: "unknown", word: "Plan" }],
    ["/plumb", { kind: "unknown", word: "" }],
  ])("%j", (body, command) => {
    expect(parseComment(body)).toEqual(command);
  });
});

describe("talk", () => {
  test.each([
    [""],
    ["please /plumb apply"],
    [" /plumb apply"],
    ["\t/plumb apply"],
    ["\n/plumb apply"],
    ["> /plumb apply"],
    ["```\n/plumb apply\n```"],
    ["`/plumb apply`"],
    ["<!-- x -->\n/plumb apply"],
    ["<!-- /plumb apply -->"],
    ["-- \n/plumb apply"],
    ["/plumb  apply"],
    ["/plumb\tapply"],
    ["/plumbapply"],
    ["/Plumb apply"],
    ["/plumb\u00A0apply"],
    ["\u200B/plumb apply"],
    ["\uFEFF/plumb apply"],
    ["/pl\u200Bumb apply"],
    ["/plumb \u200Bapply"],
    ["/plumb аpply"],
    ["∕plumb apply"],
    ["/plumb apply\u2028now"],
    ["/plumb apply \u0000"],
    [`/plumb apply ${"x".repeat(600)}`],
    ["/apply"],
  ])("%j", (body) => {
    expect(parseComment(body)).toBeUndefined();
  });
});

describe("the grammar", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abcXYZ019:/*-_.<>&`".split("")), minLength: 1, maxLength: 12 });

  test("reads every canonical line", () => {
    fc.assert(
      fc.property(fc.constantFrom(...VERBS), fc.array(word, { maxLength: 5 }), (verb, args) => {
        const command = { kind: "known", verb, args } as const;
        expect(parseComment(`${formatComment(command)}\nmore`)).toEqual(command);
      }),
    );
  });

  test("reads nothing else: a line with anything put into it is another command, written in one way, or none", () => {
    const scrap = fc.constantFrom(
      " ",
      "  ",
      "\t",
      "\n",
      "\r",
      ">",
      "\u200B",
      "\u00A0",
      "а",
      "x",
      "```",
      "<!--",
      "/plumb ",
    );
    fc.assert(
      fc.property(fc.constantFrom(...VERBS), word, scrap, fc.nat({ max: 30 }), (verb, arg, inserted, position) => {
        const line = `/plumb ${verb} ${arg}`;
        const body = line.slice(0, position) + inserted + line.slice(position);
        const command = parseComment(body);
        if (command?.kind !== "known") return;
        expect(/^[^\r\n]*/.exec(body)?.[0].replace(/[ \t]+$/, "")).toBe(formatComment(command));
      }),
      { numRuns: 3000 },
    );
  });
});
