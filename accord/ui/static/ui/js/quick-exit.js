// Leave this site: ends the session and replaces this page in the history, so that Back does not return here. Also
// works without this file: as a form if a session is open, else as a plain link.
(() => {
  const control = document.getElementById("leave");
  if (!control) return;
  const LONGEST_BEACON = 60_000;  // what a browser still sends after its page is gone
  const end = () => {
    const form = document.getElementById("leaving");
    if (!form) return;
    const sent = new URLSearchParams(new FormData(form));
    const typed = window.accordTyped ? window.accordTyped() : null;
    const post = (body) => fetch(form.action, { method: "POST", body, credentials: "same-origin", keepalive: true });
    if (!typed) { post(sent).catch(() => {}); return; }
    typed.set("csrfmiddlewaretoken", sent.get("csrfmiddlewaretoken"));
    post(typed.toString().length < LONGEST_BEACON ? typed : sent).catch(() => {});
  };
  const leave = () => {
    document.documentElement.hidden = true;
    document.title = "";
    end();
    window.location.replace(control.dataset.exitUrl || control.href);
  };
  control.addEventListener("click", (event) => {
    if (event.button === 0 && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      leave();
    }
  });
  const WITHIN_MS = 1500;
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
    if (presses.length >= 3) leave();
  });
})();
