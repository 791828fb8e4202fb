// What the pages gain where JavaScript runs; nothing here is needed to use them.

const said = document.getElementById("words")?.dataset ?? {};

// A form is sent once, however often the button is pressed on a bad line.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => free(form), 10000); // the answer may have been a file: the page is still there
  if (event.submitter && said.sending) {
    event.submitter.setAttribute("aria-disabled", "true");
    announce(said.sending);
  }
});

// Coming back with the browser's arrow: the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) free(form);
});

// What is wrong is read out first, then the field that a link of the summary names gets the cursor.
document.querySelector(".summary[autofocus]")?.focus();
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const place = field.matches("input, select, textarea, button") ? field : field.querySelector("input, select, textarea") ?? field;
  place.closest(".field")?.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});

// A details that is closed on the screen is open on paper.
const closed = [];
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not([open])")) {
    closed.push(part);
    part.open = true;
  }
});
window.addEventListener("afterprint", () => {
  for (const part of closed.splice(0)) part.open = false;
});

function announce(text) {
  const place = document.getElementById("announcements");
  if (place) place.textContent = text;
}

function free(form) {
  delete form.dataset.sent;
  for (const button of form.elements) {
    if (!button.dataset.off) button.removeAttribute("aria-disabled");
  }
}
