// @ts-check
// store: the files of the search, each fetched when it is first needed and then kept. generator/index.py writes them.

/**
 * @typedef {[name: string, boost: number, average: number]} FieldRow `average`: its length, in words
 *
 * @typedef {object} Head what is known before anything is asked
 * @property {number} version
 * @property {string} edition
 * @property {number} size papers; each is known by its ordinal, from 0
 * @property {number} chunk papers in a file of cards or texts
 * @property {number} k1
 * @property {number} b
 * @property {FieldRow[]} text fields that lunr sums
 * @property {FieldRow[]} names ... and those that it sums apart from them
 * @property {Record<string, number>} ranking
 * @property {Record<string, string[]>} shards the first key of each file of a table
 *
 * @typedef {{ papers: number[], times: number[], lengths: number[] }} FieldPostings
 *
 * @typedef {object} Entry the postings of a term
 * @property {FieldPostings[]} fields
 * @property {string[]} words that titles have for it
 * @property {number[][]} titled of each title, places among these words
 *
 * @typedef {[id: string, title: string, byline: string, when: string, gist: string, hand: string[], suggested: string[],
 *   has: string[]]} Card
 */

const VERSION = 2
const STALLED = 60_000 // milliseconds after which a file that does not come is given up
const PACKED = typeof DecompressionStream === 'undefined' ? '' : '.gz'
const utf8 = new TextDecoder()

/** @typedef {ReturnType<typeof open>} Store */

/** The files of the site at `baseUrl`. @param {string} baseUrl */
export function open(baseUrl) {
  const folder = `${baseUrl === '' || baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`}search/`
  /** @type {Map<string, Promise<any>>} */
  const files = new Map()
  /** @type {Set<string>} */
  const there = new Set()

  /** What failed is asked for again the next time. @template T @param {string} name @param {() => Promise<T>} read @returns {Promise<T>} */
  function kept(name, read) {
    const known = files.get(name)
    if (known) return known
    const file = read()
    files.set(name, file)
    file.then(() => there.add(name), () => files.delete(name))
    return file
  }

  /** @returns {Promise<Head>} */
  const head = () => kept('index.json', async () => {
    const found = parsed(await bytes(`${folder}index.json${PACKED}`, 'no-cache'))
    if (found.version !== VERSION) throw new Error('The site has changed: load the page again.')
    return found
  })

  /** @template T @param {string} name @param {(data: Uint8Array) => T} read @returns {Promise<T>} */
  const file = (name, read) => kept(name, async () => {
    const { edition } = await head()
    return read(await bytes(`${folder}${name}${PACKED}?${edition}`, 'default'))
  })

  /** @param {string} name @returns {Promise<any>} */
  const json = name => file(name, parsed)

  /** A chunk's row of a paper. @param {string} kind @param {number} ordinal */
  const inChunk = async (kind, ordinal) => {
    const { chunk } = await head()
    return (await json(`${kind}/${Math.floor(ordinal / chunk)}.json`))[ordinal % chunk]
  }

  return {
    head,
    json,
    /** @param {string} term @returns {Promise<Entry | null>} */
    async entry(term) {
      const { shards: { terms } } = await head()
      const shard = await file(`terms/${fileName(terms[place(terms, term)])}.bin`, rows)
      const found = shard.get(term)
      if (found instanceof Uint8Array) shard.set(term, decoded(found, await head()))
      return /** @type {Entry} */ (shard.get(term)) ?? null
    },
    /** The lines of a table that begin so. @param {string} table @param {string} beginning @returns {Promise<string[]>} */
    async lines(table, beginning) {
      const { shards: { [table]: firsts } } = await head()
      const start = place(firsts, beginning)
      let end = start + 1
      while (end < firsts.length && firsts[end].startsWith(beginning)) end++
      const shards = firsts.slice(start, end).map(first => file(`${table}/${fileName(first)}.txt`, data => utf8.decode(data).split('\n').filter(Boolean)))
      return (await Promise.all(shards)).flat().filter(line => line.startsWith(beginning))
    },
    /** @param {number} ordinal @returns {Promise<Card>} */
    card: ordinal => inChunk('cards', ordinal),
    /** What excerpts are taken from. @param {number} ordinal @returns {Promise<string[]>} */
    texts: ordinal => inChunk('texts', ordinal),
    /** Whether a file has come. @param {string} name */
    isThere: name => there.has(name),
    /** By value, the papers that have it. @param {string} name @returns {Promise<Map<string, number[]>>} */
    column: name => file(`columns/${name}.json`, data =>
      new Map(Object.entries(parsed(data)).map(([value, gaps]) => [value, unfolded(gaps)]))),
    /** The nearest papers of each. @returns {Promise<number[][]>} */
    similar: () => file('similar.bin', neighbors),
  }
}

/** @param {string} url @param {RequestCache} cache */
async function bytes(url, cache) {
  const response = await fetch(url, { cache, signal: AbortSignal.timeout(STALLED) })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`)
  const data = new Uint8Array(await response.arrayBuffer())
  const isPacked = PACKED && data[0] === 0x1f && data[1] === 0x8b // some hosts unpack it on the way
  if (!isPacked) return data
  const plain = new Blob([data]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(plain).arrayBuffer())
}

