import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Outbox } from "../src/sync/outbox";
import type { Entry } from "../src/sync/shelf";
import { MemoryStorage } from "./designs";

interface Sent {
  design: string;
  attempt: number;
  edits: readonly Entry[];
}

let sent: Sent[];
let storage: MemoryStorage;

function outbox(client = "me"): Outbox {
  const send = (design: string, attempt: number, edits: readonly Entry[]) => {
    sent.push({ design, attempt, edits });
  };
  return new Outbox({ client, storage, send });
}

const move = { kind: "edit", label: "Move", edit: { nodes: { n1: { x: 8 } } } } as const;
const numbers = (edits: readonly Entry[] = []) => edits.map((one) => `${one.client} ${one.number}`);

beforeEach(() => {
  sent = [];
  storage = new MemoryStorage();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

describe("an outbox", () => {
  it("sends an edit at once, numbered from one", () => {
    const box = outbox();
    box.open("d1");
    box.push(move);
    expect(sent).toEqual([{ design: "d1", attempt: 1, edits: [{ client: "me", number: 1, ...move }] }]);
  });

  it("sends the whole queue each time, with a new attempt, so that no value equals the last", () => {
    const box = outbox();
    box.open("d1");
    box.push(move);
    box.push(move);
    expect(sent.map((one) => one.attempt)).toEqual([1, 2]);
    expect(numbers(sent[1]?.edits)).toEqual(["me 1", "me 2"]);
  });

  it("sends again, ever more slowly, until it is acknowledged", () => {
    const box = outbox();
    box.open("d1");
    box.push(move);
    vi.advanceTimersByTime(2_000);
    expect(sent).toHaveLength(2);
    vi.advanceTimersByTime(3_000);
    expect(sent).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(3);
    box.acknowledge("d1", { me: 1 });
    vi.advanceTimersByTime(60_000);
    expect(sent).toHaveLength(3);
    expect(box.pending).toEqual([]);
  });

  it("keeps what came after the last number acknowledged", () => {
    const box = outbox();
    box.open("d1");
    box.push(move);
    box.push(move);
    box.acknowledge("d1", { me: 1, somebody: 9 });
    expect(numbers(box.pending)).toEqual(["me 2"]);
  });

  it("does not send while offline, and sends everything when the connection is back", () => {
    const box = outbox();
    box.open("d1");
    box.setConnected(false);
    box.push(move);
    box.push(move);
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([]);
    box.setConnected(true);
    expect(numbers(sent[0]?.edits)).toEqual(["me 1", "me 2"]);
  });

  it("adopts what a closed tab left behind, under its own client and number, before its own", () => {
    const closed = outbox("closed");
    closed.open("d1");
    closed.push(move);
    const box = outbox("me");
    box.open("d1");
    box.push(move);
    expect(numbers(sent.at(-1)?.edits)).toEqual(["closed 1", "me 1"]);
    box.acknowledge("d1", { closed: 1, me: 1 });
    expect(storage.length).toBe(0);
  });

  it("leaves alone what waits for another design", () => {
    const other = outbox("other");
    other.open("d2");
    other.push(move);
    const box = outbox();
    box.open("d1");
    expect(box.pending).toEqual([]);
    box.acknowledge("d2", { other: 1 });
    expect(storage.length).toBe(1);
  });

  it("finds its own edits again when it comes back to a design, and goes on counting", () => {
    const box = outbox();
    box.open("d1");
    box.push(move);
    box.open("d2");
    box.push(move);
    box.open("d1");
    expect(numbers(box.pending)).toEqual(["me 1"]);
    box.push(move);
    expect(numbers(box.pending)).toEqual(["me 1", "me 3"]);
  });

  it("greets with an empty queue when asked", () => {
    const box = outbox();
    box.open("d1");
    box.send();
    expect(sent).toEqual([{ design: "d1", attempt: 1, edits: [] }]);
  });

  it("works without browser storage", () => {
    storage.setItem = () => {
      throw new Error("QuotaExceededError");
    };
    const box = outbox();
    box.open("d1");
    box.push(move);
    expect(numbers(box.pending)).toEqual(["me 1"]);
  });

  it("ignores what is no queue in browser storage", () => {
    storage.setItem("blockwright/outbox/d1/broken", "{");
    storage.setItem("blockwright/outbox/d1/odd", '[{"client": 3}, null]');
    const box = outbox();
    box.open("d1");
    expect(box.pending).toEqual([]);
  });
});
