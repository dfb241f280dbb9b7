import { expect, it, onTestFinished } from "vitest";
import { openParticipant, type ParticipantOptions } from "../../../examples/flight_delays/participant.ts";

async function open(options: Partial<ParticipantOptions> = {}) {
  const lines: string[] = [];
  const participant = await openParticipant({
    port: 0,
    onClock: async () => undefined,
    say: (line) => lines.push(line),
    ...options,
  });
  onTestFinished(() => participant.close());
  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${participant.port}${path}`, { method: "POST", body, headers });
    return { status: answer.status, text: (await answer.text()).trim() };
  };
  return { participant, lines, post };
}

const message = {
  event: "promoted",
  policy: "flight_delays",
  at: "2001-04-11T09:00:00Z",
  sentence: "Version 2 serves.",
  run: "r2",
};

it("answers the clock only when the stretch has been played", async () => {
  const played: string[] = [];
  const { post } = await open({
    onClock: async ({ from, to }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      played.push(`${new Date(from).toISOString()} ${new Date(to).toISOString()}`);
    },
  });
  const answer = await post("/clock", '{"from":"2001-04-09T09:00:00.000Z","to":"2001-04-09T09:05:00.000Z"}');
  expect(answer).toEqual({ status: 200, text: "played" });
  expect(played).toEqual(["2001-04-09T09:00:00.000Z 2001-04-09T09:05:00.000Z"]);
});

it("stops the clock with the reason where a stretch cannot be played", async () => {
  const { post } = await open({ onClock: () => Promise.reject(new Error("no model server listens")) });
  const answer = await post("/clock", '{"from":"2001-04-09T09:00:00Z","to":"2001-04-09T09:05:00Z"}');
  expect(answer).toEqual({ status: 500, text: "no model server listens" });
});

it("keeps and prints one line a message, and a message delivered twice once", async () => {
  const { participant, lines, post } = await open();
  const key = { "idempotency-key": "k1" };
  expect(await post("/hook", JSON.stringify(message), key)).toEqual({ status: 200, text: "received" });
  expect(await post("/hook", JSON.stringify(message), key)).toEqual({ status: 200, text: "received" });
  expect(participant.messages).toEqual([message]);
  expect(lines).toEqual(["webhook, 2001-04-11T09:00:00Z: promoted: Version 2 serves."]);
  await post("/hook", JSON.stringify({ ...message, event: "rolled_back" }), { "idempotency-key": "k2" });
  expect(participant.messages.map(({ event }) => event)).toEqual(["promoted", "rolled_back"]);
});

it("refuses what it does not understand", async () => {
  const { participant, post } = await open();
  expect((await post("/clock", '{"from":"noon"}')).status).toBe(400);
  expect((await post("/hook", "not JSON")).status).toBe(400);
  expect((await post("/elsewhere", "{}")).status).toBe(404);
  expect(participant.messages).toEqual([]);
});

it("says which port is taken", async () => {
  const { participant } = await open();
  await expect(open({ port: participant.port })).rejects.toThrow(
    `port ${participant.port} is taken by another program`,
  );
});
