import type { Json } from "../model/json.ts";
import { isMap } from "../model/json.ts";
import { Assembly, type OpenMap, openMap } from "./assembly.ts";
import type { AliasBudget, Composition } from "./composition.ts";
import { Fault } from "./fault.ts";
import { keyOfNode, type Node, NULL_NODE, typedNode } from "./node.ts";
import { doubtOf, isText, resolvePlain, resolveTagged } from "./scalar.ts";
import { Scanner } from "./scanner.ts";
import type { Chunk } from "./split.ts";
import { TokenQueue } from "./token-queue.ts";
import type { TokenKind } from "./token.ts";

/** A node that a name was given to; `open` until it is complete. */
type Anchored = { readonly state: "open" } | { readonly state: "closed"; readonly node: Node };

/** `member`: key or value of a block map, below which a list needs no indentation. */
type Context = "block" | "member" | "flow";

interface Properties {
  /** Where the first of them stands. */
  readonly at?: number;
  readonly anchor?: string;
  readonly tag?: string;
}

/**
 * Reads one YAML document as kubectl does: values typed by go-yaml v2, keys typed and then printed, `<<` in document order,
 * the last of equal keys wins. Throws Fault, with the offset in the chunk.
 */
export function readYaml(chunk: Chunk, budget: AliasBudget): Composition {
  return new Composer(chunk, budget).compose();
}

class Composer {
  readonly #tokens: TokenQueue;
  readonly #budget: AliasBudget;
  readonly #origin: number;
  readonly #assembly: Assembly;
  readonly #anchors = new Map<string, Anchored>();

  constructor({ text, offset }: Chunk, budget: AliasBudget) {
    this.#tokens = new TokenQueue(new Scanner(text));
    this.#budget = budget;
    this.#origin = offset;
    this.#assembly = new Assembly(offset);
  }

  compose(): Composition {
    const offset = this.#origin + this.#tokens.peek().at;
    const value = this.#value("block", ["end"]);
    if (this.#tokens.peek().kind !== "end") throw this.#unexpected("text follows the end of the document");
    const { duplicates, unlisted, items, doubtful } = this.#assembly;
    return { value, offset, duplicates, unlisted, items, doubtful };
  }

  #node(context: Context): Node {
    const { kind } = this.#tokens.peek();
    if (kind === "alias") return this.#alias();
    if (kind !== "anchor" && kind !== "tag") return this.#content(context, NO_PROPERTIES);
    const properties = this.#properties();
    const { anchor } = properties;
    if (anchor === undefined) return this.#content(context, properties);
    this.#anchors.set(anchor, { state: "open" });
    const node = this.#content(context, properties);
    this.#anchors.set(anchor, { state: "closed", node });
    return node;
  }

