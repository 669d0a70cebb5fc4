import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { apart, area, place, StackedArea, steps } from "./StackedArea";

test("a line is level over each bucket", () => {
  expect(steps([0, 10, 20], [5, 8])).toBe("M0 5H10V8H20");
  expect(steps([0], [])).toBe("");
});

test("an area goes along the tops and back along the bottoms", () => {
  expect(area([0, 10, 20], [5, 8], [9, 9])).toBe("M0 5H10V8H20V9H10V9H0Z");
});

test("a name stands at the thickest place, and only where it has room", () => {
  const edges = [0, 100, 200, 300];
  expect(place(edges, [90, 60, 80], [100, 100, 100])).toEqual({ x: 150, y: 74, thick: 40 });
  expect(place(edges, [95, 95, 95], [100, 100, 100])).toBeNull();
  expect(place(edges, [60, 90, 90], [100, 100, 100])?.x, "not cut at the edge").toBe(60);
});

test("of names upon each other the thicker band's stays", () => {
  const [low, high, far] = [
    { x: 100, y: 50, thick: 20 },
    { x: 120, y: 55, thick: 30 },
    { x: 300, y: 55, thick: 16 },
  ];
  expect(apart([low, null, high, far])).toEqual([null, null, high, far]);
});

test("the chart says in its name what it shows, and draws a band each", () => {
  const { getByRole, container } = render(
    <StackedArea
      buckets={[0, 60_000]}
      bucketSeconds={60}
      bands={[
        { key: "a", label: "Titan", values: [1, 2] },
        { key: "b", label: "Frigate", values: [30, 40] },
      ]}
      line={[0, 1]}
      most={50}
      fill="fill-side-a"
      summary="Side A was strongest around 00:01."
      width={400}
      height={200}
      times
      marked={1}
      onMark={() => {}}
      cursor={null}
    />,
  );
  expect(getByRole("img").getAttribute("aria-label")).toBe("Side A was strongest around 00:01.");
  expect(container.querySelectorAll("path.fill-side-a")).toHaveLength(2);
  expect(container.textContent).toContain("Frigate");
  expect(container.textContent, "a thin band has no name").not.toContain("Titan");
});
