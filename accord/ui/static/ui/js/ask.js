// Forms that staff bring. A change sends the page and swaps in how it is asked now; without this file, the next button
// does the same. Uploading a form says that it takes a while.
(() => {
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-busy]");
    if (button && !event.defaultPrevented) event.target.querySelector("[role=status]").textContent = button.dataset.busy;
  });
  const ask = () => document.querySelector("[data-ask]");
  if (!ask()) return;
  const form = ask().closest("form");
  const values = () => new Map([...form.elements].filter((one) => one.id).map((one) => [one.id, [one.value, one.checked]]));
  let latest = 0;

  // What was typed or chosen while the answer was under way stays, and so does a chosen file, which is not sent.
  const carryOver = (sent, old, fresh) => {
    old.querySelectorAll("input, select, textarea").forEach((one) => {
      const now = one.id && fresh.querySelector(`#${CSS.escape(one.id)}`);
      if (!now || now.type !== one.type) return;
      const [value, checked] = sent.get(one.id) || [one.value, one.checked];
      if (one.type === "file") { if (one.files.length) now.replaceWith(one); return; }
      if (one.value !== value) now.value = one.value;
      if (one.checked !== checked) now.checked = one.checked;
    });
  };

  // What a page asks, without any answer.
  const shape = (page) => {
    const bare = page.cloneNode(true);
    bare.querySelectorAll(".ask__new, input[type=hidden]:not([name=seen])").forEach((one) => one.remove());
    bare.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox])").forEach((one) => one.removeAttribute("value"));
    bare.querySelectorAll("textarea").forEach((one) => { one.textContent = ""; });
    bare.querySelectorAll("[checked], [selected]").forEach((one) => { one.removeAttribute("checked"); one.removeAttribute("selected"); });
    return bare.innerHTML;
  };

  // If the page asks the same, nothing moves under the reader: only what the server set or carries along changes.
  const update = (sent, old, fresh) => {
    fresh.querySelectorAll("input, select, textarea").forEach((one) => {
      if (one.type === "hidden") { if (one.name !== "seen") old.querySelector(`[name="${CSS.escape(one.name)}"]`).value = one.value; return; }
      const now = one.id && one.type !== "file" && document.getElementById(one.id);
      const [value, checked] = (now && sent.get(one.id)) || [];
      if (!now || now.value !== value || now.checked !== checked) return;
      now.value = one.value;
      now.checked = one.checked;
    });
  };

  const swap = (text, sent) => {
    const old = ask();
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-ask]");
    if (!fresh) return;
    if (shape(old) === shape(fresh)) { update(sent, old, fresh); return; }
    const active = document.activeElement;
    const held = old.contains(active) ? active : null;
    const at = held && "selectionStart" in held && held.type !== "file" ? [held.selectionStart, held.selectionEnd] : null;
    carryOver(sent, old, fresh);
    const said = fresh.querySelector(".ask__new");
    const words = said && said.textContent;
    if (said) said.textContent = "";
    old.replaceWith(fresh);
    if (said) setTimeout(() => { said.textContent = words; }, 50);  // a status is read out when it changes
    const asked = fresh.querySelector("[data-focus]");
    const target = (asked && document.getElementById(asked.dataset.focus)) || (held && held.id && document.getElementById(held.id));
    if (!target) return;
    target.focus({ preventScroll: !asked });
    if (at && at[0] !== null && target.setSelectionRange) { try { target.setSelectionRange(...at); } catch { /* a type without text */ } }
  };

  const redraw = async (go) => {
    const number = ++latest;
    const body = new FormData(form);
    [...body.entries()].forEach(([name, value]) => { if (typeof value !== "string") body.delete(name); });
    body.set("redraw", "1");
    if (go) body.set("go", go);
    const sent = values();
    const answer = await fetch(window.location.href, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
    if (!answer || number !== latest) return;
    // A page instead of a fragment: the session has ended, or the form fails. Sending the page itself shows it.
    if (!answer.ok || answer.redirected) { if (go) form.submit(); return; }
    swap(await answer.text(), sent);
  };

  // A mark and an answer exclude each other.
  const settleMarks = (changed) => {
    const question = changed.closest(".ask__q");
    if (!question) return;
    const marks = [...question.querySelectorAll("[data-mark]")];
    if (!marks.length) return;
    if (!marks.includes(changed)) { marks.forEach((one) => { one.checked = false; }); return; }
    if (!changed.checked) return;
    marks.forEach((one) => { one.checked = one === changed; });
    question.querySelectorAll("input:not([data-mark], [type=hidden]), select, textarea").forEach((one) => {
      if (one.type === "checkbox" || one.type === "radio") one.checked = false;
      else one.value = "";
    });
  };

  form.addEventListener("change", (event) => {
    if (!event.target.closest("[data-ask]")) return;
    settleMarks(event.target);
    if (event.target.type !== "file") redraw("");
  });
  form.addEventListener("submit", (event) => {
    const go = event.submitter && event.submitter.name === "go" ? event.submitter.value : "";
    if (!/^(add|remove|language):/.test(go)) { latest += 1; return; }
    event.preventDefault();
    redraw(go);
  }, true);
})();
