const USUAL = 2_000
const SLOWEST = 30_000

/**
 * `<live-progress src="…">`: brings the newer state of a long job while somebody watches, and loads the page anew
 * when the job has ended. Without script the page still says how far it was, with a link to look again.
 */
class LiveProgress extends HTMLElement {
  #timer: ReturnType<typeof setTimeout> | undefined
  #wait = USUAL

  connectedCallback() {
    if (!this.hasAttribute('done')) this.#later()
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  #later() {
    this.#timer = setTimeout(() => (document.hidden ? this.#later() : this.#look()), this.#wait)
  }

  async #look() {
    const next = await fetched(this.getAttribute('src')!).catch(() => null)
    if (next === null) {
      this.#wait = Math.min(this.#wait * 2, SLOWEST)
      return this.#later()
    }
    // Ended, or no longer ours to see: the whole page knows more.
    if (next === undefined || next.hasAttribute('done')) return location.reload()
    this.#wait = USUAL
    for (const element of next.querySelectorAll('noscript')) element.remove()
    this.replaceChildren(...next.childNodes)
    this.#later()
  }
}

/** The same element in a fresh page; undefined when that page has none. Icons new to this page come along. */
async function fetched(src: string): Promise<Element | undefined> {
  const response = await fetch(src, { headers: { accept: 'text/html' } })
  if (response.status >= 500) throw new Error(`${src}: ${response.status}`)
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const icons = [...page.querySelectorAll('symbol')].filter((symbol) => !document.getElementById(symbol.id))
  document.querySelector('svg[hidden]')?.append(...icons)
  return page.querySelector('live-progress') ?? undefined
}

customElements.define('live-progress', LiveProgress)
