const PAUSE = 2_000

/**
 * `<draft-form>` around a form: what is being written keeps itself on the server after a pause, at the form's address with
 * `/draft`; a new one is saved as by its own button first. Without script the button does it.
 */
class DraftForm extends HTMLElement {
  #timer: ReturnType<typeof setTimeout> | undefined
  #kept = ''

  connectedCallback() {
    const form = this.querySelector('form')
    if (!form) return
    this.#kept = wordsOf(form)
    form.addEventListener('input', () => this.#later(form))
    // Whoever leaves by the form's own buttons saves everything anyway.
    form.addEventListener('submit', () => clearTimeout(this.#timer))
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  #later(form: HTMLFormElement) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#keep(form), PAUSE)
  }

  async #keep(form: HTMLFormElement) {
    const words = wordsOf(form)
    if (words === this.#kept || form.hasAttribute('aria-busy')) return
    const version = form.querySelector<HTMLInputElement>('[name=version]')
    const answer = await fetch(version ? `${form.action}/draft` : form.action, {
      method: 'POST',
      body: new FormData(form),
    }).catch(() => null)
    // Without network, or when nothing can be said for sure, the next pause tries again.
    if (!answer || answer.status >= 500) return this.#later(form)
    // Somebody else saved: the button will show both.
    if (!answer.ok) return
    this.#kept = words
    if (!version) return beginAt(form, new URL(answer.url).pathname)
    const said = (await answer.json()) as { version: number; words: string }
    version.value = String(said.version)
    const place = form.querySelector('[data-kept]')
    if (place) place.textContent = said.words
  }
}

// The draft exists now, at an address of its own.
function beginAt(form: HTMLFormElement, path: string) {
  form.action = path
  const version = document.createElement('input')
  Object.assign(version, { type: 'hidden', name: 'version', value: '1' })
  form.prepend(version)
  history.replaceState(null, '', path)
}

const wordsOf = (form: HTMLFormElement) =>
  JSON.stringify([...new FormData(form)].filter(([name]) => name !== 'version'))

customElements.define('draft-form', DraftForm)
