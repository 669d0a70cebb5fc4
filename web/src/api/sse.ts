/** The wire format of server-sent events, as a parser fed with chunks of text. */

export interface SseMessage {
  id: string;
  event: string;
  data: string;
}

/**
 * Returns a function that takes the next chunk and gives back the messages that
 * it completed. A message cut by the chunk's end is kept for the next call.
 * Comments and fields other than id, event and data are skipped.
 */
export function sseParser(): (chunk: string) => SseMessage[] {
  let rest = "";
  let lastId = "";
  let event = "";
  let data: string[] = [];

  return (chunk) => {
    // Only what is new is searched: a large message comes in many chunks.
    const cut = rest.endsWith("\r");
    const lines = (cut ? `\r${chunk}` : chunk).split(/\r\n|\n|\r(?!$)/);
    lines[0] = (cut ? rest.slice(0, -1) : rest) + (lines[0] ?? "");
    rest = lines.pop() ?? "";
    const messages: SseMessage[] = [];
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) messages.push({ id: lastId, event: event || "message", data: data.join("\n") });
        event = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "id") lastId = value;
      else if (field === "event") event = value;
      else if (field === "data") data.push(value);
    }
    return messages;
  };
}
