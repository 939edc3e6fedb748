// @ts-check
// list: what a search found as nodes, cloned from the page's own templates. No HTML is written here.

/** @typedef {import('./answers.js').Answer} Answer @typedef {import('./excerpt.js').Pieces} Pieces */

/** @param {string} selector @param {ParentNode} within */
export const find = (selector, within = document) => /** @type {HTMLElement} */ (within.querySelector(selector))

/** A copy of what a template holds. @param {string} selector */
export function clone(selector) {
  const template = /** @type {HTMLTemplateElement} */ (find(selector))
  return /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (template.content.firstElementChild).cloneNode(true))
}

/** A text with its matches marked; without pieces the node is hidden. @param {HTMLElement} node @param {Pieces | null} pieces */
export function write(node, pieces) {
  node.hidden = !pieces?.length
  node.replaceChildren(...(pieces ?? []).map(({ text, marked }) => marked ? strong('mark', text) : text))
}

/** @param {string} name @param {string} text */
export function strong(name, text) {
  const node = document.createElement(name)
  node.textContent = text
  return node
}

/** Title, link, byline and date of a paper. @param {HTMLElement} node @param {Answer['papers'][0]} paper @param {URL} root */
export function head(node, paper, root) {
  const link = /** @type {HTMLAnchorElement} */ (find('a', node))
  link.href = new URL(`papers/${paper.id}/`, root).href
  write(link, paper.title)
  const [byline, when] = /** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll('.byline bdi'))
  write(byline, paper.byline)
  when.textContent = paper.when
}

/** The tags and authors that a question may mean. @param {Answer} answer @param {URL} root */
export const named = ({ tags, authors }, root) => [...tags.map(tag => tagNamed(tag, root)), ...authors.map(author => authorNamed(author, root))]

/** @param {Answer['tags'][0]} tag @param {URL} root */
function tagNamed(tag, root) {
  const node = clone('#tag_row')
  const link = /** @type {HTMLAnchorElement} */ (find('a', node))
  link.href = new URL(`tags/${tag.id}/`, root).href
  link.classList.add(`facet-${tag.facet}`)
  find('use', node).setAttribute('href', `#glyph_${tag.glyph}`)
  write(find('span', node), tag.label)
  find('small', node).textContent = tag.count.toLocaleString('en')
  return node
}

/** @param {Answer['authors'][0]} author @param {URL} root */
function authorNamed(author, root) {
  const node = clone('#author_row')
  const link = /** @type {HTMLAnchorElement} */ (find('a', node))
  link.href = new URL(author.hasPage ? `authors/${author.slug}/` : `search/?author=${author.slug}`, root).href
  write(find('span', node), author.name)
  find('small', node).textContent = author.count.toLocaleString('en')
  return node
}

/** How much was found, in words and nodes. @param {Answer} answer @param {string} text @param {boolean} filtered */
export function told({ total, size, corrected }, text, filtered = false) {
  const asked = text.trim()
  if (size === 0) return ['There are no papers yet.']
  if (total === 0) return [`No paper matches${asked && ` “${asked}”`}${filtered ? ' with these filters' : ''}.`]
  if (!asked && !filtered) return [`All ${total.toLocaleString('en')} papers, newest first`]
  const found = `${total.toLocaleString('en')} of ${size.toLocaleString('en')} papers`
  return corrected === null ? [found] : [`${found}. Showing results for `, strong('strong', corrected)]
}

/** Whether the last word may still grow. @param {string} text */
export const isOpen = text => /\S$/.test(text)

/** Why there is no answer. */
export const failed = () => navigator.onLine
  ? 'The search could not be loaded. Check the connection and try again.'
  : 'You are offline, and the search is not loaded yet.'

export const LOADING = 'Loading the search …'
export const PATIENCE = 300 // milliseconds before a reader is told that something loads