/** Of the first keys of shards, the place of that which a key would be in. @param {string[]} firsts @param {string} key */
function place(firsts, key) {
  let [from, to] = [0, firsts.length]
  while (to - from > 1) {
    const middle = (from + to) >> 1
    if (firsts[middle] <= key) from = middle
    else to = middle
  }
  return from
}

/** @param {Uint8Array} data */
const parsed = data => JSON.parse(utf8.decode(data))

/** Ordinals in order from the gaps between them. @param {number[]} gaps */
export function unfolded(gaps) {
  let last = -1
  return gaps.map(gap => last += gap + 1)
}

/** shards.py has the same. @param {string} first */
function fileName(first) {
  if (/^[a-z0-9]*$/.test(first)) return `${first}-`
  return `-${first.split('').map(unit => unit.charCodeAt(0).toString(16).padStart(4, '0')).join('')}`
}

/** Reads what shards.py writes. @param {Uint8Array} data */
function reader(data, at = 0) {
  const self = {
    number() {
      let [value, shift] = [0, 0]
      for (;;) {
        const byte = data[at++]
        value |= (byte & 127) << shift
        if (byte < 128) return value
        shift += 7
      }
    },
    length() {
      const words = data[at++]
      return words < 255 ? words : words + self.number()
    },
    /** @param {number} size */
    bytes: size => data.subarray(at, at += size),
    /** @param {number} size */
    text: size => utf8.decode(self.bytes(size)),
    /** @template T @param {number} count @param {() => T} one */
    list: (count, one) => Array.from({ length: count }, one),
    isAtEnd: () => at >= data.length,
  }
  return self
}

/** The postings of each term of a shard, not decoded yet. @param {Uint8Array} data */
function rows(data) {
  const read = reader(data)
  /** @type {Map<string, Uint8Array | Entry>} */
  const found = new Map()
  for (let term = ''; !read.isAtEnd();) {
    term = term.slice(0, read.number()) + read.text(read.number())
    found.set(term, read.bytes(read.number()))
  }
  return found
}

/** @param {Uint8Array} row @param {Head} head @returns {Entry} */
function decoded(row, { text, names }) {
  const read = reader(row)
  const counts = [...text, ...names].map(read.number)
  const fields = counts.map(count => {
    let last = -1
    /** @type {number[]} */
    const times = []
    const papers = read.list(count, () => {
      const gap = read.number()
      times.push(gap & 1 ? read.number() : 1)
      return last += (gap >> 1) + 1
    })
    return { papers, times, lengths: read.list(count, read.length) }
  })
  if (counts[0] === 0) return { fields, words: [], titled: [] }
  const words = read.list(read.number(), () => read.text(read.number()))
  const titled = read.list(counts[0], () => {
    if (words.length === 1) return [0]
    const places = []
    for (;;) {
      const place = read.number()
      places.push(place >> 1)
      if (!(place & 1)) return places
    }
  })
  return { fields, words, titled }
}

/** @param {Uint8Array} data */
function neighbors(data) {
  const read = reader(data)
  const found = []
  while (!read.isAtEnd()) found.push(unfolded(read.list(read.number(), read.number)))
  return found
}
