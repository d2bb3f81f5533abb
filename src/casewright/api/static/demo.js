"use strict";
// The demo page: a form in, POST /analyze-ticket, the verdict out. Text goes into the page as text, never as markup.

const byId = (id) => document.getElementById(id);
const form = byId("ticket");
const rows = byId("rows");
const ROW_FIELDS = ["transaction_id", "timestamp", "type", "amount", "counterparty", "status"];
const TONES = {
  consistent: "good", inconsistent: "warn", insufficient_data: "warn",
  low: "", medium: "", high: "warn", critical: "bad",
};
let samples = [];

const words = (code) => String(code).replaceAll("_", " ");
const isBangla = (text) => /[\u0980-\u09ff]/.test(text);

function show(id, text, tone) {
  const element = byId(id);
  element.textContent = text;
  element.className = tone || "";
}

function markLanguage(element, text) {
  element.lang = isBangla(text) ? "bn" : "en";
}

function countRows() {
  byId("no-rows").hidden = rows.children.length > 0;
}

function addRow(values) {
  const item = byId("row").content.cloneNode(true).firstElementChild;
  for (const name of ROW_FIELDS) {
    const value = values[name];
    item.querySelector(`[name="${name}"]`).value = value === undefined || value === null ? "" : value;
  }
  item.querySelector(".remove").addEventListener("click", () => { item.remove(); countRows(); });
  rows.append(item);
  countRows();
}

function fillForm(ticket) {
  for (const name of ["ticket_id", "language", "user_type", "channel", "complaint"]) {
    byId(name).value = ticket[name] || "";
  }
  markLanguage(byId("complaint"), ticket.complaint || "");
  rows.replaceChildren();
  (ticket.transaction_history || []).forEach(addRow);
  countRows();
}

function readRow(item) {
  const row = {};
  for (const name of ROW_FIELDS) {
    const value = item.querySelector(`[name="${name}"]`).value.trim();
    if (value) row[name] = name === "amount" && Number.isFinite(Number(value)) ? Number(value) : value;
  }
  return row;
}

function readForm() {
  const ticket = { ticket_id: byId("ticket_id").value, complaint: byId("complaint").value };
  for (const name of ["language", "user_type", "channel"]) {
    if (byId(name).value) ticket[name] = byId(name).value;
  }
  ticket.transaction_history = Array.from(rows.children, readRow);
  return ticket;
}

function showProblem(title, text, requestId) {
  byId("problem-title").textContent = title;
  byId("problem-text").textContent = text;
  byId("problem-id").textContent = requestId ? `Request ${requestId}` : "";
  byId("problem").hidden = false;
  byId("outcome").hidden = true;
  byId("empty").hidden = true;
}

function showVerdict(verdict, tookMs) {
  byId("problem").hidden = true;
  byId("empty").hidden = true;
  byId("outcome").hidden = false;
  const row = verdict.relevant_transaction_id;
  show("headline", row === null
    ? "No single transaction can be the one meant."
    : `${row}: the ledger is ${words(verdict.evidence_verdict)} with the complaint.`);
  for (const name of ["case_type", "evidence_verdict", "severity", "department"]) {
    show(name, words(verdict[name]), TONES[verdict[name]]);
  }
  show("relevant_transaction_id", row === null ? "none" : row);
  show("human_review_required", verdict.human_review_required ? "yes" : "no", verdict.human_review_required ? "warn" : "");
  show("confidence", Number(verdict.confidence).toFixed(2));
  show("took", `${tookMs.toFixed(0)} ms, with the network`);
  show("customer_reply", verdict.customer_reply, "reply");
  markLanguage(byId("customer_reply"), verdict.customer_reply);
  show("agent_summary", verdict.agent_summary);
  show("recommended_next_action", verdict.recommended_next_action);
  byId("reason_codes").replaceChildren(...verdict.reason_codes.map((code) => {
    const item = document.createElement("li");
    item.textContent = words(code);
    return item;
  }));
  byId("raw").textContent = JSON.stringify(verdict, null, 2);
  for (const item of rows.children) {
    const isMatched = row !== null && item.querySelector('[name="transaction_id"]').value === row;
    item.classList.toggle("matched", isMatched);
    item.querySelector(".mark").textContent = isMatched ? "matched" : "";
  }
}

async function decide() {
  const headers = { "Content-Type": "application/json" };
  const key = byId("api_key").value.trim();
  if (key) headers["X-API-Key"] = key;
  const started = performance.now();
  let response;
  let body;
  try {
    response = await fetch("/analyze-ticket", { method: "POST", headers, body: JSON.stringify(readForm()) });
    body = await response.json();
  } catch {
    showProblem("No answer", "The service did not answer. What you typed is still here; try again.", "");
    return;
  }
  if (response.ok) {
    showVerdict(body, performance.now() - started);
    return;
  }
  if (response.status === 401) byId("key-box").open = true;
  const error = body.error || {};
  showProblem(`Not decided (${response.status})`, error.message || "The service gave no reason.", error.request_id);
}

function bringIntoView() {
  const target = byId("problem").hidden ? byId("outcome") : byId("problem");
  if (target.getBoundingClientRect().top > window.innerHeight * 0.7) byId("outcome-title").scrollIntoView();
}

async function submitForm() {
  const button = byId("decide");
  button.disabled = true;
  try {
    await decide();
    bringIntoView();
  } finally {
    button.disabled = false;
  }
}

async function loadSamples() {
  const response = await fetch("/static/samples.json");
  samples = await response.json();
  samples.forEach((sample, index) => {
    const option = document.createElement("option");
    option.value = String(index);
    const text = sample.complaint.length > 70 ? `${sample.complaint.slice(0, 70)}…` : sample.complaint;
    option.textContent = `${sample.ticket_id}: ${text}`;
    byId("sample").append(option);
  });
}

form.addEventListener("submit", (event) => { event.preventDefault(); submitForm(); });
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
});
byId("sample").addEventListener("change", (event) => {
  if (event.target.value !== "") fillForm(samples[Number(event.target.value)]);
});
byId("complaint").addEventListener("input", (event) => markLanguage(event.target, event.target.value));
byId("add-row").addEventListener("click", () => addRow({}));
loadSamples().catch(() => { byId("sample").disabled = true; });
