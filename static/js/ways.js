// @ts-check
// ways: links to other questions, and the filters in use, each with the way to the same question without it.
import { clone, find } from './list.js'
import { bare, read, without, written } from './question.js'

/** @typedef {import('./question.js').Question} Question */
/** @typedef {import('./cards.js').Known} Known */

/** @param {Question} question */
export function addressOf(question) {
  const address = written(question)
  return address === '?' ? location.pathname : address
}

/** Copies the address of this view, or shows it where that is not allowed. @param {HTMLElement} button what was pressed for it */
export async function copyAddress(button) {
  const field = /** @type {HTMLInputElement} */ (find('#link_text'))
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false)
  field.hidden = copied
  field.value = location.href
  if (copied) button.textContent = 'Copied'
  else field.select()
  return copied
}

/** A link to another question. @param {string} template @param {string} text @param {Question} to */
export function way(template, text, to) {
  const node = clone(template)
  find('span', node).textContent = text
  const link = /** @type {HTMLAnchorElement} */ (find('a', node))
  link.href = addressOf(to)
  return node
}

/** What follows a link to another question in place of the page. @param {HTMLElement} list @param {(to: Question) => void} go */
export function follow(list, go) {
  list.addEventListener('click', event => {
    const link = /** @type {HTMLElement} */ (event.target).closest('a')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(read(link.search))
  })
}

/** @param {Known} known @param {Record<string, string>} authors names by slug, as far as they are known */
export function filtering(known, authors) {
  /** A filter as people say it, and may ask for it in words. @param {string} name @param {string} value */
  function inWordsOf(name, value) {
    const id = name === 'year' ? value : bare(value)
    const text = name === 'year' ? value.replace('-', '–') : known(name, id)?.text ?? authors[id] ?? id
    return `${id === value ? '' : 'not '}${name === 'tag' ? '' : `${name}: `}${text}`
  }

  /** @param {Question} question @param {import('./question.js').Filter} filter */
  function filterChip(question, [name, value]) {
    const node = way('#filter', inWordsOf(name, value), { ...question, filters: without(question.filters, name, value) })
    const found = known(name, bare(value))
    if (found?.color) find('a', node).classList.add(found.color)
    if (found?.glyph) find('use', node).setAttribute('href', found.glyph)
    else find('.glyph', node).remove()
    if (name !== 'tag') find('b', node).remove() // it has the sign of its facet
    return node
  }

  return {
    inWordsOf,

    /** Shows the filters in use; the focus stays in its place. @param {HTMLElement} chips @param {Question} question @param {HTMLElement} box */
    show(chips, question, box) {
      const { filters } = question
      const at = [...chips.children].findIndex(item => item.contains(document.activeElement))
      const clear = filters.length > 0 ? [way('#way', 'Clear all', { ...question, filters: [] })] : []
      chips.replaceChildren(...filters.map(filter => filterChip(question, filter)), ...clear)
      if (at >= 0) (chips.children[Math.min(at, filters.length - 1)]?.querySelector('a') ?? box).focus()
    },
  }
}
