import { describe, expect, test } from "vitest";

import { parseManifests } from "../../src/manifest/parse.ts";
import { showData, showFile } from "./shown.ts";

const A = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
const B = A.replace("name: a", "name: b");
const a = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}';
const b = a.replace('"a"', '"b"');

describe("values", () => {
  test.each([
    [
      "data: {a: y, b: NO, c: 0777, d: 1_000, e: 22:30, f: 2001-12-14}",
      '{"a":true,"b":false,"c":511,"d":1000,"e":"22:30","f":"2001-12-14"}',
    ],
    [
      "data: [9007199254740993, 9223372036854775808, 1e18]",
      "[9007199254740993,9223372036854776000,1000000000000000000]",
    ],
    ["data: {yes: 1, 0x1F: 2, 1.0: 3}", '{"1":3,"31":2,"true":1}'],
    ["base: &b {q: 1, r: 2}\ndata:\n  q: 3\n  <<: *b\n  r: 4", '{"q":1,"r":4}'],
    ["data:\n  run: [\n    one,\n  ]", '{"run":["one"]}'],
    ["data:\n  text: 'one\n\ntwo'", '{"text":"one\\ntwo"}'],
    ["data: |\n  --- [[[ {{{\n  # text\n", '"--- [[[ {{{\\n# text\\n"'],
    ["data: {z: 1, a: 2, m: 3}", '{"z":1,"a":2,"m":3}'],
  ])("%s", (body, data) => {
    expect(showData(body)).toBe(data);
  });

  test("an integer beyond 2^53 keeps every digit", () => {
    const [first] = parseManifests(`${A}data: 9007199254740993`, "web.yaml").objects;
    expect(first?.object["data"]).toBe(9007199254740993n);
  });

  test("what an alias stands for is a value of its own", () => {
    const [first] = parseManifests(`${A}x: &x {k: [1]}\nz: *x`, "web.yaml").objects;
    expect(first?.object["z"]).toEqual({ k: [1] });
    expect(first?.object["z"]).not.toBe(first?.object["x"]);
  });
});

describe("documents", () => {
  test.each([
    ["empty documents, comments and null are skipped", `---\n# nothing\n---\nnull\n---\n${A}---\n`, `6:1 ${a}`],
    [
      "each object stands where its first key does",
      `# first\n${A}\n--- # next\n\n# second\n${B}`,
      `2:1 ${a}\n10:1 ${b}`,
    ],
    ["a byte order mark and CRLF are no content", `\uFEFF${A}---\n${B}`.replaceAll("\n", "\r\n"), `1:2 ${a}\n6:1 ${b}`],
    ["JSON values follow each other", `${a}\n  ${b}`, `1:1 ${a}\n2:3 ${b}`],
    ["YAML may follow one JSON value", `${a}\n---\n${B}`, `1:1 ${a}\n3:1 ${b}`],
    [
      "items of a List stand where they are written",
      `apiVersion: v1\nkind: List\nitems:\n- ${a}\n-\n  ${b}`,
      `4:3 ${a}\n6:3 ${b}`,
    ],
    ["a List in JSON is one too", `{"kind":"List","apiVersion":"v1","items":[\n${a},\n  ${b}]}`, `2:1 ${a}\n3:3 ${b}`],
    [
      "a List may hold a List",
      `{"kind":"List","apiVersion":"v1","items":[{"kind":"List","apiVersion":"v1","items":[${a}]}]}`,
      `1:85 ${a}`,
    ],
    [
      "a ConfigMapList says what its items are",
      "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}",
      `4:3 ${a}`,
    ],
    [
      "a kind that ends in List and has no items is an object",
      "apiVersion: acme.io/v1\nkind: AllowList\nmetadata: {name: a}",
      '1:1 {"apiVersion":"acme.io/v1","kind":"AllowList","metadata":{"name":"a"}}',
    ],
  ])("%s", (_, text, shown) => {
    expect(showFile(text)).toBe(shown);
  });
});

