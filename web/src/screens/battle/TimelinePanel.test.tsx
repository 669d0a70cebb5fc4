import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { BattleDetail } from "../../api/model";
import { CourseNotes } from "./CourseNotes";
import { courseOf } from "./replay";
import { Replayer } from "./replayer";
import { TimelinePanel } from "./TimelinePanel";

vi.mock("./KillLink", () => ({
  KillLink: ({ id, children }: { id: number; children: React.ReactNode }) => (
    <a href={`/kills/${id}`}>{children}</a>
  ),
}));

const loss = (ships_lost: number, isk_lost: number) => ({
  ships_lost,
  isk_lost,
  capsules_lost: 1,
  structures_lost: 0,
});

const kill = (id: number, time: string, side: string, ship: string, isk: number | null) => ({
  id,
  occurred_at: `2021-11-28T${time}Z`,
  side,
  class: ship,
  isk,
  isk_source: "zkb",
  victim: {
    character: { type: "character", id, name: `Pilot ${id}` },
    corporation: null,
    alliance: null,
    ship_type: { id: 1, name: ship === "titan" ? "Avatar" : "Muninn" },
  },
});

const BATTLE = {
  kills: 8,
  duration_s: 240,
  sides: [
    { id: "A", ships_lost: 2, isk_lost: 3e8 },
    { id: "B", ships_lost: 4, isk_lost: 1.2e9 },
    { id: "unassigned", ships_lost: 0, isk_lost: 0 },
  ],
  killmails: [
    kill(1, "10:21:10", "A", "heavy-assault-cruiser", 3e8),
    kill(2, "10:21:30", "B", "titan", null),
    kill(3, "10:23:00", "B", "heavy-assault-cruiser", 1.2e9),
    kill(4, "10:23:10", "B", "structure", 5e8),
    kill(5, "10:23:20", "B", "freighter", 1e9),
  ],
  revisions: [],
  timeline: {
    bucket_s: 60,
    buckets: [
      { at: "2021-11-28T10:21:00Z", sides: { A: loss(2, 3e8), B: loss(1, 2e8) } },
      { at: "2021-11-28T10:22:00Z", sides: {} },
      { at: "2021-11-28T10:23:00Z", sides: { B: loss(3, 1e9) } },
    ],
  },
} as unknown as BattleDetail;

const width = Object.getOwnPropertyDescriptor(Element.prototype, "clientWidth");
beforeAll(() => {
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { value: 1_000, configurable: true });
});
afterAll(() => {
  if (width) Object.defineProperty(HTMLElement.prototype, "clientWidth", width);
});

function panel(battle: BattleDetail, replayer = new Replayer(), fresh = 0, thin = false) {
  const course = courseOf(battle.killmails);
  replayer.load(course);
  return (
    <TimelinePanel
      battle={battle}
      window={null}
      onBrush={() => {}}
      replayer={replayer}
      course={course}
      fresh={fresh}
      thin={thin}
    />
  );
}

test("the chart says in a sentence what it shows", () => {
  render(panel(BATTLE));
  expect(screen.getByRole("img", { name: /^8 kills/ }).getAttribute("aria-label")).toBe(
    "8 kills in 4m. Side A lost 2 ships worth 300m ISK; Side B lost 4 ships worth 1.20b ISK." +
      " The heaviest 1m began at 10:21 EVE with 3 losses.",
  );
});

test("the legend follows the replay", () => {
  const replayer = new Replayer();
  render(panel(BATTLE, replayer));
  expect(screen.getByRole("figure").querySelector("figcaption")?.textContent).toContain("B4 lost−2.70b ISK");
  replayer.open("2");
  render(panel(BATTLE, replayer));
  const [, second] = screen.getAllByRole("figure");
  expect(second?.querySelector("figcaption")?.textContent).toBe(
    "Until 10:21:30A1 lost−300m ISKB1 lost−0 ISK",
  );
});

test("late kills are seen at once, said now and then, and none is not", async () => {
  const { rerender, container } = render(panel(BATTLE));
  const said = () => screen.getByRole("status").textContent;
  const seen = () => container.querySelector("[data-fresh]")?.textContent;
  expect([said(), seen()]).toEqual(["", undefined]);
  rerender(panel(BATTLE, undefined, 1));
  await waitFor(() => expect(said()).toBe("+1 kill since you opened it"));
  rerender(panel(BATTLE, undefined, 3));
  expect(seen()).toBe("+3 kills since you opened it");
  expect(said()).toBe("+1 kill since you opened it");
});

