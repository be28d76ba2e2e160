import { Failure } from "../model/failure.ts";

type Fetch = typeof fetch;

const DEADLINE_MILLISECONDS = 30_000;
const REDIRECTS = 3;

/**
 * A fetch that speaks to one origin only, gives every attempt a deadline, and answers with a body that is complete. Octokit
 * takes a body that breaks off, and a proxy's page of HTML, for a good answer of another shape.
 */
export function guardedFetch(fetch: Fetch, origin: string): Fetch {
  return async (input, init) => {
    const signals = [AbortSignal.timeout(DEADLINE_MILLISECONDS), ...(init?.signal ? [init.signal] : [])];
    const settings: RequestInit = { ...init, redirect: "manual", signal: AbortSignal.any(signals) };
    let url = input instanceof Request ? input.url : String(input);
    for (let redirects = 0; redirects <= REDIRECTS; redirects += 1) {
      requireOrigin(new URL(url), origin);
      const response = await fetch(url, settings);
      const location = redirectOf(response);
      if (location === undefined) return complete(response);
      // A renamed repository: the same request again, at its new address.
      url = new URL(location, url).href;
    }
    throw new Error("too many redirects");
  };
}

/** Throws Failure `github-error` for an address elsewhere: it would be sent the token. */
export function requireOrigin(url: URL, origin: string): void {
  if (url.origin === origin) return;
  throw new Failure("github-error", `GitHub's answer leads to another host (${url.host})`, {
    remedy: "check github-api-url and whatever stands between the runner and GitHub",
  });
}

function redirectOf(response: Response): string | undefined {
  const isRedirect = [301, 302, 307, 308].includes(response.status);
  return isRedirect ? (response.headers.get("location") ?? undefined) : undefined;
}

async function complete(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  if (response.ok && body.byteLength > 0 && !/\bjson\b/.test(response.headers.get("content-type") ?? "")) {
    throw new Error("the answer is not JSON");
  }
  const { status, statusText, headers } = response;
  const whole = new Response(body.byteLength === 0 ? null : body, { status, statusText, headers: [...headers] });
  // Octokit's pagination reads it, and a Response that is made here has none.
  return Object.defineProperty(whole, "url", { value: response.url });
}
