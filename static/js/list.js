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

/**
 * Replaces what a list shows; the focus stays on the same link, or goes to the box.
 * @param {HTMLElement} list @param {Node[]} nodes @param {HTMLElement} box
 */
export function replace(list, nodes, box) {
  const held = list.contains(document.activeElement) ? /** @type {HTMLAnchorElement} */ (document.activeElement).href : null
  list.replaceChildren(...nodes)
  if (held !== null) ([...list.querySelectorAll('a')].find(link => link.href === held) ?? box).focus()
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

/** The tags, the chapter and the authors that a question may mean. @param {Answer} answer @param {URL} root */
export const named = ({ tags, pages, authors }, root) => [
  ...tags.map(tag => tagNamed(tag, root)),
  ...pages.map(page => pageNamed(page, root)),
  ...authors.map(author => authorNamed(author, root)),
]

/** @param {Answer['tags'][0]} tag @param {URL} root */
function tagNamed(tag, root) {
  const node = clone('#tag_row')
  const link = /** @type {HTMLAnchorElement} */ (find('a', node))
  link.href = new URL(`tags/${tag.id}/`, root).href
  link.classList.add(`facet-${tag.facet}`)
  find('use', node).setAttribute('href', `#glyph_${tag.glyph}`)
  write(find('span', node), tag.by ? [...tag.label, { text: ' (', marked: false }, ...tag.by, { text: ')', marked: false }] : tag.label)
  find('small', node).textContent = inWords(tag.count)
  return node
}

/** @param {Answer['pages'][0]} page @param {URL} root */
function pageNamed({ address, number, title }, root) {
  const node = clone('#page_row')
  const link = /** @type {HTMLAnchorElement} */ (find('a', node))
  link.href = new URL(address, root).href
  write(find('span', node), title)
  find('small', node).textContent = number ? `chapter ${number}` : 'page'
  return node
}

/** @param {Answer['authors'][0]} author @param {URL} root */
function authorNamed(author, root) {
  const node = clone('#author_row')
  const link = /** @type {HTMLAnchorElement} */ (find('a', node))
  link.href = new URL(author.hasPage ? `authors/${author.slug}/` : `search/?author=${author.slug}`, root).href
  write(find('span', node), author.name)
  find('small', node).textContent = inWords(author.count)
  return node
}

/**
 * How much was found, in words and nodes.
 * @param {Answer} answer @param {string} text @param {boolean} filtered @param {string} order in which all come
 */
export function told({ total, whole, size, corrected }, text, filtered = false, order = 'newest') {
  const asked = text.trim()
  if (size === 0) return ['There are no papers yet.']
  if (total === 0) return [`No paper matches${asked && ` “${asked}”`}${filtered ? ' with these filters' : ''}.`]
  if (total === size && whole === size && corrected === null) return [`All ${inWords(size)} papers, ${ORDERS[order] ?? ORDERS.newest}`]
  const found = whole === total ? `${inWords(total)} of ${inWords(size)} papers` : partly(whole, total, size)
  return corrected === null ? [found] : [`${found}. Showing results for `, strong('strong', corrected)]
}

/** @param {number} whole have every word @param {number} total have any @param {number} size */
function partly(whole, total, size) {
  if (whole === 0) return `${inWords(total)} of ${inWords(size)} papers, each in part`
  return `${inWords(whole)} of ${inWords(size)} papers, ${inWords(total - whole)} more in part`
}

const format = new Intl.NumberFormat('en')

/** @param {number} number */
export const inWords = number => format.format(number)

/** @type {Record<string, string>} */
const ORDERS = { newest: 'newest first', added: 'recently added first', title: 'by title' }

/** Whether the last word may still grow. @param {string} text */
export const isOpen = text => /\S$/.test(text)

/** Why there is no answer. */
export const failed = () => navigator.onLine
  ? 'The search could not be loaded. Check the connection and try again.'
  : 'You are offline, and the search is not loaded yet.'

/**
 * Shows words at once, and says them to a screen reader when nothing has changed for a while: not at every key, and not where
 * `also` is null.
 * @param {HTMLElement} shown @param {HTMLElement} said
 */
export function teller(shown, said) {
  let waiting = 0
  return (/** @type {(string | Node)[]} */ words, /** @type {string | null} */ also = '') => {
    shown.replaceChildren(...words)
    clearTimeout(waiting)
    if (also === null) return
    waiting = setTimeout(() => { said.textContent = [shown.textContent, also].filter(Boolean).join('; ') }, QUIET)
  }
}

/** What a screen reader is told of the suggestions. @param {Answer} answer */
export const suggested = ({ tags, pages, authors }) =>
  [...tags.map(({ label }) => label), ...pages.map(({ title }) => title), ...authors.map(({ name }) => name)]
    .map(pieces => pieces.map(({ text }) => text).join('')).join(', ')

const QUIET = 400 // milliseconds
export const LOADING = 'Loading the search …'
const PATIENCE = 300 // milliseconds before a reader is told that something loads

/** What is asked; `wait` is called when it takes long. @template T @param {Promise<T>} asked @param {() => void} wait @returns {Promise<T>} */
export async function patiently(asked, wait) {
  const slow = setTimeout(wait, PATIENCE)
  try {
    return await asked
  } finally {
    clearTimeout(slow)
  }
}
