import { readFileSync } from "node:fs";

import { nameOf, numbered } from "./kubectl.ts";

/** Scalars as people write them and as nobody should, one per line. */
export const SCALARS = readText("scalars.txt").split("\n");

/** Bodies of objects, for everything that is not a scalar. */
export const BODIES = readText("documents.txt").split("\n=====\n");

function readText(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8").slice(0, -1);
}

type FileOf = (index: number) => string;

const yaml = (suffix: string, body = ""): FileOf => {
  return (index) => numbered(index, body).replace(nameOf(index), `${nameOf(index)}-${suffix}`);
};
const json = (suffix: string, members = ""): FileOf => {
  return (index) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${nameOf(index)}-${suffix}"}${members}}`;
};
const file = (...parts: readonly (string | FileOf)[]): FileOf => {
  return (index) => parts.map((part) => (typeof part === "string" ? part : part(index))).join("");
};
const indented = (by: string, part: FileOf): FileOf => {
  return (index) => part(index).trimEnd().replaceAll("\n", `\n${by}`);
};
const withMetadata = (line: string): FileOf => {
  return (index) => numbered(index, "").replace("metadata:", `metadata:\n  ${line}`);
};
const [a, b, c] = [yaml("a"), yaml("b"), yaml("c")];

/** Whole files: separators, marks, encodings, streams, lists, metadata. */
export const FILES: readonly FileOf[] = [
  file(a, "---\n", b),
  file("---\n", a, "---\n---\n# nothing\n---\nnull\n---\n", b, "---\n"),
  file("\uFEFF", a),
  file("\uFEFF---\n", a, "---\n\uFEFF", b),
  file(a, "--- # note\n", b, "---   \n", c),
  file(a, "...\n", b),
  file(a, "...\n---\n", b),
  file(a, "... # note\n"),
  yaml("a", "data:\n  x: |\n    a\n---\n    b"),
  yaml("a", "data:\n  x: |\n    a\n    ---\n    b"),
  file(json("a")),
  file(json("a"), json("b")),
  file(json("a"), "\n", json("b"), "\n\n"),
  file(json("a"), "\n---\n", json("b")),
  file(json("a"), "\n---\n", b),
  file(json("a"), json("b"), "\n---\n", c),
  file("# note\n", json("a")),
  file("\t", json("a")),
  file(
    json("a", ',"x":9223372036854775807,"y":9007199254740993,"z":9223372036854775808,"f":1.0,"g":1e3,"h":-0,"i":-5'),
  ),
  file(json("a", ',"k":[1,-1.5e-7,[],{}],"l":"\\ud83d\\ude00\\/\\ud800\\u0041\\n","m":null,"n":true,"o":false')),
  file(json("a", ',"x":1,"x":2')),
  file(json("a", ',"x":"\u2028\u007F"')),
  file(json("a", ",")),
  file(json("a", ',"x":01')),
  file(json("a", ',"x":1e400')),
  file((index) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${nameOf(index)}}}`),
  file((index) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${nameOf(index)}}}\n---\n`, b),
  file("apiVersion: v1\nkind: List\nitems:\n- ", indented("  ", a), "\n- ", indented("  ", b), "\n"),
  file('{"apiVersion":"v1","kind":"List","items":[', json("a"), ",", json("b"), "]}"),
  (index) => `apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: ${nameOf(index)}-a}\n`,
  (index) => `apiVersion: v1\nkind: List\nitems:\n- metadata: {name: ${nameOf(index)}-a}\n`,
  file("apiVersion: v1\nkind: List\nitems: null\n"),
  file("apiVersion: v1\nkind: List\nitems: []\n"),
  file("apiVersion: v1\nkind: List\nitems: {}\n"),
  file("[1, 2]\n"),
  file("text\n"),
  file("- a: b\n"),
  file(""),
  file("\n\n"),
  file("---\n"),
  file("...\n"),
  (index) => `apiVersion: v1\nmetadata: {name: ${nameOf(index)}}\n`,
  withMetadata("labels: {a: 1}"),
  withMetadata("labels: {a: null}"),
  withMetadata("labels: [a]"),
  withMetadata("labels: text"),
  withMetadata("labels:"),
  withMetadata("annotations: {a: true}"),
  withMetadata("namespace: 5"),
  withMetadata("namespace: null"),
  withMetadata("generateName: 5"),
  withMetadata("creationTimestamp: null"),
  (index) => numbered(index, "").replace("kind: ConfigMap", "kind: 5"),
  (index) => numbered(index, "").replace("apiVersion: v1", "apiVersion: 1"),
  (index) => file(a, "---\n", b)(index).replaceAll("\n", "\r\n"),
  (index) => numbered(index, "x: |\n  1\n  2").replaceAll("\n", "\r"),
  yaml("a", "x: a\u007Fb"),
  yaml("a", "x: a\u0000b"),
  yaml("a", "x: a\uFEFFb"),
  yaml("a", "\uFEFFx: b"),
  yaml("a", "x: \u200B\u202E"),
  yaml("a", "x:\n  constructor: 1\n  toString: 2\n  hasOwnProperty: 3"),
  (index) => `  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: ${nameOf(index)}}\n`,
  file("   \n", a),
  file(yaml("a", "base: &b {q: 1}"), "---\n", yaml("b", "x: *b")),
  yaml("a", `x: ${"k".repeat(2000)}`),
  yaml("a", `${"k".repeat(1024)}: x`),
  yaml("a", `${"k".repeat(1025)}: x`),
  yaml("a", "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, {d: *a}]"),
];

/** Where kubectl reads on, and in doing so drops or changes in silence what the file says, we refuse. */
export const REFUSED: readonly (readonly [string, FileOf])[] = [
  ["a directive, behind which kubectl reads nothing", yaml("a", "%YAML 1.1\nx: y")],
  ["a line separator, which ends a comment for kubectl only", yaml("a", "# note \u2028x: y")],
  [
    "a second value on the level of the document",
    (index) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${nameOf(index)}}}\n{a: b}\n`,
  ],
  ["a value that cannot be, under a key that comes again", yaml("a", "x: {null: a}\nx: y")],
  ["the key __proto__", yaml("a", "__proto__: {polluted: true}")],
];
