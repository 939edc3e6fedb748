// @ts-check
// facets: the facets beside the results: what is in use, and how many papers each value would leave. Rows are changed in place.
import { clone, find, inWords } from './list.js'
import { bare, years as spanOf } from './question.js'
import { years } from './years.js'

/**
 * @typedef {import('./question.js').Filter} Filter
 * @typedef {import('./filters.js').Facets} Counts
 * @typedef {{ node: HTMLElement, box: HTMLInputElement, leave: HTMLElement, name: HTMLElement, count: Text, bar: Element }} Row
 * @typedef {{ name: string, node: HTMLDetailsElement, list: HTMLElement, rows: Row[], finder: HTMLInputElement,
 *   further: HTMLElement }} Facet
 */

const FIRST = 8 // values of a facet before "more", as in site.css
const MANY = 12 // values that are worth a field to find one
const PEOPLE = 50 // authors shown at most; the field finds the others

/**
 * @param {HTMLElement} panel
 * @param {(name: string, value: string, sign: '' | '-' | null) => void} toggled
 * @param {(span: import('./years.js').Span) => void} chosen
 * @param {() => void} opened the authors are to be counted
 */
export function facets(panel, toggled, chosen, opened) {
  const all = [.../** @type {NodeListOf<HTMLDetailsElement>} */ (panel.querySelectorAll('[data-name]:has(> ul)'))].map(facet)
  const authors = all.find(({ name }) => name === 'author')
  const fixed = all.filter(facet => facet !== authors)
  const range = panel.querySelector('.year-range')
  const span = range && years(/** @type {HTMLElement} */ (range), chosen)
  /** @type {NonNullable<Counts['author']>} */
  let people = []
  /** @type {Filter[]} */
  let inUse = []

  panel.addEventListener('click', event => {
    const control = /** @type {HTMLElement} */ (event.target).closest('[data-value] :is(input, button)')
    if (!control) return
    const isBox = control instanceof HTMLInputElement
    const isGiven = isBox ? control.checked : control.ariaPressed === 'false'
    toggled(nearest(control, 'name'), nearest(control, 'value'), isGiven ? isBox ? '' : '-' : null)
  })
  for (const each of all) {
    const sifted = () => each === authors ? fillPeople() : sift(each)
    each.further.addEventListener('click', () => unfold(each))
    each.finder.addEventListener('input', sifted)
    each.finder.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || !each.finder.value) return
      event.preventDefault()
      each.finder.value = ''
      sifted()
    })
  }
  authors?.node.addEventListener('toggle', () => authors.node.open && opened())

  /** Those whose name holds what is looked for, those in use before the others. */
  function fillPeople() {
    if (!authors) return
    const wanted = plain(authors.finder.value)
    const isInUse = (/** @type {string} */ slug) => inUse.some(([name, value]) => name === 'author' && bare(value) === slug)
    const found = people.filter(({ name, slug }) => wanted ? plain(name).includes(wanted) : isInUse(slug))
    if (!wanted) found.push(...people.slice(0, PEOPLE).filter(({ slug }) => !isInUse(slug)))
    while (authors.rows.length < Math.min(found.length, PEOPLE)) {
      const node = clone('#value')
      authors.list.append(node)
      authors.rows.push(row(node))
    }
    authors.rows.forEach((row, i) => {
      row.node.hidden = i >= found.length
      if (!row.node.hidden) call(row, found[i].slug, found[i].name)
    })
    fold(authors, people.length)
    mark(authors)
    count(authors, Object.fromEntries(found.map(({ slug, count }) => [slug, count])))
  }

  /** @param {Facet} facet */
  function mark({ name, node, rows }) {
    const signs = new Map(inUse.filter(([n]) => n === name).map(([, value]) => [bare(value), value.startsWith('-') ? '-' : '']))
    let used = 0
    for (const { node, box, leave } of rows) {
      const sign = signs.get(node.dataset.value ?? '')
      box.checked = sign === ''
      leave.ariaPressed = String(sign === '-')
      node.classList.toggle('in-use', sign !== undefined)
      node.classList.toggle('left-out', sign === '-')
      used += Number(sign !== undefined)
    }
    find('summary small', node).textContent = used > 0 ? ` · ${used}` : ''
  }

  return {
    /** Shows which filters are in use. @param {Filter[]} filters */
    mark(filters) {
      inUse = filters
      all.forEach(mark)
      span?.mark(spanOf(filters.find(([name]) => name === 'year')?.[1] ?? ''))
    },

    /** The steps that show how many papers each value would leave. @param {Counts} counts */
    counting({ author, year, ...others }) {
      const show = (/** @type {Facet} */ facet) => count(facet, others[/** @type {'tag' | 'venue' | 'has'} */ (facet.name)])
      return [
        () => {
          span?.count(year)
          fixed.slice(0, 2).forEach(show)
        },
        () => {
          fixed.slice(2).forEach(show)
          people = author ?? people
          if (author) fillPeople()
        },
      ]
    },

    /** Whether the authors are to be counted. */
    people: () => authors?.node.open ?? false,

    /** Closes the facets that are not in use. */
    fold() {
      for (const { node } of all) node.open = node.querySelector('.in-use') !== null
    },

    /** What a value is called, and the signs of its facet. @param {string} name @param {string} value */
    known(name, value) {
      const facet = all.find(facet => facet.name === name && facet.rows.some(({ node }) => node.dataset.value === value))
      const row = facet?.rows.find(({ node }) => node.dataset.value === value)
      return facet && row && {
        text: row.name.textContent ?? value,
        color: [...facet.node.classList].find(name => name.startsWith('facet-')),
        glyph: facet.node.querySelector('summary use')?.getAttribute('href'),
      }
    },
  }
}

