import { expect, test } from "vitest";
import { sseParser } from "./sse";

test("messages are cut at empty lines, whatever the chunks", () => {
  const text = 'id: 7\nevent: killmail\ndata: {"id":1}\n\n: comment\n\nevent: heartbeat\ndata: {}\n\n';
  const whole = sseParser()(text);
  expect(whole).toEqual([
    { id: "7", event: "killmail", data: '{"id":1}' },
    { id: "7", event: "heartbeat", data: "{}" },
  ]);
  for (let cut = 1; cut < text.length; cut++) {
    const parse = sseParser();
    expect([...parse(text.slice(0, cut)), ...parse(text.slice(cut))]).toEqual(whole);
  }
});

test("carriage returns, several data lines and a missing event name", () => {
  expect(sseParser()("data: a\r\ndata: b\r\n\r\n")).toEqual([{ id: "", event: "message", data: "a\nb" }]);
});

test("an event without data is none", () => {
  expect(sseParser()("id: 3\nevent: battle\n\n")).toEqual([]);
});
