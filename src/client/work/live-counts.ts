/**
 * `<live-counts src="…">`: keeps the badges of the page (`data-count`) as they would stand in a fresh one. It listens
 * only while the page is looked at: a browser has six connections to a site, and some people have twenty tabs.
 * Without script the badges stay as they were loaded.
 */
class LiveCounts extends HTMLElement {
  #source: EventSource | undefined

  connectedCallback() {
    document.addEventListener('visibilitychange', this.#follow)
    this.#follow()
  }

  disconnectedCallback() {
    document.removeEventListener('visibilitychange', this.#follow)
    this.#source?.close()
  }

  // The stream begins with the counts of the moment, so nothing is missed in between.
  #follow = () => {
    this.#source?.close()
    if (document.hidden) return
    this.#source = new EventSource(this.getAttribute('src')!)
    this.#source.onmessage = ({ data }) => show(JSON.parse(data))
  }
}

function show(counts: Record<string, string>) {
  for (const badge of document.querySelectorAll<HTMLElement>('[data-count]')) {
    const text = counts[badge.dataset.count!]
    if (text === undefined || text === badge.textContent) continue
    badge.textContent = text
    badge.hidden = text === ''
  }
}

customElements.define('live-counts', LiveCounts)
