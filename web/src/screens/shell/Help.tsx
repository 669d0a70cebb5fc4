import { Dialog } from "../../ui/Dialog";
import { Kbd } from "../../ui/Kbd";

const KEYS: readonly (readonly [string[], string])[] = [
  [["g", "b"], "Go to battles"],
  [["g", "k"], "Go to killmails"],
  [["g", "r"], "New report"],
  [["j"], "Next row"],
  [["k"], "Previous row"],
  [["Enter"], "Open the row"],
  [["o"], "Open the row on zKillboard"],
  [["["], "Previous tab of a battle"],
  [["]"], "Next tab of a battle"],
  [["Space"], "Play or pause the replay of a battle"],
  [["←", "→"], "One kill back or on, in the replay and from killmail to killmail"],
  [["f"], "To the filters"],
  [["c"], "Copy the link to this page"],
  [["."], "Pause or resume the live feed"],
  [["?"], "This help"],
  [["Esc"], "Close, end the replay, show the whole battle"],
];

export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        {KEYS.map(([keys, words]) => (
          <div key={words} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
