// Small comforts; every page works without this file.
(() => {
  // An open menu closes on Escape, on a press elsewhere, and when focus moves on.
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  const closeOthers = (target) => menus().forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; if (menu.contains(document.activeElement)) menu.querySelector("summary").focus(); });
  });
  // On a phone the parts of "Our agency" stand side by side: the one that is open is in sight.
  const part = document.querySelector(".sections [aria-current]");
  if (part) { const list = part.closest("ul"); list.scrollLeft = part.offsetLeft - list.offsetLeft - 16; }
  // After a refused form the summary of what to look at again has the focus.
  const summary = document.querySelector("[data-error-summary]");
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
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
