// Leave this site: replaces this page in the history, so that Back does not return here. Works as a plain link without this file.
(() => {
  const link = document.getElementById("leave");
  if (!link) return;
  const leave = () => {
    document.documentElement.hidden = true;
    document.title = "";
    window.location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
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
