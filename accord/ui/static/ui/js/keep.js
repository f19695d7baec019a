// For the scripts that lock or leave a page: send what was typed to the server, which encrypts it. Nothing is kept in
// the browser. What opens an account is never sent.
(() => {
  const touched = new Set();
  document.addEventListener("input", (event) => { if (event.target.form) touched.add(event.target.form); });
  const isOwn = (form) => form.method === "post" && !form.hasAttribute("action") && form.closest("main");
  const wasRefused = () => document.querySelector("[data-error-summary]");
  const opens = (field) => field.type === "password" || field.autocomplete === "one-time-code";
  window.accordTyped = () => {
    const form = [...document.forms].find((one) => isOwn(one) && (touched.has(one) || wasRefused()));
    if (!form) return null;
    const typed = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (typeof value === "string") typed.append(name, value); });
    [...form.elements].filter(opens).forEach((field) => typed.delete(field.name));
    typed.set("kept_path", window.location.pathname);
    return typed;
  };
})();
