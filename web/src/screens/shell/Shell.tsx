import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { Keyboard, Monitor, Moon, Skull, Sun, Swords } from "lucide-react";
import { useState } from "react";
import { useRenewalOnOpen, useStreamLifecycle } from "../../api/live";
import { eveClock, eveHour } from "../../eve/time";
import { Button } from "../../ui/Button";
import { Toaster } from "../../ui/Toast";
import { setTheme, useTheme } from "../../ui/theme";
import { useHotkeys } from "../../ui/useHotkeys";
import { useNow } from "../../ui/useNow";
import { FeedBanner, FeedStatus } from "./FeedStatus";
import { Footer } from "./Footer";
import { Help } from "./Help";
import { Mark } from "./Mark";

const NAV = [
  { to: "/battles", label: "Battles", Icon: Swords },
  { to: "/killmails", label: "Killmails", Icon: Skull },
] as const;

/** The frame around every screen: top bar, notices, content, footer, and a bottom bar on phones. */
export function Shell() {
  const [help, setHelp] = useState(false);
  const navigate = useNavigate();
  useStreamLifecycle();
  useRenewalOnOpen();
  useHotkeys({
    "g b": () => navigate({ to: "/battles" }),
    "g k": () => navigate({ to: "/killmails" }),
    "g r": () => navigate({ to: "/reports/new" }),
    "?": () => setHelp(true),
  });
  return (
    <div className="flex min-h-dvh flex-col pb-14 sm:pb-0">
      <a
        href="#content"
        className="absolute top-1 left-1 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 font-semibold text-ground focus:translate-y-0"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 border-line border-b bg-ground">
        <div className="flex h-(--head) items-center gap-4 px-3">
          <Link to="/battles" className="flex items-center gap-2 font-semibold tracking-tight">
            <Mark />
            BattleScope
          </Link>
          <nav aria-label="Main" className="hidden h-full sm:flex">
            {NAV.map(({ to, label }) => (
              <Link
                key={to}
                to={to}
                className="flex h-full items-center border-transparent border-b-2 px-3 text-muted hover:text-text data-[status=active]:border-accent data-[status=active]:text-text"
              >
                {label}
              </Link>
            ))}
          </nav>
          <div className="ml-auto flex items-center gap-3">
            <FeedStatus />
            <EveClock />
            <div className="flex gap-1">
              <ThemeSwitch />
              <Button
                icon
                aria-label="Keyboard help"
                title="Keyboard help (?)"
                className="max-sm:hidden"
                onClick={() => setHelp(true)}
              >
                <Keyboard size={16} aria-hidden />
              </Button>
            </div>
          </div>
        </div>
      </header>
      <FeedBanner />
      <main
        id="content"
        tabIndex={-1}
        className="min-h-[calc(100dvh-var(--head))] min-w-0 flex-1 outline-none"
      >
        <Outlet />
      </main>
      <Footer />
      <nav
        aria-label="Main, bottom"
        className="fixed inset-x-0 bottom-0 z-30 grid h-14 grid-cols-2 border-line border-t bg-ground sm:hidden"
      >
        {NAV.map(({ to, label, Icon }) => (
          <Link
            key={to}
            to={to}
            className="flex flex-col items-center justify-center gap-0.5 text-2xs text-muted data-[status=active]:font-semibold data-[status=active]:text-text"
          >
            <Icon size={18} aria-hidden />
            {label}
          </Link>
        ))}
      </nav>
      <Toaster />
      <Help open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function EveClock() {
  const now = useNow(1_000);
  return (
    <time dateTime={now.toISOString()} title="EVE time is UTC" className="num text-xs">
      <span className="max-sm:hidden">{eveClock(now)}</span>
      <span className="sm:hidden">{eveHour(now)}</span> <span className="text-muted">EVE</span>
    </time>
  );
}

function ThemeSwitch() {
  const { theme, next } = useTheme();
  const Icon = { dark: Moon, light: Sun, system: Monitor }[theme];
  const words = `Theme: ${theme}. Switch to ${next}`;
  return (
    <Button icon aria-label={words} title={words} onClick={() => setTheme(next)}>
      <Icon size={16} aria-hidden />
    </Button>
  );
}
