import * as fc from "fast-check";
import { expect, test } from "vitest";
import { code, fence, fold, htmlCode, inline, prose } from "../../src/report/markdown.ts";
import { visible, visibleLines } from "../../src/report/visible.ts";
import { hostileText } from "./hostile-text.ts";
import { kindsOf, nodesOf, readingOf } from "./reading.ts";

// What GitHub looks for in the text it has rendered, outside of code.
const MENTION = /(?:^|[^\w`])@\w/;
const REFERENCE = /#\d|\bGH-\d|\w:\/\/|\bwww\.|\w@\w/i;

test("names keep their shape, markup loses its meaning", () => {
  expect(inline("field spec.replicas of shop/web")).toBe("field spec.replicas of shop/web");
  expect(inline("<b>*x*</b> [a](b)")).toBe("\\<b\\>\\*x\\*\\</b\\> \\[a\\]\\(b\\)");
});

test("text in a line of prose is only text", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const markdown = inline(text);
      expect(kindsOf(markdown).filter((kind) => !["document", "paragraph", "text"].includes(kind))).toEqual([]);
      expect(readingOf(markdown)).toBe(visible(text.replace(/\s+/g, " ").trim()).trim());
    }),
  );
});

test("no text in a line of prose mentions, refers or links", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const seen = nodesOf(inline(text))
        .map(({ literal }) => literal ?? "")
        .join("");
      expect(seen).not.toMatch(MENTION);
      expect(seen).not.toMatch(REFERENCE);
    }),
  );
});

test("an entity in the text of others is not decoded into a mention", () => {
  expect(readingOf(inline("&#64;user &commat;user"))).toBe("&#64;user &commat;user");
});

test("a code span holds the text and nothing else", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const markdown = `a ${code(text)} b`;
      const kinds = kindsOf(markdown);
      expect(kinds.filter((kind) => !["document", "paragraph", "text", "code", "html_inline"].includes(kind))).toEqual(
        [],
      );
      const inside = nodesOf(markdown)
        .filter(({ type }) => type !== "html_inline")
        .map(({ literal }) => literal ?? "")
        .join("");
      expect(inside.replaceAll("\u200b", "")).toBe(`a ${visible(text)} b`);
    }),
  );
});

test("the only tags in a code span are our own", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const tags = nodesOf(`a ${code(text)} b`).filter(({ type }) => type === "html_inline");
      expect(tags.map(({ literal }) => literal)).toEqual(tags.length === 0 ? [] : ["<code>", "</code>"]);
    }),
  );
});

test("a code span never ends a table cell", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(code(text)).not.toContain("|");
    }),
  );
});

test("code inside a summary is one block of HTML without any tag of others", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const blocks = nodesOf(fold(htmlCode(text), "body")).filter(({ type }) => type === "html_block");
      const tags = blocks.map(({ literal }) => (literal ?? "").match(/<[^>]*>/g));
      expect(tags).toEqual([["<details>", "<summary>", "<code>", "</code>", "</summary>"], ["</details>"]]);
    }),
  );
});

test("our own backticks in a sentence are code, those of others cannot break out", () => {
  expect(prose("raise `timeout` of <b>")).toBe("raise `timeout` of \\<b\\>");
  fc.assert(
    fc.property(hostileText, (text) => {
      const kinds = kindsOf(prose(text));
      expect(kinds.filter((kind) => !["document", "paragraph", "text", "code", "html_inline"].includes(kind))).toEqual(
        [],
      );
    }),
  );
});

test("a fence holds every line and ends where it should", () => {
  fc.assert(
    fc.property(fc.array(hostileText, { minLength: 1 }), (lines) => {
      const [block, ...others] = nodesOf(`${fence("diff", lines)}\n\nafter`).filter(({ type }) => type !== "document");
      expect([block?.type, block?.literal]).toEqual(["code_block", `${visibleLines(lines.join("\n"))}\n`]);
      expect(others.map(({ type }) => type)).toEqual(["paragraph", "text"]);
    }),
  );
});

test("unseen characters are spelled out, an emoji stays one", () => {
  expect(visible("a\u202eb\u200bc\u0000d\n\u{e0041}")).toBe("a\\u202Eb\\u200Bc\\u0000d\\n\\u{E0041}");
  expect(visible("👩‍💻 ⚠️")).toBe("👩‍💻 ⚠️");
});
