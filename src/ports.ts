import type { SafeText } from "./model/safe-text.ts";
import type { Inventory } from "./model/inventory.ts";
import type { Address, Kinds, KubeKind } from "./model/kind.ts";
import type { KubeObject, SourceObject } from "./model/object.ts";
import type { ClusterIdentity } from "./model/plan.ts";
import type { Problem } from "./model/problem.ts";
import type { PatchOperation } from "./model/json-patch.ts";
import type { Refusal } from "./model/refusal.ts";
import type { Target } from "./model/target.ts";

// What the flows need of the world, in our words. Every call takes an AbortSignal, has a deadline of its own, and throws a
// Failure when the world breaks; what a user did wrong comes back as Problems.

/** Turns one app of one commit into objects, in a child process without credentials. */
export interface Renderer {
  /** Starts ahead of the first render what it will need; harmless where none follows. */
  prepare(): void;
  render(request: RenderRequest, signal: AbortSignal): Promise<Rendered>;
  /** An app of two commits: where it is made of files alone, those that both have are read once and give the same objects. */
  renderBoth(
    requests: readonly [RenderRequest, RenderRequest],
    signal: AbortSignal,
  ): Promise<readonly [Rendered, Rendered]>;
}

export interface RenderRequest {
  /** Absolute folder that holds the whole tree of one commit. */
  readonly root: string;
  /** The app's folder or chart, relative to `root`, in its final form (no `$env`). */
  readonly path: string;
  readonly how: "auto" | "plain" | "kustomize" | "helm";
  /** Helm only: values files relative to `root`, in order; release name; the cluster's version and API versions. */
  readonly values: readonly string[];
  readonly release: string;
  readonly namespace: string;
  readonly kubeVersion?: string;
  readonly apiVersions: readonly string[];
}

export interface Rendered {
  readonly objects: readonly SourceObject[];
  /** The objects of a second render of the same commit, where they came out otherwise. */
  readonly again?: readonly SourceObject[];
  readonly problems: readonly Problem[];
  /** Name and version, part of the `rendered` digest: `plain`, `kustomize v5.8.1`, `helm v4.3.1`. */
  readonly renderer: string;
}

/** A live cluster. Reads return `undefined` for absent only; forbidden and unreachable are Failures. */
export interface Cluster {
  identify(signal: AbortSignal): Promise<ClusterIdentity>;
  kinds(signal: AbortSignal): Promise<Kinds>;
  /** All objects of a kind, complete or not at all. */
  list(kind: KubeKind, selection: Selection, signal: AbortSignal): Promise<readonly KubeObject[]>;
  read(address: Address, signal: AbortSignal): Promise<KubeObject | undefined>;
  /** Server-side apply with our field manager. */
  apply(address: Address, object: KubeObject, options: ApplyOptions, signal: AbortSignal): Promise<ApplyAnswer>;
  /** JSON patch of an object that exists. To be safe against others it replaces `/metadata/resourceVersion` as well. */
  patch(
    address: Address,
    operations: readonly PatchOperation[],
    options: ApplyOptions,
    signal: AbortSignal,
  ): Promise<ApplyAnswer>;
  remove(address: Address, options: RemoveOptions, signal: AbortSignal): Promise<RemoveAnswer>;
  /** Whether our identity has a right, by SelfSubjectAccessReview. */
  mayI(right: Right, signal: AbortSignal): Promise<boolean>;
  /** HTTP requests sent so far. */
  readonly requests: number;
}

export interface Selection {
  readonly namespace?: string;
  /** A label selector: `key=value`. */
  readonly label?: string;
  /** Only `metadata` of each object, where the server can. */
  readonly metadataOnly?: boolean;
}

/** A right in the words of RBAC; `*` stands for all. Without a namespace: in all of them. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
}

export interface ApplyOptions {
  readonly dryRun: boolean;
}

export type ApplyAnswer =
  | {
      readonly kind: "accepted";
      readonly object: KubeObject;
      readonly created: boolean;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface RemoveOptions {
  readonly dryRun: boolean;
  /** The object is removed only if it still is the one that was seen. */
  readonly uid: string;
  readonly propagation: "Background" | "Foreground" | "Orphan";
}

export type RemoveAnswer =
  | { readonly kind: "removed" }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** The clusters of a run, by kubeconfig context. */
export interface Clusters {
  /** Connects on first use; later calls for the same place give the same access. */
  open(place: ClusterPlace, signal: AbortSignal): Promise<ClusterAccess>;
}

