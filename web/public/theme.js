// Sets the stored theme (dark unless another was chosen) before the first paint. Kept apart from the page's own
// script, and external, because the content security policy forbids inline code.
// The page changes the theme later through src/ui/theme.ts; the key is the same.
try {
  const theme = localStorage.getItem("battlescope.theme");
  if (theme === "light" || theme === "system") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be blocked; the system's preference then decides.
}
