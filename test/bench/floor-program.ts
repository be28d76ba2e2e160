import { readFileSync } from "node:fs";
import { connect, constants, type ClientHttp2Session } from "node:http2";

// node floor-program.ts FILE: does the requests of a file over one HTTP/2 connection, and nothing with the answers. The
// first line of the file is an `Errand`, each other one a path and, for a PATCH, a tab and its body.

/** How the requests are made. */
export interface Errand {
  readonly server: string;
  readonly caFile: string;
  readonly token: string;
  readonly method: "GET" | "PATCH";
  readonly inFlight: number;
}

/** What became of them. */
export interface FloorResult {
  /** From the connection's beginning to the last answer. */
  readonly milliseconds: number;
  readonly answers: number;
  /** Answers that are neither 200, 201 nor a 429 that was asked again. */
  readonly faults: number;
}

const WINDOW = 16 << 20;

if (process.argv[2] !== undefined) await main(process.argv[2]);

async function main(file: string): Promise<void> {
  const [first = "", ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  const errand = JSON.parse(first) as Errand;
  const started = performance.now();
  const session = connect(errand.server, {
    ca: readFileSync(errand.caFile),
    settings: { initialWindowSize: WINDOW },
  });
  session.on("connect", () => session.setLocalWindowSize(WINDOW));
  const statuses = await run(session, errand, lines);
  const milliseconds = performance.now() - started;
  session.destroy();
  const faults = statuses.filter((status) => status !== 200 && status !== 201).length;
  process.stdout.write(`${JSON.stringify({ milliseconds, answers: statuses.length, faults } satisfies FloorResult)}\n`);
}

async function run(session: ClientHttp2Session, errand: Errand, lines: readonly string[]): Promise<readonly number[]> {
  const statuses: number[] = [];
  const rest = lines.values();
  const worker = async (): Promise<void> => {
    for (const line of rest) {
      const [path = "", body] = line.split("\t");
      for (let next: string | undefined = path; next !== undefined;) {
        const answer = await ask(session, { errand, path: next, body });
        if (answer.status !== 429) statuses.push(answer.status);
        next = answer.status === 429 ? next : pageAfter(path, answer.text);
      }
    }
  };
  await Promise.all(Array.from({ length: errand.inFlight }, worker));
  return statuses;
}

interface Ask {
  readonly errand: Errand;
  readonly path: string;
  readonly body: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function ask(session: ClientHttp2Session, { errand, path, body }: Ask): Promise<Answer> {
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: errand.method,
    [constants.HTTP2_HEADER_PATH]: path,
    authorization: `Bearer ${errand.token}`,
    ...(body !== undefined && { "content-type": "application/apply-patch+yaml" }),
  });
  stream.end(body);
  const answer = await new Promise<Answer>((resolve, reject) => {
    let status = 0;
    const chunks: Buffer[] = [];
    stream.on("response", (headers) => (status = headers[":status"] ?? 0));
    stream.on("data", (chunk: Buffer) => void (body === undefined && chunks.push(chunk)));
    stream.on("end", () => resolve({ status, text: Buffer.concat(chunks).toString("latin1", 0, 1000) }));
    stream.on("error", reject);
  });
  if (answer.status === 429) await new Promise((resolve) => setTimeout(resolve, 1000));
  return answer;
}

/** A list tells at its very beginning whether there is more. */
function pageAfter(path: string, text: string): string | undefined {
  const token = /^\{"kind":"[^"]*","apiVersion":"[^"]*","metadata":\{[^}]*?"continue":"([^"]+)"/.exec(text)?.[1];
  return token === undefined ? undefined : `${path}&continue=${encodeURIComponent(token)}`;
}
