// Warns that the session is about to lock. Then it has what was typed kept, hides the page and opens the sign-in page.
// The server locks by itself, with or without this file.
(() => {
  const seconds = Number(document.body.dataset.idleSeconds);
  const notice = document.getElementById("idle");
  if (!seconds || !notice) return;
  const WARN_MS = 60_000;
  const KEEP_WITHIN_MS = 30_000;  // the page is hidden meanwhile; a slow line must not lose a note
  let locking = false;
  let touched = Date.now();
  const shown = () => !notice.hidden;
  const touch = () => { if (!shown()) touched = Date.now(); };
  ["pointerdown", "keydown", "scroll"].forEach((name) => document.addEventListener(name, touch, { passive: true }));
  notice.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    // One request keeps the session alive; what is typed on the page stays.
    fetch(event.target.href, { method: "HEAD", credentials: "same-origin" }).then((answer) => {
      if (!answer.ok || answer.redirected) return;
      notice.hidden = true;
      touched = Date.now();
    });
  });
  const lock = async () => {
    locking = true;
    document.documentElement.hidden = true;
    const typed = window.accordTyped ? window.accordTyped() : null;
    const send = () => fetch(document.body.dataset.keepUrl, {
      method: "POST", body: typed, credentials: "same-origin", signal: AbortSignal.timeout(KEEP_WITHIN_MS),
    });
    const kept = typed && await send().then((answer) => answer.status === 200, () => false);
    window.location.replace(`${document.body.dataset.lockUrl}?locked=1${kept ? "&kept=1" : ""}`);
  };
  setInterval(() => {
    if (locking) return;
    const left = touched + seconds * 1000 - Date.now();
    if (left <= 0) {
      lock();
    } else if (left <= WARN_MS && !shown()) {
      notice.hidden = false;
    }
  }, 1000);
})();
