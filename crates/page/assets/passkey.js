// Passkeys: the question comes from the server, the answer goes back in the form; nothing is kept here. Only on pages that have one.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !isSecureContext) return;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

  const ask = async (kind) => {
    const response = await fetch(`/login/passkey?for=${kind}`, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(15000),
    });
    const reply = await response.json();
    if (!response.ok) throw { say: reply.say };
    return reply;
  };
  const make = async ({ options }) => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: named(options.excludeCredentials),
      },
    });
    return {
      id: made.id,
      response: {
        clientDataJSON: text(made.response.clientDataJSON),
        attestationObject: text(made.response.attestationObject),
      },
    };
  };
  const show = async ({ options }) => {
    const shown = await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge) } });
    const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
    return {
      id: shown.id,
      response: {
        clientDataJSON: text(clientDataJSON),
        authenticatorData: text(authenticatorData),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
    };
  };

  for (const place of document.querySelectorAll("[data-passkey]")) {
    const kind = place.dataset.passkey;
    const [button, field, say] = ["button", "input", "[role=status]"].map((part) => place.querySelector(part));
    button.addEventListener("click", async () => {
      // A passkey is made only when nothing else is missing: one that was made and not kept is of no use to anybody.
      // What is missing is told by the server, in the words of every other form.
      if (kind === "new" && !field.form.checkValidity()) return field.form.submit();
      button.disabled = true;
      try {
        const answer = await (kind === "new" ? make : show)(await ask(kind));
        field.value = JSON.stringify(answer);
        // A form that asks for more than who one is, is sent by its own button.
        if (kind === "sure") say.textContent = place.dataset.done;
        else field.form.submit();
      } catch (error) {
        // Only what the server says is in the reader's language.
        say.textContent = error.say ?? place.dataset.failed;
      } finally {
        button.disabled = false;
      }
    });
    // Offered to those only who have one.
    if (kind !== "sure") {
      place.hidden = false;
      place.closest("section[hidden]")?.removeAttribute("hidden");
    } else ask(kind).then(({ have }) => (place.hidden = have === 0), () => {});
  }
})();
