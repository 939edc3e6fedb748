// @ts-check
// Reloads the page when the preview has another build than the page's own, and puts the problems of a build before it.

const own = /** @type {HTMLScriptElement} */ (document.querySelector('script[src$="/__preview.js"]'));
/** @type {EventSource | undefined} */
let events;

// The number of the build is sent on connecting too: a save that falls while the page loads is not lost. A hidden page does
// not listen, since a browser opens six connections to a host and no more: many open tabs would block each other.
function listen() {
  events?.close();
  if (document.visibilityState === "hidden") return;
  events = new EventSource(new URL("__events", own.src));
  events.addEventListener("message", ({ data }) => {
    if (data !== own.dataset.build) location.reload();
  });
}

document.addEventListener("visibilitychange", listen);
listen();

// Without scripts the dialog stands open in the page; as a modal one it holds the focus, and Escape closes it.
const problems = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.preview-problems"));
if (problems) {
  problems.open = false;
  problems.showModal();
}
