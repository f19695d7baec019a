// The device is in a survivor's hands: hide what other tabs of this browser show of staff's work (page.js).
(() => {
  if (window.BroadcastChannel) new BroadcastChannel("accord").postMessage("handed");
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();
