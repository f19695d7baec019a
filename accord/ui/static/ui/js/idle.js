// Says that the session is about to lock, then hides the page and goes to the sign-in. The server locks by itself, with or without this file.
(() => {
  const seconds = Number(document.body.dataset.idleSeconds);
  const notice = document.getElementById("idle");
  if (!seconds || !notice) return;
  const WARN_MS = 60_000;
  let touched = Date.now();
  const shown = () => !notice.hidden;
  const touch = () => { if (!shown()) touched = Date.now(); };
  ["pointerdown", "keydown", "scroll"].forEach((name) => document.addEventListener(name, touch, { passive: true }));
  notice.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    // One request keeps the session; what is typed on the page stays as it is.
    fetch(event.target.href, { method: "HEAD", credentials: "same-origin" }).then((answer) => {
      if (!answer.ok || answer.redirected) return;
      notice.hidden = true;
      touched = Date.now();
    });
  });
  setInterval(() => {
    const left = touched + seconds * 1000 - Date.now();
    if (left <= 0) {
      document.documentElement.hidden = true;
      window.location.replace(document.body.dataset.lockUrl);
    } else if (left <= WARN_MS && !shown()) {
      notice.hidden = false;
    }
  }, 1000);
})();
