// Passkeys: a button beside the field for a code. Without this file or without passkeys in the browser, the code
// remains.
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const asked = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: withBytes(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: withBytes(options.allowCredentials) }),
  });
  const answered = (credential) => {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    });
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
  };
  document.querySelectorAll("[data-passkey]").forEach((box) => {
    const button = box.querySelector("button");
    const trouble = box.querySelector("[role=status]");
    const form = box.closest("form");
    box.hidden = false;
    button.addEventListener("click", async () => {
      trouble.textContent = "";
      try {
        const body = new FormData();
        body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        body.set("what", box.dataset.passkey);
        const reply = await fetch(box.dataset.url, { method: "POST", body, credentials: "same-origin" });
        if (!reply.ok) throw new Error(reply.status);
        const { publicKey } = await reply.json();
        const credential = box.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: asked(publicKey) })
          : await navigator.credentials.get({ publicKey: asked(publicKey) });
        box.querySelector("input[type=hidden]").value = answered(credential);
        form.noValidate = true;
        form.requestSubmit();
      } catch {
        trouble.textContent = trouble.dataset.failed;
      }
    });
  });
})();
