import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SystemRef } from "../api/model";
import { Isk } from "./Isk";
import { entityName } from "./names";
import { Picture } from "./Picture";
import { SplitBar } from "./SplitBar";
import { Security } from "./SystemName";
import { AgoOrDate, AgoWithinDay } from "./Time";

test("an unresolved name shows kind and id", () => {
  expect(entityName({ type: "alliance", id: 1354830081, name: null })).toBe("Alliance 1354830081");
});

test("ISK has its sign with its colour, and unknown is not 0", () => {
  const { container, rerender } = render(<Isk isk={1.23e9} sense="lost" />);
  expect(container.textContent).toBe("−1.23b");
  rerender(<Isk isk={1.23e9} sense="destroyed" estimated />);
  expect(container.textContent).toBe("~+1.23b");
  rerender(<Isk isk={null} sense="lost" estimated />);
  expect(container.textContent).toBe("unknown");
  rerender(<Isk isk={0} sense="lost" />);
  expect(container.textContent).toBe("0");
  expect(container.querySelector(".text-bad")).toBeNull();
});

test("within a day a list says how long ago, then the date", () => {
  const at = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const old = at(25);
  const { container, rerender } = render(<AgoOrDate at={at(23.5)} />);
  expect(container.textContent).toBe("23h ago");
  rerender(<AgoOrDate at={old} />);
  expect(container.textContent).toBe(old.slice(0, 10));
  rerender(<AgoWithinDay at={at(23.5)} before=" · " />);
  expect(container.textContent).toBe(" · 23h ago");
  rerender(<AgoWithinDay at={old} before=" · " />);
  expect(container.textContent).toBe("");
});

test("a picture that fails leaves its monogram, and is not asked for again", () => {
  const picture = <Picture kind="alliance" id={424242} name="Goonswarm Federation" size={24} />;
  const { container, unmount } = render(picture);
  const img = container.querySelector("img");
  expect(img?.getAttribute("width")).toBe("24");
  fireEvent.error(img as HTMLImageElement);
  expect(container.querySelector("img")).toBeNull();
  expect(container.textContent).toBe("GF");
  unmount();
  expect(render(picture).container.querySelector("img")).toBeNull();
});

test("a picture that comes takes the monogram's place", () => {
  const { container } = render(<Picture kind="type" id={12015} name="Muninn" size={24} />);
  expect(container.textContent).toBe("Mu");
  fireEvent.load(container.querySelector("img") as HTMLImageElement);
  expect(container.textContent).toBe("");
});

const system = (more: Partial<SystemRef>): SystemRef => ({
  id: 1,
  name: "X",
  security: -1,
  security_band: "nullsec",
  region: null,
  ...more,
});

test.each([
  [{ security: 0.5, security_band: "highsec" }, "0.5"],
  [{ security_band: "wormhole", wormhole_class: "C3" }, "C3"],
  [{ security_band: "wormhole" }, "J-space"],
  [{ security_band: "pochven" }, "Pochven"],
  [{ security: null, security_band: "other" }, "Other"],
] as const)("security of %o", (more, want) => {
  const { container } = render(<Security system={system(more)} />);
  expect(container.textContent).toBe(want);
});

test("the split bar says its parts", () => {
  render(
    <SplitBar
      parts={[
        { id: "A", isk_lost: 1e9 },
        { id: "B", isk_lost: 0 },
        { id: "unassigned", isk_lost: 5e6 },
      ]}
    />,
  );
  expect(screen.getByRole("img").getAttribute("aria-label")).toBe("ISK lost by side: A 1.00b, – 5.00m");
});
