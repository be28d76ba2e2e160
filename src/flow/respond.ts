import type { Marker } from "../model/github.ts";
import type { CommentCommand } from "../trigger/comment.ts";
import type { CommentTrigger } from "../trigger/trigger.ts";
import { helpAnswer, unknownAnswer } from "../report/answer.ts";
import { commitConfig } from "./commit-config.ts";
import { publishingOf } from "./on-plan.ts";
import { cosmetic } from "./publish-plan.ts";
import type { PerformPorts, Performance, PerformRequest } from "./performance.ts";

/** Answers a comment that is a command. Where the repository has a bot, the bot does. */
export async function respond(
  { command, comment }: { readonly command: CommentCommand; readonly comment: CommentTrigger },
  request: PerformRequest,
  ports: PerformPorts,
  signal: AbortSignal,
): Promise<Performance> {
  const publishing = publishingOf(ports);
  if (publishing === undefined || (await hasBot(request, ports, signal))) return { exitCode: 0 };
  const { forge, guard, log } = publishing;
  const isHelp = command.kind === "known" && command.verb === "help";
  const word = command.kind === "known" ? command.verb : command.word;
  const answer = guard.markdown(isHelp ? helpAnswer() : unknownAnswer(word));
  const marker: Marker = { kind: "answer", key: String(comment.commentId) };
  await cosmetic(log, () => forge.comments.react(comment.commentId, isHelp ? "eyes" : "confused", signal));
  const posted = await cosmetic(log, () => forge.comments.upsert(comment.number, marker, answer, signal));
  return { exitCode: 0, ...(posted && { commentUrl: posted.url }) };
}

async function hasBot(request: PerformRequest, { run }: PerformPorts, signal: AbortSignal): Promise<boolean> {
  await using checkout = await run.repository.checkout(request.sha, signal);
  const found = await commitConfig(checkout, request.configFile);
  return "config" in found && found.config.bot !== undefined;
}