export interface ClusterPlace {
  /** A context of the kubeconfig; its current one unless given. */
  readonly context?: string;
  /** Where our own objects lie. */
  readonly systemNamespace: string;
}

export interface ClusterAccess {
  readonly cluster: Cluster;
  readonly inventories: Inventories;
  readonly keys: Keys;
  readonly locks: Locks;
  /** The id of a target's set: the value of its members' `applyset.kubernetes.io/part-of` label. */
  setId(target: Target): string;
}

/** What we keep in the cluster about one target. */
export interface Inventories {
  read(target: Target, signal: AbortSignal): Promise<Inventory | undefined>;
  write(target: Target, inventory: Inventory, signal: AbortSignal): Promise<void>;
}

/** The random key that hides secret values in digests. */
export interface Keys {
  /** `undefined`: there is none, or it may not be read. */
  read(target: Target, signal: AbortSignal): Promise<DigestKey | undefined>;
  /** Makes one when there is none; `undefined` when that is not allowed. */
  ensure(target: Target, signal: AbortSignal): Promise<DigestKey | undefined>;
}

export interface DigestKey {
  /** Public: the first 12 hex digits of the key's own hash. */
  readonly id: string;
  readonly key: Uint8Array;
}

/** One writer per target, across runs and machines. */
export interface Locks {
  /** Waits up to `waitMilliseconds` for a held lock. Throws Failure `lock-held` that names the holder. */
  acquire(target: Target, request: LockRequest, signal: AbortSignal): Promise<Lock>;
}

export interface LockRequest {
  /** Unique for this run. */
  readonly holder: string;
  /** Where people see what the holder does. */
  readonly link: string;
  readonly waitMilliseconds: number;
}

export interface Lock extends AsyncDisposable {
  /** Aborted as soon as the lock can no longer be proven to be ours; nothing may be written then. */
  readonly lost: AbortSignal;
}

/** The Git repository that is checked out. */
export interface Repository {
  /** The full SHA of a revision that is here or can be fetched. Throws Failure `git-failed`. */
  resolve(revision: string, signal: AbortSignal): Promise<string>;
  /** Parents of a commit, first parent first; fetches it when missing. */
  parents(sha: string, signal: AbortSignal): Promise<readonly string[]>;
  mergeBase(a: string, b: string, signal: AbortSignal): Promise<string | undefined>;
  /** The whole tree of a commit as plain files in a temporary folder, removed on disposal. */
  checkout(sha: string, signal: AbortSignal): Promise<Checkout>;
  /** Whether the commit that is checked out holds a file, by its absolute path. */
  tracks(file: string, signal: AbortSignal): Promise<boolean>;
  /** `owner/name` by the address of its origin; the folder's name where there is none. */
  name(signal: AbortSignal): Promise<string>;
  /** Paths that differ between two commits. */
  changedFiles(from: string, to: string, signal: AbortSignal): Promise<readonly string[]>;
}

export interface Checkout extends AsyncDisposable {
  readonly sha: string;
  readonly root: string;
  /** A file's text; `undefined` when there is none. The path is relative to the root and never leaves it. */
  read(path: string): Promise<string | undefined>;
  hasFolder(path: string): Promise<boolean>;
}

/** Runs programs: argv arrays, never a shell. */
export interface Exec {
  run(command: ExecCommand, signal: AbortSignal): Promise<ExecAnswer>;
}

export interface ExecCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** The program may be started before its input is known. */
  readonly input?: string | Promise<string>;
  /** From the moment that the input is known. */
  readonly timeoutMilliseconds: number;
  /** Standard output beyond this ends the child. */
  readonly maxOutputBytes: number;
}

export interface ExecAnswer {
  /** The exit code; `undefined` when a signal, the time limit or the output limit ended it. */
  readonly code: number | undefined;
  readonly ended: "exit" | "signal" | "timeout" | "output-limit";
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run leaves behind for the steps after it and for people. Every method throws Failure `file-system` when the disk refuses. */
export interface Outputs {
  /** Sets an output of the step; does nothing where no output file was given. */
  setOutput(name: string, value: SafeText): Promise<void>;
  /** Adds to the job summary; does nothing where no summary file was given. */
  appendSummary(text: SafeText): Promise<void>;
  /** Writes a file into the folder of results, over an older one, and returns its absolute path. */
  writeFile(name: string, text: SafeText): Promise<string>;
}

export interface Clock {
  now(): Date;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** What a person follows while a run works. Texts are masked and made harmless before they are printed. */
export interface Log {
  info(text: string): void;
  warning(text: string): void;
  error(text: string): void;
}
