// Small conveniences; every page works without this file.
(() => {
  // While the device is handed over in another tab (hand.js), this one is hidden; what is typed here stays.
  if (window.BroadcastChannel) {
    const tabs = new BroadcastChannel("accord");
    tabs.addEventListener("message", (event) => { document.documentElement.hidden = event.data === "handed"; });
    tabs.postMessage("staff");
  }
  // Reload a page that the browser kept in memory: it may no longer be this reader's.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.documentElement.hidden = true;
    window.location.reload();
  });
  // An open menu closes on Escape, on a click elsewhere, and when focus moves on.
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  const closeOthers = (target) => menus().forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; if (menu.contains(document.activeElement)) menu.querySelector("summary").focus(); });
  });
  // On a phone the parts of "Our agency" are side by side: scroll to the open one.
  const part = document.querySelector(".sections [aria-current]");
  if (part) { const list = part.closest("ul"); list.scrollLeft = part.offsetLeft - list.offsetLeft - 16; }
  // After a refused form, focus the summary of errors; after an action, its message.
  const summary = document.querySelector("[data-error-summary]") || document.querySelector("[data-takes-focus]");
  if (summary) summary.focus();
  // Show what is typed into a secret field.
  document.querySelectorAll("[data-reveal]").forEach((button) => {
    const input = document.getElementById(button.dataset.reveal);
    button.hidden = false;
    button.addEventListener("click", () => {
      const show = input.type === "password";
      input.type = show ? "text" : "password";
      button.setAttribute("aria-pressed", String(show));
      button.textContent = show ? button.dataset.hide : button.dataset.show;
    });
  });
  // Send a form once: ignore a second click while the first is under way. Allow it again when the page is shown again,
  // or after a while, because the answer can be a file.
  const sent = new Set();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (sent.has(form)) { event.preventDefault(); return; }
    sent.add(form);
    setTimeout(() => sent.delete(form), 8000);
  });
  window.addEventListener("pageshow", () => sent.clear());
  // Changing the language reloads the page: ask first if something was typed.
  let typed = false;
  document.querySelectorAll("main form[method=post]").forEach((form) => form.addEventListener("input", () => { typed = true; }));
  document.querySelectorAll("form[data-leaves]").forEach((form) => form.addEventListener("submit", (event) => {
    if (typed && !window.confirm(form.dataset.leaves)) event.preventDefault();
  }));
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