test("the position of the replay is a slider that steps by killmails", async () => {
  const replayer = new Replayer();
  render(panel(BATTLE, replayer));
  expect(screen.queryByRole("slider", { name: "Position of the replay" })).toBeNull();
  replayer.open("3");
  const cursor = await screen.findByRole("slider", { name: "Position of the replay" });
  expect(cursor.getAttribute("aria-valuetext")).toBe("10:23:00 EVE, 3 of 5 kills");
  cursor.focus();
  await userEvent.keyboard("{ArrowRight}");
  expect(cursor.getAttribute("aria-valuenow")).toBe("4");
  await userEvent.keyboard("{Home}");
  expect(cursor.getAttribute("aria-valuenow")).toBe("1");
  await userEvent.keyboard("{End}");
  expect(cursor.getAttribute("aria-valuenow")).toBe("5");
});

test("nothing happened, nothing is drawn", () => {
  const empty = { ...BATTLE, timeline: { bucket_s: 60, buckets: [] } };
  const { container } = render(
    <>
      {panel(empty)}
      <CourseNotes battle={empty} onGo={() => {}} />
    </>,
  );
  expect(container.innerHTML).toBe("");
});

test("the same is there as a table, without sides that lost nothing", async () => {
  render(<CourseNotes battle={BATTLE} onGo={() => {}} />);
  await userEvent.click(screen.getByRole("button", { name: "Show as table" }));
  const table = screen.getByRole("table", { name: "Losses by time and side" });
  const text = [...table.querySelectorAll("tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent).join(" | "),
  );
  expect(text).toEqual([
    "From (EVE) | Side A lost | Side B lost",
    "2021-11-28 10:21 | 2 (300m) | 1 (200m)",
    "2021-11-28 10:22 | 0 (0) | 0 (0)",
    "2021-11-28 10:23 | 0 (0) | 3 (1.00b)",
  ]);
});

test("capitals, structures and what cost more than a billion are a list that leads into the replay", async () => {
  const onGo = vi.fn();
  render(<CourseNotes battle={BATTLE} onGo={onGo} />);
  const toggle = screen.getByRole("button", { name: "1 capital, 1 structure, 1 other loss above 1b" });
  await userEvent.click(toggle);
  expect(toggle.getAttribute("aria-expanded")).toBe("true");
  const marks = screen.getAllByRole("listitem").map((item) => item.textContent);
  expect(marks).toEqual([
    "10:21:30BAvatar Pilot 2unknown",
    "10:23:00BMuninn Pilot 31.20b",
    "10:23:10BMuninn Pilot 4500m",
  ]);
  await userEvent.click(screen.getByRole("button", { name: "Replay at 10:23:00" }));
  expect(onGo).toHaveBeenCalledExactlyOnceWith(3);
});

test("the strip takes the place of the chart, and the keyboard holds the same end", () => {
  const { rerender, container } = render(panel(BATTLE));
  const strip = () => container.querySelector("[data-strip]");
  screen.getByRole("slider", { name: "End of the time shown" }).focus();
  rerender(panel(BATTLE, undefined, 0, true));
  expect(strip()?.contains(document.activeElement)).toBe(true);
  expect(document.activeElement?.getAttribute("data-grip")).toBe("to");
  rerender(panel(BATTLE));
  expect(strip()?.contains(document.activeElement)).toBe(false);
  expect(document.activeElement?.getAttribute("data-grip")).toBe("to");
});

test("what is missing and what came late is said beside the sentence", async () => {
  const revisions = [
    { revision: 1, at: "2021-11-28T10:30:00Z", reason: "created", added: 6, removed: 0, kills: 6 },
    { revision: 2, at: "2021-11-28T10:40:00Z", reason: "late kill", added: 2, removed: 0, kills: 8 },
  ];
  const battle = { ...BATTLE, revisions } as BattleDetail;
  render(<CourseNotes battle={battle} missing={["The feed lost a part of 2021-11-28."]} onGo={() => {}} />);
  expect(screen.getByText("2 killmails came late")).toBeTruthy();
  expect(screen.queryByText(/The feed lost/)).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "May be incomplete" }));
  expect(screen.getByText(/The feed lost/)).toBeTruthy();
});
