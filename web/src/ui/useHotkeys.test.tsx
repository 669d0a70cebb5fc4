import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { useHotkeys } from "./useHotkeys";

function Page({ heard }: { heard: string[] }) {
  useHotkeys({ k: () => heard.push("k"), j: () => heard.push("j") });
  return (
    <>
      <Frame heard={heard} />
      <input aria-label="field" />
    </>
  );
}

function Frame({ heard }: { heard: string[] }) {
  useHotkeys({ "g k": () => heard.push("g k") });
  return null;
}

test("a pair is a pair for every listener, and a single key only alone", async () => {
  const heard: string[] = [];
  render(<Page heard={heard} />);
  await userEvent.keyboard("j");
  await userEvent.keyboard("gk");
  await userEvent.keyboard("k");
  expect(heard).toEqual(["j", "g k", "k"]);
});

test("typing and modifiers are left alone", async () => {
  const heard: string[] = [];
  const { getByLabelText } = render(<Page heard={heard} />);
  await userEvent.type(getByLabelText("field"), "jk");
  document.body.focus();
  getByLabelText("field").blur();
  await userEvent.keyboard("{Control>}k{/Control}");
  expect(heard).toEqual([]);
});