describe("problems", () => {
  const invalid = "error yaml-invalid";
  test.each([
    ["a: [", `${invalid} 1:4 web.yaml: a bracket is not closed; close it`],
    ["a: 'b", `${invalid} 1:4 web.yaml: a quote is not closed; close it`],
    [
      "a: b: c",
      `${invalid} 1:5 web.yaml: a ':' cannot stand here; check the indentation, and quote text that holds ': '`,
    ],
    [
      "a: 1\n b: 2",
      `${invalid} 2:3 web.yaml: a ':' cannot stand here; check the indentation, and quote text that holds ': '`,
    ],
    [
      "a: - b",
      `${invalid} 1:4 web.yaml: a list item cannot stand here; check the indentation, and quote text that holds ': '`,
    ],
    ["a:\n\t- b", `${invalid} 2:1 web.yaml: a tab stands where indentation is expected; indent with spaces`],
    ["a: b\nc", `${invalid} 2:1 web.yaml: a key without a ':'; write \`key: value\`, the ':' on the same line`],
    ["a: {{ .Values.a }}", `${invalid} 1:5 web.yaml: a key must be text, a number or a boolean; quote the key`],
    ["a: @b", `${invalid} 1:4 web.yaml: a value cannot start with '@'; quote it`],
    ['a: "\\d"', `${invalid} 1:5 web.yaml: this escape is not known; write the backslash twice, or use single quotes`],
    ["a: *b", `${invalid} 1:4 web.yaml: the anchor of this alias is not in this document; define it first`],
    ["a: &a [*a]", `${invalid} 1:8 web.yaml: an anchor holds itself; remove the alias inside it`],
    ["<<: [1]", `${invalid} 1:1 web.yaml: '<<' needs a map or a list of maps; name a map, or remove the key`],
    ["a: !!int b", `${invalid} 1:4 web.yaml: the value is not what its tag says; remove the tag`],
    ["a: -.inf", `${invalid} 1:4 web.yaml: JSON has no infinite numbers and no NaN; quote it, or write a number`],
    ["a: |x\n  b", `${invalid} 1:5 web.yaml: text follows the mark of a block scalar; start the text on the next line`],
    [
      "%YAML 1.2\n---\na: b",
      `${invalid} 1:1 web.yaml: YAML directives are not read; remove this line\nerror document-invalid 3:1 web.yaml: a document has no apiVersion and no kind; add it, or keep the file elsewhere`,
    ],
    ["--- {a: b}", `${invalid} 1:1 web.yaml: text follows a '---' on its line; start the document on the next line`],
    [
      "a: b\u0007",
      `${invalid} 1:5 web.yaml: holds the character U+0007; remove it, or write it as an escape in double quotes`,
    ],
    ["a: \uD800", `${invalid} 1:4 web.yaml: holds half of a surrogate pair; write the whole character`],
    ["a:\n  __proto__: b", `${invalid} 2:3 web.yaml: the key __proto__ is not accepted; rename the key`],
    ['{"a": 1,\n "b" 2}', `${invalid} 2:6 web.yaml: a ':' is expected here; check commas, quotes and brackets`],
    ['{"a": 1e999}', `${invalid} 1:7 web.yaml: a number is too large; quote it`],
    [
      "[1]",
      "error document-invalid 1:1 web.yaml: a document is a list; write an object with apiVersion, kind and metadata",
    ],
    [
      "text",
      "error document-invalid 1:1 web.yaml: a document is text; write an object with apiVersion, kind and metadata",
    ],
    [
      "kind: A",
      "error document-invalid 1:1 web.yaml: a document has no apiVersion; add it, or keep the file elsewhere",
    ],
    [
      "kind: List\napiVersion: v1\nitems: {}",
      "error document-invalid 1:1 web.yaml: items is a map, not a list; write a list",
    ],
    [
      "kind: A\napiVersion: 1",
      "error document-invalid 1:1 web.yaml: apiVersion is a number, not text; put it in quotes",
    ],
    [
      "kind: A\napiVersion: v1\nmetadata: []",
      "error document-invalid 1:1 web.yaml: metadata is a list, not a map; write a map",
    ],
    [
      "kind: A\napiVersion: v1\nmetadata: {name: 1}",
      "error document-invalid 1:1 web.yaml: metadata.name is a number, not text; put it in quotes",
    ],
    [
      "kind: A\napiVersion: v1\nmetadata: {labels: {on: y}}",
      "error document-invalid 1:1 web.yaml: metadata.labels.true is a boolean, not text; put it in quotes\n" +
        "caution ambiguous-scalar 3:21 web.yaml: the key metadata.labels.true of A is not written as it is read; put the key in quotes",
    ],
    [
      "kind: A\napiVersion: v1\nmetadata: {annotations: x}",
      "error document-invalid 1:1 web.yaml: metadata.annotations is text, not a map; write a map",
    ],
  ])("%j", (text, shown) => {
    expect(showFile(text)).toBe(shown);
  });

  test("a duplicate key is a caution that names path and place; the last one counts", () => {
    expect(showFile(`${A}data:\n  a: x\n  "b.c": x\n  a: y2\n  "b.c": z\n`)).toBe(
      [
        '1:1 {"apiVersion":"v1","data":{"a":"y2","b.c":"z"},"kind":"ConfigMap","metadata":{"name":"a"}}',
        "caution duplicate-key 8:3 web.yaml: data.a is written twice, and only the last one counts; remove one of them",
        'caution duplicate-key 9:3 web.yaml: data["b.c"] is written twice, and only the last one counts; remove one of them',
      ].join("\n"),
    );
  });

  test("a key that a merge brought is no duplicate, unless it is written twice besides", () => {
    expect(showFile(`${A}x: &x {k: 1}\nz: {<<: *x, k: 2}\n`)).not.toContain("duplicate-key");
    expect(showFile(`${A}x: &x {k: 1}\nz: {<<: *x, k: 2, k: 3}\n`)).toContain("duplicate-key 6:19 web.yaml: z.k");
  });

  test("a duplicate key in JSON is one too", () => {
    expect(showFile(a.replace('"name":"a"', '"name":"z",\n"name":"a"'))).toContain(
      "caution duplicate-key 2:1 web.yaml: metadata.name",
    );
  });

  test("text behind the end mark is a caution, comments there are not", () => {
    expect(showFile(`${A}...\n# note\n\nmore: b\n`)).toBe(
      `1:1 ${a}\ncaution document-invalid 8:1 web.yaml: nothing behind the end mark '...' is read; separate documents with ---`,
    );
    expect(showFile(`${A}...\n# note\n`)).toBe(`1:1 ${a}`);
  });

  test("a document that cannot be read does not hide the others", () => {
    expect(showFile(`${A}---\na: [\n---\n${B}`)).toBe(
      `1:1 ${a}\n8:1 ${b}\n${invalid} 6:4 web.yaml: a bracket is not closed; close it`,
    );
  });

  test("no problem repeats a value", () => {
    const secret = "hunter2hunter2";
    const broken = [
      `a: ${secret}: b`,
      `a: [${secret}`,
      `a: "\\d${secret}"`,
      secret,
      `a: !!int ${secret}`,
      `kind: A\napiVersion: v1\nmetadata: {name: [${secret}]}`,
    ];
    expect(broken.map((text) => showFile(text)).join("\n")).not.toContain(secret);
  });
});
