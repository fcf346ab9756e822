//! Waiting for what will come, instead of sleeping.

const PATIENCE_MS = 15_000;
const PAUSE_MS = 100;

/// Waits until the address satisfies `wanted`.
export async function expectUrl(page, wanted) {
  await page.waitForURL((url) => wanted(url), { timeout: PATIENCE_MS });
}

/// Asks again and again until the answer is truthy; answers it.
export async function until(what, ask, patience = PATIENCE_MS) {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`waited ${patience} ms in vain for ${what}`);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}