  #content(context: Context, properties: Properties): Node {
    const { kind } = this.#tokens.peek();
    if (kind === "scalar") return this.#scalar(properties);
    if (kind === "flow-list") return this.#nested((at) => this.#flowList(at));
    if (kind === "flow-map") return this.#nested((at) => this.#flowMap(at));
    if (kind === "block-entry" && context === "member") return this.#nested(() => this.#openList());
    if (kind === "block-list" && context !== "flow") return this.#nested(() => this.#blockList());
    if (kind === "block-map" && context !== "flow") return this.#nested(() => this.#blockMap());
    if (properties.tag !== undefined) return typedNode(resolveTagged(properties.tag, ""), properties.at ?? 0);
    if (properties.anchor !== undefined) return NULL_NODE;
    throw this.#unexpected("a value is missing");
  }

  #nested(read: (at: number) => Json): Node {
    const { at } = this.#tokens.peek();
    return { value: this.#assembly.nest(at, () => read(at)), scalar: undefined };
  }

  #alias(): Node {
    const { text, at } = this.#tokens.next();
    const anchored = this.#anchors.get(text);
    if (anchored === undefined)
      throw new Fault(at, "the anchor of this alias is not in this document", "define it first");
    if (anchored.state === "open") throw new Fault(at, "an anchor holds itself", "remove the alias inside it");
    const { node } = anchored;
    return { ...node, value: this.#copy(node.value, at) };
  }

  /** A value of its own for each alias: nothing that is read shares a part with anything else. */
  #copy(value: Json, at: number): Json {
    this.#budget.spend(at);
    if (typeof value !== "object" || value === null) return value;
    return this.#assembly.nest(at, () => {
      if (!isMap(value)) return value.map((item) => this.#copy(item, at));
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.#copy(member ?? null, at)]));
    });
  }

  #properties(): Properties {
    const first = this.#tokens.next();
    const { at } = first;
    const second = this.#tokens.peek();
    if (second.kind !== (first.kind === "anchor" ? "tag" : "anchor")) return { at, [first.kind]: first.text };
    this.#tokens.next();
    return { at, [first.kind]: first.text, [second.kind]: second.text };
  }

  #scalar(properties: Properties): Node {
    const token = this.#tokens.next();
    const { text, plain } = token;
    const { at = token.at, tag } = properties;
    if (tag !== undefined) return typedNode(resolveTagged(tag, text), at);
    if (!plain || isText(text)) return { value: text, scalar: undefined };
    const scalar = resolvePlain(text);
    const doubt = doubtOf(text, scalar);
    if (doubt !== undefined) this.#assembly.doubt(doubt, at);
    return typedNode(scalar, at);
  }

  #blockMap(): Json {
    this.#tokens.next();
    const map = openMap();
    while (this.#tokens.takes("key")) {
      this.#member(map, "member", EMPTY_MEMBER);
    }
    if (!this.#tokens.takes("block-end")) throw this.#unexpected("a key is expected here");
    return map.members;
  }

  #blockList(): Json {
    this.#tokens.next();
    const list = this.#items(EMPTY_ITEM);
    if (!this.#tokens.takes("block-end")) throw this.#unexpected("a list item is expected here");
    return list;
  }

  #openList(): Json {
    return this.#items(EMPTY_OPEN_ITEM);
  }

  #items(empty: readonly TokenKind[]): Json {
    const list: Json[] = [];
    while (this.#tokens.takes("block-entry")) this.#item(list, "block", empty);
    return list;
  }

  #flowList(at: number): Json {
    this.#tokens.next();
    const list: Json[] = [];
    while (!this.#closes("flow-list-end", at)) {
      if (list.length > 0) this.#comma();
      if (this.#closes("flow-list-end", at)) break;
      if (this.#tokens.takes("key")) list.push(this.#nested(() => this.#pair()).value);
      else this.#item(list, "flow", NEVER_EMPTY);
    }
    return list;
  }

  /** `[a: b]` is a list of one map. */
  #pair(): Json {
    const map = openMap();
    this.#member(map, "flow", ["flow-entry", "flow-list-end"]);
    return map.members;
  }

  #flowMap(at: number): Json {
    this.#tokens.next();
    const map = openMap();
    for (let first = true; !this.#closes("flow-map-end", at); first = false) {
      if (!first) this.#comma();
      if (this.#closes("flow-map-end", at)) break;
      this.#member(map, "flow", this.#tokens.takes("key") ? EMPTY_FLOW_MEMBER : undefined);
    }
    return map.members;
  }

  #closes(kind: TokenKind, opened: number): boolean {
    if (this.#tokens.peek().kind === "end") throw new Fault(opened, "a bracket is not closed", "close it");
    return this.#tokens.takes(kind);
  }

  #comma(): void {
    if (!this.#tokens.takes("flow-entry")) throw this.#unexpected("a ',' or a closing bracket is missing");
  }

  /** The value of an item or member; nothing stands for null where one of `empty` follows. */
  #value(context: Context, empty: readonly TokenKind[]): Json {
    const { at, kind } = this.#tokens.peek();
    if (empty.includes(kind)) return null;
    const { value } = this.#node(context);
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new Fault(at, "JSON has no infinite numbers and no NaN", "quote it, or write a number");
    }
    return value;
  }

  #item(list: Json[], context: Context, empty: readonly TokenKind[]): void {
    const { at } = this.#tokens.peek();
    this.#assembly.enter(list.length);
    const value = this.#value(context, empty);
    this.#assembly.leave();
    this.#assembly.noteItem(value, at);
    list.push(value);
  }

  /** Reads a key and its value into `map`; with `empty` undefined there is a key only. */
  #member(map: OpenMap, context: Context, empty: readonly TokenKind[] | undefined): void {
    const { at, kind, text, plain } = this.#tokens.peek();
    if (kind === "value" || kind === "flow-entry") throw this.#unexpected("a key is missing");
    const merges = this.#isMerge();
    const key = keyOfNode(this.#node(context), at);
    this.#assembly.enter(key);
    if (kind === "scalar" && plain && key !== text) this.#assembly.doubt("key", at);
    const alias = merges && this.#tokens.second().kind === "alias";
    const value = empty !== undefined && this.#tokens.takes("value") ? this.#value(context, empty) : null;
    this.#assembly.leave();
    if (!merges) return this.#assembly.set(map, key, value, at);
    // A list of maps may be merged where it is written, not through an alias.
    this.#assembly.merge(map, alias && !isMap(value) ? null : value, at);
  }

  #isMerge(): boolean {
    const first = this.#tokens.peek();
    const token = first.kind === "anchor" ? this.#tokens.second() : first;
    return token.kind === "scalar" && token.plain && token.text === "<<";
  }

  #unexpected(what: string): Fault {
    return new Fault(this.#tokens.peek().at, what, "check indentation, brackets and quotes");
  }
}

// Tokens that follow where a value was left out.
const EMPTY_MEMBER: readonly TokenKind[] = ["key", "value", "block-end"];
const EMPTY_ITEM: readonly TokenKind[] = ["block-entry", "block-end"];
const EMPTY_OPEN_ITEM: readonly TokenKind[] = [...EMPTY_ITEM, "key", "value"];
const EMPTY_FLOW_MEMBER: readonly TokenKind[] = ["flow-entry", "flow-map-end"];
const NEVER_EMPTY: readonly TokenKind[] = [];

const NO_PROPERTIES: Properties = {};