/** @param {HTMLDetailsElement} node @returns {Facet} */
function facet(node) {
  const list = find('ul', node)
  return {
    name: nearest(node, 'name'),
    node,
    list,
    rows: [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll('li'))].map(row),
    finder: /** @type {HTMLInputElement} */ (find('.find', node)),
    further: find('.further', node),
  }
}

/** @param {HTMLElement} node @returns {Row} */
const row = node => ({
  node,
  box: /** @type {HTMLInputElement} */ (find('input', node)),
  leave: find('button', node),
  name: find('bdi', node),
  count: /** @type {Text} */ (find('.count', node).lastChild),
  bar: find('rect', node),
})

/** What the element, or what is around it, is marked with. @param {Element} node @param {string} key */
const nearest = (node, key) => /** @type {HTMLElement} */ (node.closest(`[data-${key}]`)).dataset[key] ?? ''

/** @param {Row} row @param {string} value @param {string} text */
function call({ node, name, leave }, value, text) {
  node.dataset.value = value
  name.textContent = text
  leave.ariaLabel = `Leave out ${text}`
}

/** Says how many more values there are. @param {Facet} facet @param {number} whole */
function fold({ node, rows, finder, further }, whole) {
  const shown = rows.filter(({ node }) => !node.hidden).length
  const isUnfolded = node.classList.contains('unfolded')
  node.classList.toggle('sifted', finder.value !== '')
  finder.hidden = whole <= MANY
  finder.placeholder = `Find among ${inWords(whole)}`
  further.hidden = shown <= FIRST || finder.value !== ''
  further.textContent = isUnfolded ? 'Fewer' : `${inWords(shown - FIRST)} more…`
  further.ariaExpanded = String(isUnfolded)
}

/** Shows all values of a facet, or only the first of them again. @param {Facet} facet */
function unfold(facet) {
  const isUnfolded = facet.node.classList.toggle('unfolded')
  fold(facet, facet.rows.length)
  if (isUnfolded) facet.rows[FIRST].box.focus()
}

/** Shows the values whose name holds what is looked for. @param {Facet} facet */
function sift(facet) {
  const wanted = plain(facet.finder.value)
  for (const { node, name } of facet.rows) node.hidden = !plain(name.textContent ?? '').includes(wanted)
  fold(facet, facet.rows.length)
}

/** @param {Facet} facet @param {Record<string, number>} counts */
function count({ rows }, counts) {
  const numbers = rows.map(({ node }) => counts[node.dataset.value ?? ''] ?? 0)
  const most = Math.max(1, ...numbers)
  rows.forEach(({ node, count, bar }, i) => {
    bar.setAttribute('width', String(100 * numbers[i] / most))
    const number = inWords(numbers[i])
    if (count.data === number) return
    count.data = number
    node.classList.toggle('without', numbers[i] === 0)
  })
}

/** @param {string} text */
const plain = text => text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase()
