// Forms that staff bring: say that a large form is being loaded. Without this file the next page says what came of it.
(() => {
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-busy]");
    if (!button || event.defaultPrevented) return;
    event.target.querySelector("[role=status]").textContent = button.dataset.busy;
  });
})();
