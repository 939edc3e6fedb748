// @ts-check
// cards: a paper as a list of results shows it, cloned from the page's own templates.
import { clone, find, head, write } from './list.js'

/**
 * @typedef {import('./answers.js').Found} Found
 * @typedef {(name: string, value: string) => { text: string, color?: string, glyph?: string | null } | undefined} Known what a
 *   value is called, and the signs of its facet
 */

/** @param {URL} root of the site @param {Known} known @returns {(paper: Found) => HTMLElement} */
export function cards(root, known) {
  /** @type {Map<string, HTMLElement>} */
  const made = new Map()

  /** A tag as a list item; none when the page is older than the tag. @param {string} tag */
  function chip(tag) {
    const found = made.has(tag) ? null : known('tag', tag)
    if (found) made.set(tag, tagChip(tag, found))
    const node = made.get(tag)
    return node ? [/** @type {HTMLElement} */ (node.cloneNode(true))] : []
  }

  /** @param {string} tag @param {NonNullable<ReturnType<Known>>} known */
  function tagChip(tag, { text, color, glyph }) {
    const node = clone('#tag_chip')
    const link = /** @type {HTMLAnchorElement} */ (find('a', node))
    link.href = new URL(`tags/${tag}/`, root).href
    link.className += ` ${color}`
    find('use', node).setAttribute('href', glyph ?? '')
    find('span', node).textContent = text
    return node
  }

  /** @param {HTMLElement} node @param {number} index */
  function lent(node, index) {
    find('.chip', node).classList.add('suggested')
    find('small', node).hidden = index > 0
    return node
  }

  return paper => {
    const node = clone('#result')
    head(node, paper, root)
    write(find('.gist', node), paper.gist)
    write(find('.excerpt', node), paper.excerpt)
    const marks = paper.has.filter(kind => kind !== 'note')
    find('.marks', node).hidden = marks.length === 0
    find('.marks', node).append(marks.join(', '))
    find('.chips', node).replaceChildren(...paper.hand.flatMap(chip), ...paper.suggested.flatMap(chip).map(lent))
    return node
  }
}
