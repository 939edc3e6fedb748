// @ts-check
// asking: how a page asks. Questions are answered in a worker, where there can be one, and those that come too fast are left out.

/** @typedef {import('./answers.js').Answers['answer']} Ask */
/** @typedef {import('./answers.js').Answer} Answer */
/** @typedef {import('./answers.js').Options} Options */

/** The worker could not be loaded, or came to its end. */
class Gone extends Error {}

/**
 * Asks the site at `baseUrl`. Nothing is fetched before the first question.
 * @param {string | URL} baseUrl
 */
export function remote(baseUrl) {
  const base = new URL(String(baseUrl) || '.', document.baseURI).href
  const inTurn = turns()
  /** @type {Ask | null} */
  let ask = null

  /** @type {Ask} */
  async function answer(text, options) {
    try {
      ask ??= inWorker(base)
      return await ask(text, options)
    } catch (error) {
      if (!(error instanceof Gone)) throw error
      ask = null
    }
    ask = await inPage(base)
    return ask(text, options)
  }

  return {
    /**
     * One question is answered at a time, and of those that wait meanwhile only the newest is kept: for the others the answer is
     * null. So answers come in the order of their questions, and the newest question always gets one.
     * @param {string} text @param {Options} [options] @returns {Promise<Answer | null>}
     */
    answer: (text, options) => inTurn(() => answer(text, options)),
  }
}

/**
 * Does one thing at a time. Of those that wait only the newest is kept; the others give null.
 * @returns {<T>(act: () => Promise<T>) => Promise<T | null>}
 */
function turns() {
  let isBusy = false
  /** @type {((isNewest: boolean) => void) | null} */
  let waiting = null

  function pass() {
    const next = waiting
    waiting = null
    isBusy = next !== null
    next?.(true)
  }

  return async act => {
    waiting?.(false)
    if (isBusy && !await new Promise(resolve => { waiting = resolve })) return null
    isBusy = true
    try {
      return await act()
    } finally {
      pass()
    }
  }
}

/** @param {string} baseUrl @returns {Ask} */
function inWorker(baseUrl) {
  const worker = made()
  return (text, options) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      worker.onerror = null
      if ('answer' in data) resolve(data.answer)
      else reject(new Error(data.error))
    }
    worker.onerror = event => {
      event.preventDefault() // an old browser that knows no modules in workers is no error of ours
      worker.terminate()
      reject(new Gone())
    }
    worker.postMessage({ baseUrl, text, options })
  })
}

function made() {
  try {
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  } catch {
    throw new Gone()
  }
}

/** @param {string} baseUrl @returns {Promise<Ask>} */
async function inPage(baseUrl) {
  const { open } = await import('./answers.js')
  return open(baseUrl).answer
}
