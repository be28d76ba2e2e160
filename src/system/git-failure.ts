import { Failure } from "../model/failure.ts";
import type { ExecAnswer } from "../ports.ts";

const TAIL_LINES = 4;

/** A Failure `git-failed` that ends with what Git itself said last, without credentials in URLs. */
export function gitFailure(subject: string, answer: ExecAnswer): Failure {
  const said = tail(answer.stderr);
  const how = answer.code === undefined ? `ended by ${answer.ended}` : `exit code ${answer.code}`;
  return new Failure("git-failed", `${subject}: ${said === "" ? how : said}`, { remedy: remedy(answer.stderr) });
}

function tail(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("hint:"));
  return withoutCredentials(lines.slice(-TAIL_LINES).join("; "));
}

/** The token travels in a header and Git does not print it, but a remote may have been configured with one in its URL. */
function withoutCredentials(text: string): string {
  return text.replaceAll(/:\/\/[^\s/@]*@/g, "://").replaceAll(/(authorization:\s*\w+)\s+\S+/gi, "$1 ...");
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /not our ref|no such remote ref|couldn't find remote ref|remote error: upload-pack: not our ref|unadvertised object/i,
    "the commit is not in the repository any more: after a rewritten history, run again on a commit that exists",
  ],
  [
    /authentication failed|could not read username|terminal prompts disabled|\b40[13]\b|repository not found|write access/i,
    "give github-token a token that is valid and has the permission contents: read, or check out with fetch-depth: 0",
  ],
  [/could not resolve host|connection|timed out|early eof|unable to access/i, "check the network and run again"],
  [/not a git repository/i, "check the repository out first (actions/checkout)"],
  [/transport '.*' not allowed/i, "use an origin of https, or fetch the commit before (fetch-depth: 0)"],
  [/bad revision|needed a single revision|unknown revision|ambiguous argument/i, "name a commit that exists"],
  [/no space left|disk quota/i, "free disk space"],
];

function remedy(stderr: string): string {
  return REMEDIES.find(([pattern]) => pattern.test(stderr))?.[1] ?? "check out with fetch-depth: 0 and run again";
}
