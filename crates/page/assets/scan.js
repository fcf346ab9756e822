// The document camera: a live picture, a page at a press, nothing reloaded meanwhile. Only on pages with form[data-scan], which work without.
"use strict";
(() => {
  const form = document.querySelector("form[data-scan]");
  if (!form) return;
  const live = form.querySelector("[data-scan-live]");
  const [video, choice, status, start, on, take] = [
    "video",
    "select",
    "[role=status]",
    "[data-scan-start]",
    "[data-scan-on]",
    "[data-scan-take]",
  ].map((part) => live.querySelector(part));
  const say = (word) => (status.textContent = status.dataset[word] ?? "");
  let stream;

  const offer = () => {
    for (const button of form.querySelectorAll("[data-scan-again]")) button.hidden = !stream;
  };
  const adopt = (page, ids) => {
    for (const id of ids) {
      const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (!fresh) return location.reload();
      old.replaceChildren(...fresh.childNodes);
    }
    offer();
  };
  // One after another, so that pages keep the order in which they were taken.
  let last = Promise.resolve();
  const send = (name, value, file) => {
    last = last.then(async () => {
      say("busy");
      const data = new FormData();
      data.append("_csrf", form.elements._csrf.value);
      if (file) data.append(name, value, file);
      else data.append(name, value);
      try {
        const response = await fetch(form.action, { method: "POST", body: data, signal: AbortSignal.timeout(60000) });
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        adopt(page, response.ok ? ["scan-pages"] : ["scan-wrong", "scan-pages"]);
        say("");
        if (!response.ok) document.getElementById("error-summary")?.focus();
      } catch {
        say("lost");
      }
    });
    return last;
  };
  const anew = () => document.getElementById("scan-wrong").replaceChildren();

  form.addEventListener("change", async ({ target }) => {
    if (target.type !== "file") return;
    const files = [...target.files];
    const { name } = target;
    target.value = "";
    anew();
    for (const file of files) await send(name, file, file.name);
  });
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.scanAgain) return shoot(button.dataset.scanAgain);
    if (!stream || button?.name !== "do" || !button.value.includes(":")) return;
    event.preventDefault();
    anew();
    await send("do", button.value);
    const same = [...form.querySelectorAll("button[name=do]")].find((other) => other.value === button.value);
    (same ?? document.getElementById("scan-pages")).focus();
  });

  if (!navigator.mediaDevices?.getUserMedia) return;
  live.hidden = false;
  const shoot = async (name) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d").drawImage(video, 0, 0);
    const photo = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
    if (!photo) return say("lost");
    anew();
    await send(name, photo, "page.jpg");
  };
  const stop = () => stream?.getTracks().forEach((track) => track.stop());
  const open = async (which) => {
    stop();
    stream = undefined;
    try {
      // The most a document camera gives; a browser takes what is nearest.
      const size = { width: { ideal: 3264 }, height: { ideal: 2448 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: { ...size, ...which } });
      video.srcObject = stream;
      await video.play();
    } catch {
      on.hidden = true;
      start.hidden = false;
      say("denied");
      return offer();
    }
    say("");
    on.hidden = false;
    start.hidden = true;
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === "videoinput");
    const now = stream.getVideoTracks()[0].getSettings().deviceId;
    choice.replaceChildren(
      ...cameras.map((d, i) => new Option(d.label || `${status.dataset.camera} ${i + 1}`, d.deviceId, false, d.deviceId === now)),
    );
    offer();
    take.focus();
  };
  start.addEventListener("click", () => open({ facingMode: { ideal: "environment" } }));
  choice.addEventListener("change", () => open({ deviceId: { exact: choice.value } }));
  take.addEventListener("click", () => shoot("pages"));
  addEventListener("pagehide", stop);
})();
