"use strict";
// Shows /openapi.json for reading. Everything comes from this origin, and goes into the page as text.

const byId = (id) => document.getElementById(id);

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function nameOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf) return schema.anyOf.map((part) => nameOf(part) || "anything").join(", or ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array") return `list of ${nameOf(schema.items) || "anything"}`;
  if (schema.contentSchema) return `JSON of ${nameOf(schema.contentSchema)}`;
  if (schema.properties) return Object.keys(schema.properties).join(", ");
  return [].concat(schema.type || []).join(" or ");
}

function nameOfEvent(schema) {
  return `${nameOf(schema.properties.event)}: ${nameOf(schema.properties.data)}`;
}

function describeContent(content) {
  return Object.entries(content || {}).map(([type, media]) => {
    const events = (media.itemSchema || {}).anyOf || [];
    return `${type}: ${events.length ? events.map(nameOfEvent).join(", ") : nameOf(media.schema)}`;
  }).join("; ");
}

function table(rows) {
  const element = make("table");
  for (const cells of rows) {
    const row = make("tr");
    cells.forEach((cell, index) => row.append(make(index === 0 ? "th" : "td", cell)));
    element.append(row);
  }
  return element;
}

function showOperation(path, method, operation) {
  const panel = make("section", undefined, "panel operation");
  const title = make("h2");
  title.append(make("span", `${method} `, "method"), make("code", path), make("span", `  ${operation.summary || ""}`, "soft"));
  panel.append(title);
  if (operation.description) panel.append(make("p", operation.description));
  if (operation.requestBody) {
    const media = operation.requestBody.content["application/json"];
    panel.append(make("h3", "Body"), make("p", describeContent(operation.requestBody.content)));
    if (media && media.example) {
      const details = make("details");
      details.append(make("summary", "Example"), make("pre", JSON.stringify(media.example, null, 2)));
      panel.append(details);
    }
  }
  panel.append(make("h3", "Answers"));
  panel.append(table(Object.entries(operation.responses).map(
    ([status, answer]) => [status, answer.description, describeContent(answer.content)],
  )));
  byId("operations").append(panel);
}

function showSchema(name, schema) {
  const panel = make("section", undefined, "panel operation");
  panel.append(make("h2", name));
  if (schema.description) panel.append(make("p", schema.description));
  const shape = schema.properties ? schema : (schema.anyOf || []).find((part) => part.properties) || {};
  const required = new Set(shape.required || []);
  panel.append(table(Object.entries(shape.properties || {}).map(([field, part]) => [
    field + (required.has(field) ? " (required)" : ""), nameOf(part) || "anything", part.description || "",
  ])));
  byId("schemas").append(panel);
}

async function load() {
  const document_ = await (await fetch("/openapi.json")).json();
  byId("title").textContent = `${document_.info.title} ${document_.info.version}`;
  byId("about").textContent = document_.info.description || "";
  for (const [path, methods] of Object.entries(document_.paths)) {
    for (const [method, operation] of Object.entries(methods)) showOperation(path, method, operation);
  }
  for (const [name, schema] of Object.entries(document_.components.schemas)) showSchema(name, schema);
}

load().catch(() => {
  byId("problem").textContent = "openapi.json could not be loaded; if the service asks for API keys, fetch it with one.";
  byId("problem").hidden = false;
});
