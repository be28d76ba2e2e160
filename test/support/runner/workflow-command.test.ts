import { expect, test } from "vitest";
import { parseFileCommands } from "./file-command.ts";
import { parseWorkflowCommands } from "./workflow-command.ts";

const told = (stdout: string): string[] =>
  parseWorkflowCommands(stdout).map(({ command, message }) => `${command}: ${message}`);

test("a command is obeyed at the start of a line, after white space, and nowhere else", () => {
  expect(told("::error file=a.yaml,line=3::broken%0Ahere\n  ::add-mask::secret\ntext ::error::no")).toEqual([
    "error: broken\nhere",
    "add-mask: secret",
  ]);
});

test("a command of the old grammar is obeyed anywhere in a line", () => {
  expect(told("data: ##[add-mask]x")).toEqual(["add-mask: x"]);
});

test("nothing is obeyed between stop-commands and its token", () => {
  expect(told("::stop-commands::abc\n::error::x\n::abc::\n::warning::y")).toEqual(["stop-commands: abc", "warning: y"]);
});

test("outputs are read from lines and from blocks", () => {
  expect(parseFileCommands("a=1\nb<<EOF_1\ntwo\nlines=x\nEOF_1\nc=3\n")).toEqual({ a: "1", b: "two\nlines=x", c: "3" });
  expect(() => parseFileCommands("b<<EOF_1\ntwo\n")).toThrow("the block of b never ends");
});
