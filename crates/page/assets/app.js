// What pages gain when scripts run; every page works without. No framework, nothing from elsewhere.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // After an error the summary is what one wants to hear first.
  document.getElementById("error-summary")?.focus();

  // A button pressed twice sends once.
  for (const form of all("form[method=post]:not(.prefs)")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent === "yes") {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      setTimeout(() => delete form.dataset.sent, 8000);
    });
  }
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  // What was made to be signed or taken along prints by itself, once.
  if (document.querySelector("[data-print-now]")) {
    history.replaceState(null, "", location.pathname);
    setTimeout(() => print(), 0);
  }
  // A reader of identity cards: a card that is put on it while the page is open is taken as if the button were pressed.
  for (const form of all("form[data-card]")) {
    const take = form.querySelector("[data-card-take]");
    const timer = setInterval(async () => {
      if (document.hidden || form.dataset.sent) return;
      try {
        // Nobody is doing anything: it keeps no session alive.
        const response = await fetch(form.dataset.card, { headers: { "Yimen-By-Itself": "1" }, signal: AbortSignal.timeout(3000) });
        const { card } = await response.json();
        if (!response.ok || !card || form.dataset.sent) return;
        clearInterval(timer);
        form.elements._on.value = card;
        form.requestSubmit(take);
      } catch {
        // The button and the field are still there.
      }
    }, 700);
  }

  for (const button of all("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.dataset.copied = "yes";
    });
  }

  // Autosave: what was typed goes to the server a moment later; its answer says which fields show and which are needed.
  const idOf = (name) => ("f-" + name.replace(/[^A-Za-z0-9]/g, "-")).replace(/-+$/, "");
  const say = (form, text, bad) => {
    const place = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
    if (!place) return;
    place.hidden = false;
    place.textContent = text;
    place.classList.toggle("field-error", Boolean(bad));
  };
  const apply = (form, reply) => {
    const show = reply.show && new Set(reply.show);
    const must = reply.require && new Set(reply.require);
    for (const field of all("[data-field]", form)) {
      const name = field.dataset.field;
      if (show) field.hidden = !show.has(name);
      if (!must) continue;
      for (const input of all("input, select, textarea", field)) {
        if (!["checkbox", "radio", "file"].includes(input.type)) input.required = must.has(name) && !field.hidden;
      }
    }
    if (reply.rev !== undefined) {
      const rev = form.querySelector("input[name=rev]");
      if (rev) rev.value = reply.rev;
    }
    // What registers have answered meanwhile; what somebody typed or chose stays.
    for (const [name, value] of Object.entries(reply.fill ?? {})) {
      const inputs = all("input, select, textarea", form).filter((input) => input.name === name && input.type !== "hidden");
      for (const input of inputs) {
        // A choice that a register answered changes with what it was asked about; what was typed stays.
        if (input.type === "radio") input.checked = input.value === value;
        else if (input.type !== "checkbox" && !input.value) input.value = value;
      }
    }
    for (const line of all("[data-live-error]", form)) line.remove();
    for (const error of reply.errors ?? []) {
      const input = document.getElementById(idOf(error.field));
      if (!input || input === document.activeElement || !input.value) continue;
      if (document.getElementById(idOf(error.field) + "-error")) continue;
      const line = document.createElement("p");
      line.className = "field-error";
      line.dataset.liveError = "yes";
      line.textContent = error.say;
      input.before(line);
    }
  };
  for (const form of all("form[data-autosave]")) {
    let timer = 0;
    let running = false;
    let again = false;
    const save = async () => {
      if (running) {
        again = true;
        return;
      }
      const data = new FormData(form);
      for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
      running = true;
      try {
        const response = await fetch(form.dataset.autosave, {
          method: "POST",
          body: new URLSearchParams(data),
          headers: { Accept: "application/json" },
          signal: AbortSignal.timeout(15000),
        });
        const reply = await response.json();
        if (response.ok) {
          apply(form, reply);
          if (reply.saved) say(form, reply.saved);
        } else {
          say(form, [reply.say, reply.next].filter(Boolean).join(" "), true);
        }
      } catch {
        timer = setTimeout(save, 10000);
      } finally {
        running = false;
        if (again) {
          again = false;
          timer = setTimeout(save, 300);
        }
      }
    };
    const soon = (event) => {
      if (event.target.type === "file") return;
      clearTimeout(timer);
      timer = setTimeout(save, event.type === "change" ? 100 : 900);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    // A save on its way changes the draft's version: the form waits for it, or it would conflict with itself.
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      again = false;
      if (!running) return;
      event.preventDefault();
      const { submitter } = event;
      const send = () => {
        if (running) return setTimeout(send, 20);
        // It was held up, not sent: pressed once is sent once.
        delete form.dataset.sent;
        form.requestSubmit(submitter);
      };
      send();
    });
  }

  // A form that only asks: as one answers, the parts of the page that depend on it come anew from the same address.
  for (const form of all("form[data-part]")) {
    let asked = 0;
    form.addEventListener("change", async () => {
      const mine = ++asked;
      const url = new URL(form.action);
      url.search = new URLSearchParams(new FormData(form)).toString();
      try {
        const response = await fetch(url, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(15000) });
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        if (!response.ok || mine !== asked) return;
        for (const id of form.dataset.part.split(" ")) {
          const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
          if (old && fresh) old.replaceChildren(...fresh.childNodes);
        }
        history.replaceState(null, "", url);
      } catch {
        // The form's own button asks the same.
      }
    });
  }

  // Live progress: the server sends the part anew when something happened.
  for (const part of all("[data-live]")) {
    const events = new EventSource(part.dataset.live);
    // A calling screen reads out each call once, where the browser may speak; what was there before it is old.
    const said = new Set(all("[data-call]", part).map((call) => call.dataset.call));
    events.addEventListener("html", (event) => {
      part.innerHTML = event.data;
      for (const call of all("[data-call]", part)) {
        if (said.has(call.dataset.call)) continue;
        said.add(call.dataset.call);
        if (!window.speechSynthesis) continue;
        const words = new SpeechSynthesisUtterance(call.dataset.say);
        words.lang = document.documentElement.lang;
        speechSynthesis.speak(words);
      }
    });
    events.addEventListener("reload", () => location.reload());
    addEventListener("pagehide", () => events.close());
  }

  // Where one is, asked of the browser when the button is pressed: sent in the body, to about a hundred metres, and kept nowhere.
  for (const form of navigator.geolocation ? all("form[data-locate]") : []) {
    form.hidden = false;
    const denied = form.querySelector("[data-locate-denied]");
    let located = false;
    form.addEventListener("submit", (event) => {
      if (located) return;
      event.preventDefault();
      const ask = new FormData(document.getElementById(form.dataset.locate));
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        form.elements.lat.value = coords.latitude.toFixed(3);
        form.elements.lon.value = coords.longitude.toFixed(3);
        form.elements.q.value = ask.get("q") ?? "";
        for (const old of all("input[name=with]", form)) old.remove();
        for (const need of ask.getAll("with")) {
          form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "with", value: need }));
        }
        located = true;
        delete form.dataset.sent;
        form.requestSubmit();
      }, () => {
        delete form.dataset.sent;
        denied.hidden = false;
      }, { timeout: 10000, maximumAge: 60000 });
    });
  }

  // A page that several people use after one another goes on by itself.
  for (const link of all("a[data-onward]")) {
    setTimeout(() => location.assign(link.href), Number(link.dataset.onward) * 1000);
  }

  // Lists for people who do this all day: j and k move, x ticks, Enter opens.
  for (const table of all("table[data-keys]")) {
    let at = -1;
    const rows = () => all("tbody tr", table);
    const go = (to) => {
      const list = rows();
      if (!list.length) return;
      at = Math.max(0, Math.min(to, list.length - 1));
      list.forEach((row, i) => row.classList.toggle("row-here", i === at));
      const link = list[at].querySelector("a");
      link?.focus({ preventScroll: true });
      list[at].scrollIntoView({ block: "nearest" });
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
      if (event.key === "j") go(at + 1);
      else if (event.key === "k") go(at - 1);
      else if (event.key === "x") rows()[at]?.querySelector("input[type=checkbox]")?.click();
      else return;
      event.preventDefault();
    });
  }

  // A long upload says how far it is.
  for (const form of all("form[data-upload]")) {
    form.addEventListener("submit", () => {
      const bar = form.querySelector("progress");
      if (bar) bar.hidden = false;
    });
  }
})();
