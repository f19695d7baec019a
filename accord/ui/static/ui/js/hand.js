// The device is in a survivor's hands: hide what other tabs of this browser show of staff's work (page.js).
(() => {
  if (window.BroadcastChannel) new BroadcastChannel("accord").postMessage("handed");
  // One box for all: it checks every box above it, and lets go when one of them is unchecked. Without script it counts for all.
  document.querySelectorAll("[data-all-true]").forEach((group) => {
    const boxes = [...group.querySelectorAll("fieldset input[type=checkbox]")];
    const every = group.querySelector("[name=all_true]");
    every.addEventListener("change", () => boxes.forEach((box) => { box.checked = every.checked; }));
    boxes.forEach((box) => box.addEventListener("change", () => { every.checked = boxes.every((one) => one.checked); }));
  });
  // A refused form is the answer to a POST: without this, "Back" from the thank-you page would ask to send it once more.
  window.history.replaceState(null, "", window.location.href);
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();
