/**
 * Elements, made and written without any HTML text: pages that trust none (Trusted Types) take it.
 * @module
 */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * A drawing of one path, 16 units a side, that no screen reader reads.
 *
 * @param {Record<string, string>} attributes
 * @param {string} [shape]
 */
export function draw(attributes, shape = "") {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", shape);
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const all = { ...attributes, viewBox: "0 0 16 16", "aria-hidden": "true" };
  for (const [name, value] of Object.entries(all)) icon.setAttribute(name, value);
  icon.append(path);
  return icon;
}

/**
 * Writes a text where another stands: one written twice is read out twice.
 *
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
