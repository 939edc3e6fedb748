// @ts-check
// worker: answers a page's questions beside it, so that typing never waits. asking.js makes it and asks one at a time.
import { open } from './answers.js'

/** @type {import('./answers.js').Answers | null} */
let answers = null

addEventListener('message', async ({ data: { baseUrl, text, options } }) => {
  try {
    answers ??= open(baseUrl)
    postMessage({ answer: await answers.answer(text, options) })
  } catch (error) {
    postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
})
